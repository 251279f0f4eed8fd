#pragma once
// OpenTokens: the token store as commands use it, whether or not a server runs.

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>

#include <memory>

#include "app/settings.h"
#include "base/result.h"
#include "store/sqlite_token_store.h"

namespace clarion {

class OpenTokens {
 public:
  // Makes the data directory when it is not there; writes beside the process that has it otherwise, which sees what
  // changes within the time that a verifier trusts (access/token_verifier.h).
  static Result<std::unique_ptr<OpenTokens>> open(const Settings& settings);
  // NotFound where there is no database yet.
  static Result<std::unique_ptr<OpenTokens>> open_to_read(const Settings& settings);

  // Waits for the answer.
  Result<void> create(StoredToken token) { return run(store_.create(std::move(token))); }
  Result<std::vector<StoredToken>> list() { return run(store_.list()); }
  Result<bool> revoke(std::string name) { return run(store_.revoke(std::move(name))); }

 private:
  explicit OpenTokens(std::unique_ptr<SqliteDatabase> database) : database_(std::move(database)) {}

  template <class T>
  T run(Task<T> task) {
    auto answer = asio::co_spawn(context_, std::move(task), asio::use_future);
    context_.restart();
    context_.run();
    return answer.get();
  }

  asio::io_context context_{1};
  std::unique_ptr<SqliteDatabase> database_;
  SqliteTokenStore store_{*database_};
};

}  // namespace clarion
