#include "app/open_tokens.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>

#include "app/dynamo_session.h"
#include "store/dynamo_token_store.h"
#include "store/sqlite_token_store.h"

namespace clarion {
namespace {

class SqliteTokens final : public OpenTokens {
 public:
  explicit SqliteTokens(std::unique_ptr<SqliteDatabase> database) : database_(std::move(database)) {}

  Result<void> create(StoredToken token) override { return run(store_.create(std::move(token))); }
  Result<std::vector<StoredToken>> list() override { return run(store_.list()); }
  Result<bool> revoke(std::string name) override { return run(store_.revoke(std::move(name))); }

 private:
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

class DynamoTokens final : public OpenTokens {
 public:
  explicit DynamoTokens(std::unique_ptr<DynamoSession> session) : session_(std::move(session)) {}

  Result<void> create(StoredToken token) override { return session_->run(store_.create(std::move(token))); }
  Result<std::vector<StoredToken>> list() override { return session_->run(store_.list()); }
  Result<bool> revoke(std::string name) override { return session_->run(store_.revoke(std::move(name))); }

 private:
  std::unique_ptr<DynamoSession> session_;
  DynamoTokenStore store_{session_->database()};
};

Result<std::unique_ptr<OpenTokens>> open_table(const Settings& settings) {
  auto session = DynamoSession::open(settings);
  if (!session) return std::unexpected(session.error());
  return std::make_unique<DynamoTokens>(std::move(*session));
}

}  // namespace

Result<std::unique_ptr<OpenTokens>> OpenTokens::open(const Settings& settings) {
  if (settings.store == StoreKind::DynamoDb) return open_table(settings);
  auto database = SqliteDatabase::open(settings.data_dir, OpenMode::ReadWrite);
  if (!database && database.error().kind == ErrorKind::Conflict) {
    database = SqliteDatabase::open(settings.data_dir, OpenMode::Beside);
  }
  if (!database) return std::unexpected(database.error());
  return std::make_unique<SqliteTokens>(std::move(*database));
}

Result<std::unique_ptr<OpenTokens>> OpenTokens::open_to_read(const Settings& settings) {
  if (settings.store == StoreKind::DynamoDb) return open_table(settings);
  auto database = SqliteDatabase::open(settings.data_dir, OpenMode::ReadOnly);
  if (!database) return std::unexpected(database.error());
  return std::make_unique<SqliteTokens>(std::move(*database));
}

}  // namespace clarion
