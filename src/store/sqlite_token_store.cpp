#include "store/sqlite_token_store.h"

namespace clarion {
namespace {

constexpr std::string_view token_columns = "SELECT id, name, scopes, secret_hash, created_at FROM token ";

Result<StoredToken> read_token(const SqliteStatement& row) {
  const auto scopes = parse_scopes(row.text(2));
  if (!scopes) return fail(ErrorKind::Internal, "a token in the database has scopes that this program does not know");
  return StoredToken{.id = std::string(row.text(0)),
                     .name = std::string(row.text(1)),
                     .scopes = *scopes,
                     .secret_hash = std::string(row.text(3)),
                     .created_at = row.time(4)};
}

}  // namespace

Task<Result<void>> SqliteTokenStore::create(StoredToken token) {
  return database_.write([token = std::move(token)](SqliteConnection& connection) -> Result<void> {
    connection
        .prepare(
            "INSERT OR IGNORE INTO token (id, name, scopes, secret_hash, created_at) "
            "VALUES (?, ?, ?, ?, ?)")
        .bind(token.id, token.name, to_string(token.scopes), token.secret_hash, token.created_at)
        .run();
    if (connection.changes() > 0) return {};
    return fail(ErrorKind::Conflict,
                "there is a token named '" + token.name + "' already; revoke it first, or choose another name");
  });
}

Task<Result<StoredToken>> SqliteTokenStore::find(std::string id) {
  return database_.read([id = std::move(id)](SqliteConnection& connection) -> Result<StoredToken> {
    auto row = connection.prepare(std::string(token_columns) + "WHERE id = ?");
    if (!row.bind(id).step()) return fail(ErrorKind::NotFound, "there is no such token");
    return read_token(row);
  });
}

Task<Result<std::vector<StoredToken>>> SqliteTokenStore::list() {
  return database_.read([](SqliteConnection& connection) -> Result<std::vector<StoredToken>> {
    std::vector<StoredToken> tokens;
    auto rows = connection.prepare(std::string(token_columns) + "ORDER BY name");
    while (rows.step()) {
      auto token = read_token(rows);
      if (!token) return std::unexpected(token.error());
      tokens.push_back(std::move(*token));
    }
    return tokens;
  });
}

Task<Result<bool>> SqliteTokenStore::revoke(std::string name) {
  return database_.write([name = std::move(name)](SqliteConnection& connection) -> Result<bool> {
    connection.prepare("DELETE FROM token WHERE name = ?").bind(name).run();
    return connection.changes() > 0;
  });
}

}  // namespace clarion
