#pragma once
// DynamoService: a DynamoDB emulator (dynalite, in Node) in a process of its own, and a client of it on a thread of its
// own. One for each test program that asks for it, which is when CLARION_TEST_DYNAMO is set.

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>

#include <atomic>
#include <thread>

#include "contract/store_set.h"
#include "fakes/fixed_credentials.h"
#include "net/http_client.h"
#include "store/dynamo_database.h"
#include "support/node_server.h"

namespace clarion::testing {

// Time that moves only when a test says so; nobody sleeps on it. Threads: any.
class SteppedClock final : public Clock {
 public:
  [[nodiscard]] TimePoint now() const override { return TimePoint(std::chrono::hours(1)) + passed_.load(); }
  [[nodiscard]] WallTime wall_now() const override {
    return WallTime{std::chrono::milliseconds{1'800'000'000'000}} +
           std::chrono::floor<std::chrono::milliseconds>(passed_.load());
  }
  Task<void> sleep_until(TimePoint /*deadline*/) override { co_return; }
  void advance(Duration span) { passed_ = passed_.load() + span; }

 private:
  std::atomic<Duration> passed_{Duration::zero()};
};

class DynamoService {
 public:
  [[nodiscard]] static bool is_wanted();
  static DynamoService& shared();
  ~DynamoService();

  [[nodiscard]] asio::any_io_executor executor() { return context_.get_executor(); }
  DynamoClient& client() { return client_; }
  // Tables that nobody else uses.
  DynamoTableNames make_tables();
  std::unique_ptr<DynamoDatabase> open(DynamoTableNames tables, Clock& clock);

 private:
  DynamoService();

  DynamoDbEmulator emulator_;
  asio::io_context context_{1};
  asio::executor_work_guard<asio::io_context::executor_type> work_ = asio::make_work_guard(context_);
  SystemClock clock_;
  HttpClient transport_;
  FixedCredentials credentials_;
  AwsCaller caller_;
  DynamoClient client_;
  int tables_made_ = 0;
  std::jthread thread_;
};

}  // namespace clarion::testing
