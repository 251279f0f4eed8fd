#include "store/dynamo_campaign_store.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>

namespace clarion {
namespace {

constexpr std::size_t most_inline_definition = 16'384;  // of audience and content
constexpr Duration age_while_sent = std::chrono::seconds(1);
constexpr Duration age_after_end = std::chrono::minutes(1);

Task<Result<Campaign>> with_cost(DynamoLedger& ledger, DynamoItem item, Duration most_age = age_while_sent) {
  auto campaign = co_await read_campaign(ledger.database(), std::move(item));
  if (!campaign || !campaign->is_planned) co_return campaign;
  const auto known = co_await ledger.campaign(campaign->number);
  if (!known) co_return std::unexpected(known.error());
  // What was read before the end may lack the last records of other workers.
  const Duration age = !has_ended(campaign->status) ? most_age
                       : (*known)->is_read_whole    ? age_after_end
                                                    : Duration::zero();
  if (const auto loaded = co_await ledger.load_units(*known, age); !loaded) co_return std::unexpected(loaded.error());
  (*known)->is_read_whole = has_ended(campaign->status);
  for (const UnitSummary& total : DynamoLedger::totals(**known)) campaign->actual_cost += total.actual_cost;
  co_return campaign;
}

Task<Result<std::uint32_t>> next_number(DynamoDatabase& database) {
  const std::string& table = database.tables().campaigns;
  const DynamoItem key = dynamo_key("counter", partition_of_campaigns);
  for (;;) {
    const auto item = co_await database.client().get_item(table, key);
    if (!item) co_return std::unexpected(item.error());
    const std::int64_t last = *item ? number_of(**item, "last") : 0;
    if (last >= 0xffffffff) co_return fail(ErrorKind::Internal, "there are no campaign numbers left");
    const auto wrote = co_await database.client().update_item(
        {.table = table,
         .key = key,
         .update = "SET #last = :next",
         .condition = {"attribute_not_exists(#last) OR #last = :last", {{":last", last}}},
         .values = {{":next", last + 1}}});
    if (!wrote) co_return std::unexpected(wrote.error());
    // A repeat that was refused may have refused itself: that number is a gap then.
    if (wrote->is_applied) co_return static_cast<std::uint32_t>(last + 1);
  }
}

Task<Result<Campaign>> create_campaign(DynamoLedger& ledger, CampaignDefinition definition, CampaignStatus status,
                                       WallTime at) {
  DynamoDatabase& database = ledger.database();
  const std::string& table = database.tables().campaigns;
  const auto taken = [&] { return fail(ErrorKind::Conflict, "campaign '" + definition.id + "' exists already"); };
  const auto there = co_await database.client().get_item(table, key_of_campaign(definition.id));
  if (!there) co_return std::unexpected(there.error());
  if (*there) co_return taken();
  const auto number = co_await next_number(database);
  if (!number) co_return std::unexpected(number.error());

  DynamoItem entry = dynamo_key(partition_of_campaigns, key_of(*number));
  entry.emplace("id", dynamo_text(definition.id));
  const auto listed = co_await database.client().put_item(table, std::move(entry));
  if (!listed) co_return std::unexpected(listed.error());

  DynamoItem item = key_of_campaign(definition.id);
  item.emplace("number", std::int64_t{*number});
  item.emplace("id", dynamo_text(definition.id));
  item.emplace("name", dynamo_text(definition.name));
  item.emplace("request_hash", dynamo_text(definition.request_hash));
  item.emplace("throughput_tps", fmt::format("{}", definition.throughput_tps));
  item.emplace("respects_caps", std::int64_t{definition.respects_caps ? 1 : 0});
  item.emplace("on_unknown", static_cast<std::int64_t>(definition.on_unknown));
  item.emplace("seed", std::bit_cast<std::int64_t>(definition.seed));
  if (definition.start_at) item.emplace("start_at", milliseconds_of(*definition.start_at));
  if (definition.budget) item.emplace("budget_micros", definition.budget->micros);
  item.emplace("status", std::string(to_string(status)));
  item.emplace("status_reason", std::string());
  item.emplace("is_planned", std::int64_t{0});
  item.emplace("plan_epoch", std::int64_t{0});
  item.emplace("created_at", milliseconds_of(at));
  if (status == CampaignStatus::Running) item.emplace("started_at", milliseconds_of(at));
  for (const auto& [name, text] : {std::pair("audience", &definition.audience),
                                   std::pair("content", &definition.content), std::pair("rules", &definition.rules)}) {
    const auto put = co_await database.put_text(table, item, name, *text, most_inline_definition);
    if (!put) co_return std::unexpected(put.error());
  }
  const auto is_new = co_await database.put_new(table, item);
  if (!is_new) co_return std::unexpected(is_new.error());
  if (!*is_new) co_return taken();
  co_return co_await read_campaign(database, std::move(item));
}

Task<Result<Campaign>> find_by_id(DynamoLedger& ledger, std::string id) {
  auto item = co_await find_campaign_item(ledger.database(), std::move(id));
  if (!item) co_return std::unexpected(item.error());
  co_return co_await with_cost(ledger, std::move(*item));
}

Task<Result<std::vector<Campaign>>> list_campaigns(DynamoLedger& ledger, std::uint32_t before, std::size_t limit) {
  DynamoDatabase& database = ledger.database();
  std::vector<Campaign> campaigns;
  DynamoQuery query{.table = database.tables().campaigns,
                    .key_condition = "#pk = :pk",
                    .values = {{":pk", partition_of_campaigns}},
                    .is_forward = false,
                    .limit = static_cast<std::int64_t>(std::clamp<std::size_t>(limit, 1, 100))};
  if (before != 0) {
    query.key_condition += " AND #sk < :before";
    query.values.emplace(":before", key_of(before));
  }
  std::optional<DynamoItem> start;
  while (campaigns.size() < limit) {
    auto page = co_await database.client().query(query, std::move(start));
    if (!page) co_return std::unexpected(page.error());
    std::vector<DynamoItem> keys;
    for (const DynamoItem& entry : page->items) keys.push_back(key_of_campaign(text_or_bytes(entry, "id")));
    // Two entries of one id: the one whose creation was not finished.
    std::ranges::sort(keys, {}, [](const DynamoItem& key) { return text_of(key, "pk"); });
    const auto same = std::ranges::unique(keys);
    keys.erase(same.begin(), same.end());
    const auto items = co_await database.client().batch_get(database.tables().campaigns, std::move(keys));
    if (!items) co_return std::unexpected(items.error());
    std::map<std::uint32_t, const DynamoItem*> by_number;
    for (const DynamoItem& item : *items)
      by_number.emplace(static_cast<std::uint32_t>(campaign_number_of(item)), &item);
    for (const DynamoItem& entry : page->items) {
      const auto found = by_number.find(static_cast<std::uint32_t>(std::stoul(text_of(entry, "sk"))));
      if (found == by_number.end()) continue;  // a creation that was not finished
      if (campaigns.size() == limit) break;
      auto campaign = co_await with_cost(ledger, *found->second, ledger.scan_every());
      if (!campaign) co_return std::unexpected(campaign.error());
      campaigns.push_back(std::move(*campaign));
    }
    start = std::move(page->next);
    if (!start) break;
  }
  co_return campaigns;
}

Task<Result<Campaign>> change_campaign_status(DynamoLedger& ledger, CampaignNumber number, StatusChange change) {
  DynamoDatabase& database = ledger.database();
  const auto known = co_await ledger.campaign(number);
  if (!known) co_return std::unexpected(known.error());
  const std::string& id = (*known)->id;
  DynamoUpdate update{.table = database.tables().campaigns,
                      .key = key_of_campaign(id),
                      .update = "SET #status = :to, #status_reason = :reason, #status_at = :at",
                      .values = {{":to", std::string(to_string(change.to))},
                                 {":reason", dynamo_text(change.reason)},
                                 {":at", milliseconds_of(change.at)}}};
  if (change.to == CampaignStatus::Running) update.update += ", #started_at = if_not_exists(#started_at, :at)";
  if (has_ended(change.to)) update.update += ", #finished_at = :at";
  update.condition.expression = "attribute_exists(#pk)";
  for (std::size_t i = 0; i < change.from.size(); ++i) {
    const std::string name = ":from" + std::to_string(i);
    update.condition.expression += (i == 0 ? " AND #status IN (" : ", ") + name;
    update.condition.values.emplace(name, std::string(to_string(change.from[i])));
  }
  if (!change.from.empty()) update.condition.expression += ")";
  Result<DynamoWrote> wrote = DynamoWrote{};
  if (!change.from.empty()) wrote = co_await database.client().update_item(std::move(update));
  if (!wrote) co_return std::unexpected(wrote.error());
  auto item = co_await find_campaign_item(database, id);
  if (!item) co_return std::unexpected(item.error());
  const bool is_ours = wrote->is_repeat && text_of(*item, "status") == to_string(change.to) &&
                       number_of(*item, "status_at") == milliseconds_of(change.at) &&
                       text_or_bytes(*item, "status_reason") == change.reason;
  if (!wrote->is_applied && !is_ours) {
    co_return fail(ErrorKind::Conflict, "campaign '" + id + "' is " + text_of(*item, "status") + " and cannot become " +
                                            std::string(to_string(change.to)));
  }
  co_return co_await with_cost(ledger, std::move(*item));
}

Task<Result<void>> set_campaign_throughput(DynamoLedger& ledger, CampaignNumber number, double throughput_tps) {
  const auto known = co_await ledger.campaign(number);
  if (!known) co_return std::unexpected(known.error());
  const auto wrote =
      co_await ledger.database().client().update_item({.table = ledger.database().tables().campaigns,
                                                       .key = key_of_campaign((*known)->id),
                                                       .update = "SET #throughput_tps = :tps",
                                                       .condition = {"attribute_exists(#pk)", {}},
                                                       .values = {{":tps", fmt::format("{}", throughput_tps)}}});
  if (!wrote) co_return std::unexpected(wrote.error());
  if (!wrote->is_applied) co_return fail(ErrorKind::NotFound, "there is no such campaign");
  co_return Result<void>();
}

Task<Result<CampaignCounts>> count_campaign(DynamoLedger& ledger, CampaignNumber number) {
  const auto campaign = co_await ledger.campaign(number);
  if (!campaign) co_return std::unexpected(campaign.error());
  if (const auto loaded = co_await ledger.load_units(*campaign, age_while_sent); !loaded) {
    co_return std::unexpected(loaded.error());
  }
  CampaignCounts counts;
  const auto of_slot = [&](std::size_t slot) -> StateCounts& {
    return slot < channel_count ? counts.by_channel[all_channels[slot]] : counts.without_channel;
  };
  const auto totals = DynamoLedger::totals(**campaign);
  for (std::size_t slot = 0; slot < ledger_slots; ++slot) of_slot(slot) = totals[slot].counts;
  if ((*campaign)->planning) {
    for (const PlannedDelivery& row : (*campaign)->planning->rest) {
      StateCounts& count = of_slot(row.channel ? index_of(*row.channel) : channel_count);
      ++count.planned;
      count_state(count, row.state, 1);
    }
  }
  co_return counts;
}

}  // namespace

Task<Result<Campaign>> DynamoCampaignStore::create(CampaignDefinition definition, CampaignStatus status, WallTime at) {
  return ledger_.database().run(create_campaign(ledger_, std::move(definition), status, at));
}

Task<Result<Campaign>> DynamoCampaignStore::find(std::string id) {
  return ledger_.database().run(find_by_id(ledger_, std::move(id)));
}

Task<Result<std::vector<Campaign>>> DynamoCampaignStore::list(std::uint32_t before, std::size_t limit) {
  return ledger_.database().run(list_campaigns(ledger_, before, limit));
}

Task<Result<Campaign>> DynamoCampaignStore::change_status(CampaignNumber number, StatusChange change) {
  return ledger_.database().run(change_campaign_status(ledger_, number, std::move(change)));
}

Task<Result<void>> DynamoCampaignStore::set_throughput(CampaignNumber number, double throughput_tps) {
  return ledger_.database().run(set_campaign_throughput(ledger_, number, throughput_tps));
}

Task<Result<CampaignCounts>> DynamoCampaignStore::counts(CampaignNumber number) {
  return ledger_.database().run(count_campaign(ledger_, number));
}

}  // namespace clarion
