#include "store/sqlite_suppression_store.h"

#include <set>
#include <string>
#include <utility>

#include "base/text.h"

namespace clarion {
namespace {

void read_rows(SqliteStatement& rows, std::vector<Suppression>& into) {
  while (rows.step()) {
    into.push_back(Suppression{.channel = static_cast<Channel>(rows.integer(0)),
                               .address = std::string(rows.text(1)),
                               .reason = std::string(rows.text(2)),
                               .source = std::string(rows.text(3)),
                               .at = rows.time(4)});
  }
  rows.reset();
}

}  // namespace

Task<Result<void>> SqliteSuppressionStore::add(std::vector<Suppression> suppressions) {
  return database_.write([suppressions = std::move(suppressions)](SqliteConnection& connection) -> Result<void> {
    auto insert = connection.prepare(
        "INSERT INTO suppression (channel, address, reason, source, at) SELECT ?1, ?2, ?3, ?4, ?5 WHERE NOT EXISTS "
        "(SELECT 1 FROM suppression WHERE address = ?2 COLLATE NOCASE AND channel = ?1)");
    for (const Suppression& one : suppressions) {
      insert.bind(one.channel, one.address, one.reason, one.source, one.at).run();
    }
    return {};
  });
}

Task<Result<bool>> SqliteSuppressionStore::remove(Release release) {
  return database_.write([release = std::move(release)](SqliteConnection& connection) -> Result<bool> {
    connection.prepare("DELETE FROM suppression WHERE channel = ? AND address = ? COLLATE NOCASE")
        .bind(release.channel, release.address)
        .run();
    return connection.changes() > 0;
  });
}

Task<Result<std::vector<Suppression>>> SqliteSuppressionStore::find(Channel channel,
                                                                    std::vector<std::string> addresses) {
  std::set<std::string> wanted;
  for (const std::string& address : addresses) wanted.insert(lower_case(address));
  return database_.read(
      [channel, wanted = std::move(wanted)](SqliteConnection& connection) -> Result<std::vector<Suppression>> {
        std::vector<Suppression> found;
        auto rows = connection.prepare(
            "SELECT channel, address, reason, source, at FROM suppression WHERE address = ? COLLATE NOCASE AND channel "
            "= ?");
        for (const std::string& address : wanted) read_rows(rows.bind(address, channel), found);
        return found;
      });
}

Task<Result<std::vector<Suppression>>> SqliteSuppressionStore::list() {
  return database_.read([](SqliteConnection& connection) -> Result<std::vector<Suppression>> {
    std::vector<Suppression> all;
    auto rows =
        connection.prepare("SELECT channel, address, reason, source, at FROM suppression ORDER BY channel, address");
    read_rows(rows, all);
    return all;
  });
}

}  // namespace clarion
