#include "store/sqlite_segment_store.h"

namespace clarion {
namespace {

constexpr std::string_view segment_columns =
    "SELECT id, name, filter, sql, last_count, created_at, last_used_at FROM segment ";

Segment read_segment(const SqliteStatement& row) {
  return Segment{.id = std::string(row.text(0)),
                 .name = std::string(row.text(1)),
                 .filter = std::string(row.text(2)),
                 .sql = std::string(row.text(3)),
                 .last_count = row.integer(4),
                 .created_at = row.time(5),
                 .last_used_at = row.time(6)};
}

}  // namespace

Task<Result<void>> SqliteSegmentStore::save(Segment segment) {
  return database_.write([segment = std::move(segment)](SqliteConnection& connection) -> Result<void> {
    connection
        .prepare(
            "INSERT INTO segment (id, name, filter, sql, last_count, created_at, last_used_at) "
            "VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET last_count = excluded.last_count, "
            "last_used_at = excluded.last_used_at")
        .bind(segment.id, segment.name, segment.filter, segment.sql, segment.last_count, segment.created_at,
              segment.last_used_at)
        .run();
    return {};
  });
}

Task<Result<Segment>> SqliteSegmentStore::find(std::string id) {
  return database_.read([id = std::move(id)](SqliteConnection& connection) -> Result<Segment> {
    auto row = connection.prepare(std::string(segment_columns) + "WHERE id = ?");
    if (!row.bind(id).step()) return fail(ErrorKind::NotFound, "there is no segment '" + id + "'");
    return read_segment(row);
  });
}

Task<Result<std::vector<Segment>>> SqliteSegmentStore::list() {
  return database_.read([](SqliteConnection& connection) -> Result<std::vector<Segment>> {
    std::vector<Segment> segments;
    auto rows = connection.prepare(std::string(segment_columns) + "ORDER BY last_used_at DESC, id");
    while (rows.step()) segments.push_back(read_segment(rows));
    return segments;
  });
}

}  // namespace clarion
