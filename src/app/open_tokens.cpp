#include "app/open_tokens.h"

namespace clarion {
namespace {

Result<void> check_store(const Settings& settings) {
  if (settings.store == StoreKind::Sqlite) return {};
  return fail(ErrorKind::Invalid, "this version keeps tokens in SQLite only; set CLARION_STORE=sqlite");
}

}  // namespace

Result<std::unique_ptr<OpenTokens>> OpenTokens::open(const Settings& settings) {
  if (auto able = check_store(settings); !able) return std::unexpected(able.error());
  auto database = SqliteDatabase::open(settings.data_dir, OpenMode::ReadWrite);
  if (!database && database.error().kind == ErrorKind::Conflict) {
    database = SqliteDatabase::open(settings.data_dir, OpenMode::Beside);
  }
  if (!database) return std::unexpected(database.error());
  return std::unique_ptr<OpenTokens>(new OpenTokens(std::move(*database)));
}

Result<std::unique_ptr<OpenTokens>> OpenTokens::open_to_read(const Settings& settings) {
  if (auto able = check_store(settings); !able) return std::unexpected(able.error());
  auto database = SqliteDatabase::open(settings.data_dir, OpenMode::ReadOnly);
  if (!database) return std::unexpected(database.error());
  return std::unique_ptr<OpenTokens>(new OpenTokens(std::move(*database)));
}

}  // namespace clarion
