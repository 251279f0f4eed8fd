#include "api/campaign_json.h"

#include <cmath>

#include "api/follow_up_plan.h"
#include "api/json_text.h"
#include "api/plan_rules_json.h"

namespace clarion {
namespace {

namespace json = boost::json;

json::value rounded(double value, double steps_per_unit) {
  return std::round(value * steps_per_unit) / steps_per_unit;
}

std::string_view name_of(OnUnknown policy) {
  return policy == OnUnknown::Hold ? "hold" : "resend";
}

// As the request said them, with the values in force; of channel_overrides only how many, because a page asks often.
void add_rules(json::object& document, const CampaignDefinition& definition) {
  json::object rules =
      plan_rules_to_json(parse_plan_rules(definition.rules, definition.respects_caps).value_or(PlanRules{}));
  document["channel_override_count"] = rules.at("channel_overrides").as_object().size();
  rules.stable_erase("channel_overrides");
  for (auto& member : rules) document.insert(member);
}

std::int64_t count_of(const json::object& counts, std::string_view name) {
  const auto* count = counts.if_contains(name);
  return count != nullptr && count->is_number() ? count->to_number<std::int64_t>() : 0;
}

const json::object& object_in(const json::object& document, std::string_view name) {
  static const json::object none;
  const auto* member = document.if_contains(name);
  return member != nullptr && member->is_object() ? member->get_object() : none;
}

json::value copy_of(const json::object& document, std::string_view name) {
  const auto* member = document.if_contains(name);
  return member != nullptr ? *member : json::value(nullptr);
}

// One row of "by_channel" in the send-campaign contract.
json::object channel_results(const json::object& counts) {
  const auto sent = count_of(counts, "accepted");
  const auto failed = count_of(counts, "failed");
  const auto skipped = count_of(counts, "skipped");
  const auto in_doubt = count_of(counts, "in_doubt");
  return {{"sent", sent},
          {"failed", failed},
          {"total", sent + failed + skipped + in_doubt},
          {"skipped", skipped},
          {"in_doubt", in_doubt},
          {"delivered", count_of(counts, "delivered")},
          {"waiting", count_of(counts, "waiting") + count_of(counts, "sending")}};
}

}  // namespace

json::value time_to_json(const std::optional<WallTime>& time) {
  if (!time) return nullptr;
  return json::value(format_iso8601(*time));
}

json::value money_to_json(Money money) {
  return money.usd();
}

json::object counts_to_json(const StateCounts& counts) {
  return {{"planned", counts.planned},   {"waiting", counts.waiting},     {"sending", counts.sending},
          {"accepted", counts.accepted}, {"delivered", counts.delivered}, {"failed", counts.failed},
          {"skipped", counts.skipped},   {"in_doubt", counts.in_doubt}};
}

json::object campaign_to_json(const CampaignProgress& progress) {
  const Campaign& campaign = progress.campaign;
  const CampaignDefinition& definition = campaign.definition;
  json::object document{{"campaign_id", definition.id},
                        {"name", definition.name},
                        {"status", to_string(campaign.status)},
                        {"status_reason", campaign.status_reason},
                        {"is_planned", campaign.is_planned}};
  for (auto& member : counts_to_json(progress.counts.total())) document.insert(member);
  json::object by_channel;
  for (const Channel channel : all_channels) {
    json::object row = counts_to_json(progress.counts.by_channel[channel]);
    row["rate_now"] = rounded(progress.rate_now_by_channel[channel], 100);
    const auto& limits = progress.limits[channel];
    row["limit"] = limits ? json::value(json::object{{"per_second", rounded(limits->per_second, 1000)},
                                                     {"tokens", limits->tokens},
                                                     {"burst", limits->burst},
                                                     {"limited_by", limits->limited_by}})
                          : json::value(nullptr);
    by_channel[to_string(channel)] = std::move(row);
  }
  document["throughput_tps"] = definition.throughput_tps;
  document["rate_now"] = rounded(progress.rate_now, 100);
  document["limited_by"] = progress.limited_by;
  document["eta_seconds"] = progress.eta_seconds ? rounded(*progress.eta_seconds, 10) : json::value(nullptr);
  document["estimated_cost"] = money_to_json(campaign.estimated_cost);
  document["actual_cost"] = money_to_json(campaign.actual_cost);
  document["currency"] = "USD";
  document["budget"] = definition.budget ? money_to_json(*definition.budget) : json::value(nullptr);
  document["by_channel"] = std::move(by_channel);
  document["without_channel"] = counts_to_json(progress.counts.without_channel);
  document["audience"] = json_or_text(definition.audience);
  for (const FollowUp kind : all_follow_ups) document[member_of(kind)] = or_null(followed_by(kind, definition));
  document["respect_caps"] = definition.respects_caps;
  add_rules(document, definition);
  document["on_unknown"] = name_of(definition.on_unknown);
  document["start_at"] = time_to_json(definition.start_at);
  document["created_at"] = time_to_json(campaign.created_at);
  document["started_at"] = time_to_json(campaign.started_at);
  document["finished_at"] = time_to_json(campaign.finished_at);
  return document;
}

json::object send_contract_of(const json::object& campaign) {
  json::object by_channel;
  for (const Channel channel : all_channels) {
    by_channel[to_string(channel)] = channel_results(object_in(object_in(campaign, "by_channel"), to_string(channel)));
  }
  json::object results{{"total_sent", count_of(campaign, "accepted")},
                       {"total_failed", count_of(campaign, "failed")},
                       {"total_skipped", count_of(campaign, "skipped")},
                       {"total_in_doubt", count_of(campaign, "in_doubt")},
                       {"total_waiting", count_of(campaign, "waiting") + count_of(campaign, "sending")},
                       {"total_planned", count_of(campaign, "planned")},
                       {"campaign_id", copy_of(campaign, "campaign_id")},
                       {"status", copy_of(campaign, "status")},
                       {"by_channel", std::move(by_channel)},
                       {"without_channel", channel_results(object_in(campaign, "without_channel"))},
                       {"estimated_cost", copy_of(campaign, "estimated_cost")},
                       {"actual_cost", copy_of(campaign, "actual_cost")},
                       {"currency", "USD"}};
  return {{"success", true}, {"status", copy_of(campaign, "status")}, {"results", std::move(results)}};
}

}  // namespace clarion
