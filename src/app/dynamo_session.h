#pragma once
// DynamoSession: DynamoDB for one command: a loop of its own, one call at a time.

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>

#include <future>
#include <memory>

#include "app/dynamo_context.h"

namespace clarion {

class DynamoSession {
 public:
  // Invalid: configuration that cannot be used. Nothing is contacted.
  static Result<std::unique_ptr<DynamoSession>> open(const Settings& settings);
  ~DynamoSession();
  DynamoSession(const DynamoSession&) = delete;
  DynamoSession& operator=(const DynamoSession&) = delete;

  [[nodiscard]] DynamoDatabase& database() { return dynamo_->database(); }
  // Waits for the answer.
  template <class T>
  T run(Task<T> task) {
    auto done = asio::co_spawn(context_, std::move(task), asio::use_future);
    context_.restart();
    while (done.wait_for(std::chrono::seconds(0)) != std::future_status::ready) context_.run_one();
    return done.get();
  }

 private:
  DynamoSession() = default;

  SystemClock clock_;
  asio::io_context context_{1};
  std::unique_ptr<AwsContext> aws_;
  std::unique_ptr<DynamoContext> dynamo_;
};

}  // namespace clarion
