#include "store/dynamo_campaign_items.h"

#include <bit>
#include <charconv>

namespace clarion {
namespace {

std::optional<WallTime> find_time(const DynamoItem& item, std::string_view name) {
  const auto found = find_number(item, name);
  return found ? std::optional(wall_time_of(*found)) : std::nullopt;
}

}  // namespace

DynamoItem key_of_campaign(const std::string& id) {
  return dynamo_key("campaign#" + key_of(id), "campaign");
}

DynamoItem key_of_fence(const std::string& id, const std::string& worker) {
  return dynamo_key("campaign#" + key_of(id), "fence#" + key_of(worker));
}

Task<Result<std::string>> find_campaign_id(DynamoDatabase& database, CampaignNumber number) {
  const auto item = co_await database.client().get_item(
      database.tables().campaigns, dynamo_key(partition_of_campaigns, key_of(static_cast<std::uint32_t>(number))));
  if (!item) co_return std::unexpected(item.error());
  if (!*item) co_return fail(ErrorKind::NotFound, "there is no such campaign");
  co_return text_or_bytes(**item, "id");
}

Task<Result<DynamoItem>> find_campaign_item(DynamoDatabase& database, std::string id) {
  auto item = co_await database.client().get_item(database.tables().campaigns, key_of_campaign(id));
  if (!item) co_return std::unexpected(item.error());
  if (!*item) co_return fail(ErrorKind::NotFound, "there is no campaign '" + id + "'");
  co_return std::move(**item);
}

Task<Result<Campaign>> read_campaign(DynamoDatabase& database, DynamoItem item) {
  const std::string& table = database.tables().campaigns;
  Campaign campaign;
  CampaignDefinition& definition = campaign.definition;
  auto audience = co_await database.get_text(table, item, "audience");
  if (!audience) co_return std::unexpected(audience.error());
  auto content = co_await database.get_text(table, item, "content");
  if (!content) co_return std::unexpected(content.error());
  auto rules = co_await database.get_text(table, item, "rules");
  if (!rules) co_return std::unexpected(rules.error());
  const auto status = parse_campaign_status(text_of(item, "status"));
  const std::string throughput = text_of(item, "throughput_tps");
  const auto read =
      std::from_chars(throughput.data(), throughput.data() + throughput.size(), definition.throughput_tps);
  if (!status || read.ec != std::errc{}) {
    co_return fail(ErrorKind::Internal, "a campaign in DynamoDB has a status that this program does not know");
  }
  definition.id = text_or_bytes(item, "id");
  definition.name = text_or_bytes(item, "name");
  definition.request_hash = text_or_bytes(item, "request_hash");
  definition.audience = std::move(*audience);
  definition.content = std::move(*content);
  if (!rules->empty()) definition.rules = std::move(*rules);
  definition.respects_caps = number_of(item, "respects_caps") != 0;
  definition.on_unknown = static_cast<OnUnknown>(number_of(item, "on_unknown"));
  definition.seed = std::bit_cast<std::uint64_t>(number_of(item, "seed"));
  definition.start_at = find_time(item, "start_at");
  if (const auto budget = find_number(item, "budget_micros")) definition.budget = Money{*budget};
  campaign.number = campaign_number_of(item);
  campaign.status = *status;
  campaign.status_reason = text_or_bytes(item, "status_reason");
  campaign.is_planned = number_of(item, "is_planned") != 0;
  campaign.estimated_cost = Money{number_of(item, "estimated_micros")};
  campaign.created_at = wall_time_of(number_of(item, "created_at"));
  campaign.started_at = find_time(item, "started_at");
  campaign.finished_at = find_time(item, "finished_at");
  co_return campaign;
}

}  // namespace clarion
