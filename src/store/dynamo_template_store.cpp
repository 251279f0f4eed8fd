#include "store/dynamo_template_store.h"

#include <algorithm>
#include <map>

namespace clarion {
namespace {

constexpr const char* partition_of_templates = "templates";

// Versions of one template lie together and in order: "welcome#0#0000000002".
std::string prefix_of(const std::string& name, Channel channel) {
  return key_of(name) + "#" + std::to_string(index_of(channel)) + "#";
}

Task<Result<StoredTemplate>> read_template(DynamoDatabase& database, DynamoItem item) {
  auto definition = co_await database.get_text(database.tables().campaigns, item, "definition");
  if (!definition) co_return std::unexpected(definition.error());
  const auto channel = parse_channel(text_of(item, "channel"));
  if (!channel)
    co_return fail(ErrorKind::Internal, "a template in DynamoDB has a channel that this program does not know");
  co_return StoredTemplate{.name = text_or_bytes(item, "name"),
                           .channel = *channel,
                           .version = static_cast<std::int32_t>(number_of(item, "version")),
                           .definition = std::move(*definition),
                           .created_at = wall_time_of(number_of(item, "created_at"))};
}

Task<Result<std::vector<StoredTemplate>>> read_templates(DynamoDatabase& database, std::string prefix) {
  auto items = co_await database.partition(database.tables().campaigns, partition_of_templates, std::move(prefix));
  if (!items) co_return std::unexpected(items.error());
  std::vector<StoredTemplate> templates;
  for (DynamoItem& item : *items) {
    auto one = co_await read_template(database, std::move(item));
    if (!one) co_return std::unexpected(one.error());
    templates.push_back(std::move(*one));
  }
  co_return templates;
}

Task<Result<StoredTemplate>> save_template(DynamoDatabase& database, StoredTemplate draft) {
  const std::string& table = database.tables().campaigns;
  for (;;) {
    const auto versions = co_await read_templates(database, prefix_of(draft.name, draft.channel));
    if (!versions) co_return std::unexpected(versions.error());
    if (!versions->empty() && versions->back().definition == draft.definition) co_return versions->back();
    draft.version = versions->empty() ? 1 : versions->back().version + 1;
    DynamoItem item = dynamo_key(partition_of_templates, prefix_of(draft.name, draft.channel) +
                                                             key_of(static_cast<std::uint32_t>(draft.version)));
    item.emplace("name", dynamo_text(draft.name));
    item.emplace("channel", std::string(to_string(draft.channel)));
    item.emplace("version", std::int64_t{draft.version});
    item.emplace("created_at", milliseconds_of(draft.created_at));
    const auto put = co_await database.put_text(table, item, "definition", draft.definition);
    if (!put) co_return std::unexpected(put.error());
    const auto is_new = co_await database.put_new(table, std::move(item));
    if (!is_new) co_return std::unexpected(is_new.error());
    if (*is_new) co_return draft;
    // Somebody saved this version at the same time: look again.
  }
}

Task<Result<StoredTemplate>> find_template(DynamoDatabase& database, std::string name, Channel channel) {
  auto page =
      co_await database.client().query({.table = database.tables().campaigns,
                                        .key_condition = "#pk = :pk AND begins_with(#sk, :sk)",
                                        .values = {{":pk", partition_of_templates}, {":sk", prefix_of(name, channel)}},
                                        .is_forward = false,
                                        .limit = 1});
  if (!page) co_return std::unexpected(page.error());
  if (page->items.empty()) {
    co_return fail(ErrorKind::NotFound,
                   "there is no " + std::string(to_string(channel)) + " template named '" + name + "'");
  }
  co_return co_await read_template(database, std::move(page->items.front()));
}

Task<Result<std::vector<StoredTemplate>>> list_templates(DynamoDatabase& database) {
  auto versions = co_await read_templates(database, "");
  if (!versions) co_return std::unexpected(versions.error());
  std::map<std::pair<std::string, Channel>, StoredTemplate> latest;
  for (StoredTemplate& one : *versions) {
    const std::pair key(one.name, one.channel);
    latest.insert_or_assign(key, std::move(one));  // they come in the order of their versions
  }
  std::vector<StoredTemplate> templates;
  for (auto& [key, one] : latest) templates.push_back(std::move(one));
  co_return templates;
}

Task<Result<std::vector<StoredTemplate>>> list_versions_of(DynamoDatabase& database, std::string name,
                                                           Channel channel) {
  auto versions = co_await read_templates(database, prefix_of(name, channel));
  if (versions) std::ranges::reverse(*versions);
  co_return versions;
}

}  // namespace

Task<Result<StoredTemplate>> DynamoTemplateStore::save(StoredTemplate draft) {
  return database_.run(save_template(database_, std::move(draft)));
}

Task<Result<StoredTemplate>> DynamoTemplateStore::find(std::string name, Channel channel) {
  return database_.run(find_template(database_, std::move(name), channel));
}

Task<Result<std::vector<StoredTemplate>>> DynamoTemplateStore::list() {
  return database_.run(list_templates(database_));
}

Task<Result<std::vector<StoredTemplate>>> DynamoTemplateStore::list_versions(std::string name, Channel channel) {
  return database_.run(list_versions_of(database_, std::move(name), channel));
}

}  // namespace clarion
