#include "store/sqlite_template_store.h"

namespace clarion {
namespace {

constexpr std::string_view template_columns = "SELECT name, channel, version, definition, created_at FROM template ";
constexpr const char* latest_of_name = "WHERE name = ? AND channel = ? ORDER BY version DESC LIMIT 1";

StoredTemplate read_template(const SqliteStatement& row) {
  return StoredTemplate{.name = std::string(row.text(0)),
                        .channel = static_cast<Channel>(row.integer(1)),
                        .version = static_cast<std::int32_t>(row.integer(2)),
                        .definition = std::string(row.text(3)),
                        .created_at = row.time(4)};
}

}  // namespace

Task<Result<StoredTemplate>> SqliteTemplateStore::save(StoredTemplate draft) {
  return database_.write([draft = std::move(draft)](SqliteConnection& connection) -> Result<StoredTemplate> {
    StoredTemplate saved = draft;
    saved.version = 1;
    {
      auto last = connection.prepare(std::string(template_columns) + latest_of_name);
      if (last.bind(draft.name, draft.channel).step()) {
        if (last.text(3) == draft.definition) return read_template(last);
        saved.version = static_cast<std::int32_t>(last.integer(2)) + 1;
      }
    }
    connection.prepare("INSERT INTO template (name, channel, version, definition, created_at) VALUES (?, ?, ?, ?, ?)")
        .bind(saved.name, saved.channel, saved.version, saved.definition, saved.created_at)
        .run();
    return saved;
  });
}

Task<Result<StoredTemplate>> SqliteTemplateStore::find(std::string name, Channel channel) {
  return database_.read([name = std::move(name), channel](SqliteConnection& connection) -> Result<StoredTemplate> {
    auto row = connection.prepare(std::string(template_columns) + latest_of_name);
    if (!row.bind(name, channel).step()) {
      return fail(ErrorKind::NotFound,
                  "there is no " + std::string(to_string(channel)) + " template named '" + name + "'");
    }
    return read_template(row);
  });
}

Task<Result<std::vector<StoredTemplate>>> SqliteTemplateStore::list() {
  return database_.read([](SqliteConnection& connection) -> Result<std::vector<StoredTemplate>> {
    std::vector<StoredTemplate> latest;
    auto rows = connection.prepare(std::string(template_columns) +
                                   "t WHERE version = (SELECT max(version) FROM template WHERE name = t.name AND "
                                   "channel = t.channel) ORDER BY name, channel");
    while (rows.step()) latest.push_back(read_template(rows));
    return latest;
  });
}

Task<Result<std::vector<StoredTemplate>>> SqliteTemplateStore::list_versions(std::string name, Channel channel) {
  return database_.read(
      [name = std::move(name), channel](SqliteConnection& connection) -> Result<std::vector<StoredTemplate>> {
        std::vector<StoredTemplate> versions;
        auto rows =
            connection.prepare(std::string(template_columns) + "WHERE name = ? AND channel = ? ORDER BY version DESC");
        rows.bind(name, channel);
        while (rows.step()) versions.push_back(read_template(rows));
        return versions;
      });
}

}  // namespace clarion
