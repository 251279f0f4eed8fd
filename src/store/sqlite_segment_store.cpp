#include "store/sqlite_segment_store.h"

namespace clarion {
namespace {

constexpr std::string_view segment_columns =
    "SELECT id, name, filter, sql, last_count, created_at, last_used_at, is_named FROM segment ";

Segment read_segment(const SqliteStatement& row) {
  return Segment{.id = std::string(row.text(0)),
                 .name = std::string(row.text(1)),
                 .is_named = row.integer(7) == 1,
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
            "INSERT INTO segment (id, name, filter, sql, last_count, created_at, last_used_at, is_named) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET last_count = excluded.last_count, "
            "last_used_at = excluded.last_used_at, is_named = max(is_named, excluded.is_named), "
            "name = CASE WHEN excluded.is_named THEN excluded.name ELSE name END")
        .bind(segment.id, segment.name, segment.filter, segment.sql, segment.last_count, segment.created_at,
              segment.last_used_at, segment.is_named)
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

Task<Result<SegmentList>> SqliteSegmentStore::list(std::size_t limit) {
  return database_.read([limit](SqliteConnection& connection) -> Result<SegmentList> {
    SegmentList list;
    auto count = connection.prepare("SELECT count(*) FROM segment");
    if (count.step()) list.total = count.integer(0);
    auto rows =
        connection.prepare(std::string(segment_columns) + "ORDER BY is_named DESC, last_used_at DESC, id LIMIT ?");
    rows.bind(limit);
    while (rows.step()) list.segments.push_back(read_segment(rows));
    return list;
  });
}

}  // namespace clarion
