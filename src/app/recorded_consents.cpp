#include "app/recorded_consents.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>

#include <memory>
#include <utility>
#include <vector>

#include "store/sqlite_consent_log.h"
#include "store/sqlite_database.h"

namespace clarion {
namespace {

// Not held for writing while the entries go in: a server may be started meanwhile.
Result<std::unique_ptr<SqliteDatabase>> open_beside(const std::filesystem::path& data_dir) {
  if (const auto made = SqliteDatabase::open(data_dir, OpenMode::ReadWrite);
      !made && made.error().kind != ErrorKind::Conflict) {
    return std::unexpected(made.error());
  }
  return SqliteDatabase::open(data_dir, OpenMode::Beside);
}

}  // namespace

Result<void> record_consents(const std::filesystem::path& data_dir, ChangedConsents& changed, WallTime now) {
  if (changed.is_empty()) return {};
  const auto database = open_beside(data_dir);
  if (!database) return std::unexpected(database.error());
  SqliteConsentLog log(**database);
  asio::io_context context{1};
  return changed.visit(now, [&](std::vector<ConsentEntry> entries) {
    auto appended = asio::co_spawn(context, log.append(std::move(entries)), asio::use_future);
    context.restart();
    context.run();
    return appended.get();
  });
}

}  // namespace clarion
