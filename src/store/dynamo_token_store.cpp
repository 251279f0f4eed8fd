#include "store/dynamo_token_store.h"

#include <algorithm>

namespace clarion {
namespace {

// Two items a token, for both its id and its name are unique: "name#<name>" reserves the name and says the id, and
// "id#<id>" is the token itself, without which nobody gets in. The name is taken first and given back last.
constexpr const char* partition_of_tokens = "tokens";

DynamoItem key_by_id(const std::string& id) {
  return dynamo_key(partition_of_tokens, "id#" + key_of(id));
}
DynamoItem key_by_name(const std::string& name) {
  return dynamo_key(partition_of_tokens, "name#" + key_of(name));
}

Result<StoredToken> read_token(const DynamoItem& item) {
  const auto scopes = parse_scopes(text_of(item, "scopes"));
  if (!scopes) return fail(ErrorKind::Internal, "a token in DynamoDB has scopes that this program does not know");
  return StoredToken{.id = text_or_bytes(item, "id"),
                     .name = text_or_bytes(item, "name"),
                     .scopes = *scopes,
                     .secret_hash = text_or_bytes(item, "secret_hash"),
                     .created_at = wall_time_of(number_of(item, "created_at"))};
}

Task<Result<void>> create_token(DynamoDatabase& database, StoredToken token) {
  const std::string& table = database.tables().campaigns;
  DynamoItem name = key_by_name(token.name);
  name.emplace("id", dynamo_text(token.id));
  const auto reserved = co_await database.put_new(table, std::move(name));
  if (!reserved) co_return std::unexpected(reserved.error());
  auto is_new = reserved;
  if (*reserved) {
    DynamoItem item = key_by_id(token.id);
    item.emplace("id", dynamo_text(token.id));
    item.emplace("name", dynamo_text(token.name));
    item.emplace("scopes", to_string(token.scopes));
    item.emplace("secret_hash", dynamo_text(token.secret_hash));
    item.emplace("created_at", milliseconds_of(token.created_at));
    is_new = co_await database.put_new(table, std::move(item));
    if (!is_new) co_return std::unexpected(is_new.error());
    if (!*is_new) {
      const auto freed = co_await database.client().delete_item(table, key_by_name(token.name));
      if (!freed) co_return std::unexpected(freed.error());
    }
  }
  if (*is_new) co_return Result<void>();
  co_return fail(ErrorKind::Conflict,
                 "there is a token named '" + token.name + "' already; revoke it first, or choose another name");
}

Task<Result<StoredToken>> find_token(DynamoDatabase& database, std::string id) {
  const auto item = co_await database.client().get_item(database.tables().campaigns, key_by_id(id));
  if (!item) co_return std::unexpected(item.error());
  if (!*item) co_return fail(ErrorKind::NotFound, "there is no such token");
  co_return read_token(**item);
}

Task<Result<std::vector<StoredToken>>> list_tokens(DynamoDatabase& database) {
  const auto items = co_await database.partition(database.tables().campaigns, partition_of_tokens, "id#");
  if (!items) co_return std::unexpected(items.error());
  std::vector<StoredToken> tokens;
  for (const DynamoItem& item : *items) {
    auto token = read_token(item);
    if (!token) co_return std::unexpected(token.error());
    tokens.push_back(std::move(*token));
  }
  std::ranges::sort(tokens, {}, &StoredToken::name);
  co_return tokens;
}

Task<Result<bool>> revoke_token(DynamoDatabase& database, std::string name) {
  const std::string& table = database.tables().campaigns;
  const auto reserved = co_await database.client().get_item(table, key_by_name(name));
  if (!reserved) co_return std::unexpected(reserved.error());
  if (!*reserved) co_return false;
  // The id may be another token's, when a creation of this one was cut short by its end.
  const auto gone = co_await database.client().delete_item(table, key_by_id(text_or_bytes(**reserved, "id")),
                                                           {"#name = :name", {{":name", dynamo_text(name)}}});
  if (!gone) co_return std::unexpected(gone.error());
  const auto freed = co_await database.client().delete_item(table, key_by_name(name));
  if (!freed) co_return std::unexpected(freed.error());
  co_return true;
}

}  // namespace

Task<Result<void>> DynamoTokenStore::create(StoredToken token) {
  return database_.run(create_token(database_, std::move(token)));
}

Task<Result<StoredToken>> DynamoTokenStore::find(std::string id) {
  return database_.run(find_token(database_, std::move(id)));
}

Task<Result<std::vector<StoredToken>>> DynamoTokenStore::list() {
  return database_.run(list_tokens(database_));
}

Task<Result<bool>> DynamoTokenStore::revoke(std::string name) {
  return database_.run(revoke_token(database_, std::move(name)));
}

}  // namespace clarion
