#include "store/sqlite_suppression_store.h"

namespace clarion {

Task<Result<void>> SqliteSuppressionStore::add(std::vector<Suppression> suppressions) {
  return database_.write([suppressions = std::move(suppressions)](SqliteConnection& connection) -> Result<void> {
    auto insert = connection.prepare(
        "INSERT OR IGNORE INTO suppression (channel, address, reason, source, at) VALUES (?, ?, ?, ?, ?)");
    for (const Suppression& one : suppressions) {
      insert.bind(one.channel, one.address, one.reason, one.source, one.at).run();
    }
    return {};
  });
}

Task<Result<bool>> SqliteSuppressionStore::remove(Channel channel, std::string address) {
  return database_.write([channel, address = std::move(address)](SqliteConnection& connection) -> Result<bool> {
    connection.prepare("DELETE FROM suppression WHERE channel = ? AND address = ?").bind(channel, address).run();
    return connection.changes() > 0;
  });
}

Task<Result<std::vector<Suppression>>> SqliteSuppressionStore::list() {
  return database_.read([](SqliteConnection& connection) -> Result<std::vector<Suppression>> {
    std::vector<Suppression> all;
    auto rows =
        connection.prepare("SELECT channel, address, reason, source, at FROM suppression ORDER BY channel, address");
    while (rows.step()) {
      all.push_back(Suppression{.channel = static_cast<Channel>(rows.integer(0)),
                                .address = std::string(rows.text(1)),
                                .reason = std::string(rows.text(2)),
                                .source = std::string(rows.text(3)),
                                .at = rows.time(4)});
    }
    return all;
  });
}

}  // namespace clarion
