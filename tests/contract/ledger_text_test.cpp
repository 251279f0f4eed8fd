// Rendering of ledgers for the contract suites.
#include "contract/ledger_text.h"

#include <fmt/format.h>

#include <stdexcept>

namespace clarion::testing {
namespace {

std::string seconds_of(WallTime time) {
  return fmt::format("{}", (time - at_second(0)).count() / 1000);
}

template <class T>
T must(Result<T> result) {
  if (!result) throw std::runtime_error(result.error().message + " " + result.error().detail);
  if constexpr (!std::is_void_v<T>) return std::move(*result);
}

}  // namespace

std::string text_of(const Delivery& one) {
  std::string text =
      fmt::format("{} {} {}", one.contact_id, one.channel ? to_string(*one.channel) : "none", to_string(one.state));
  if (!one.reason.empty()) text += fmt::format(" ({})", one.reason);
  text += fmt::format(" attempts {} parts {} cost {} to {} updated {}", one.attempts, one.parts, one.cost.micros,
                      one.destination, seconds_of(one.updated_at));
  if (!one.provider_id.empty()) text += " provider " + one.provider_id;
  if (one.due_at) text += " due " + seconds_of(*one.due_at);
  for (const DeliveryEvent& event : one.events) {
    text += fmt::format(" [{} {} {}]", to_string(event.kind), seconds_of(event.at), event.detail);
  }
  return text;
}

std::string text_of(const StateCounts& c) {
  return fmt::format(
      "planned {} = waiting {} + sending {} + accepted {} ({} delivered) + failed {} + skipped {} + "
      "in_doubt {}{}",
      c.planned, c.waiting, c.sending, c.accepted, c.delivered, c.failed, c.skipped, c.in_doubt,
      c.adds_up() ? "" : " DOES NOT ADD UP");
}

std::string text_of(StoreSet& stores, const Campaign& campaign) {
  std::string text;
  DeliveryQuery query;
  query.campaign = campaign.number;
  query.limit = 100'000;
  for (const Delivery& one : must(run(stores.log().list(query)))) {
    text += text_of(must(run(stores.log().find(one.id)))) + "\n";
  }
  const CampaignCounts counts = must(run(stores.campaigns().counts(campaign.number)));
  for (const Channel channel : all_channels) {
    text += fmt::format("{}: {}\n", to_string(channel), text_of(counts.by_channel[channel]));
  }
  text += fmt::format("none: {}\n", text_of(counts.without_channel));
  const Campaign now = must(run(stores.campaigns().find(campaign.definition.id)));
  text += fmt::format("planned {} estimated {} actual {}\n", now.is_planned, now.estimated_cost.micros,
                      now.actual_cost.micros);
  for (const auto& reason : must(run(stores.log().count_reasons(campaign.number)))) {
    text += fmt::format("{} {} '{}' x {}\n", to_string(reason.state),
                        reason.channel ? to_string(*reason.channel) : "none", reason.reason, reason.count);
  }
  must(run(stores.log().visit_recent(at_second(50), [&](const RecentContact& recent) {
    text += fmt::format("recent {} {} {}\n", recent.contact_id, to_string(recent.channel), seconds_of(recent.at));
  })));
  return text;
}

std::string text_of(const ClaimReply& reply) {
  std::string text;
  for (const ClaimedDelivery& one : reply.claimed) {
    text += fmt::format("{} {} {} {} {} {}; ", to_string(one.attempt), one.contact_id, one.destination, one.parts,
                        one.estimated_cost.micros, one.payload);
  }
  if (reply.next_due_at) text += "next " + seconds_of(*reply.next_due_at);
  return text;
}

CampaignDefinition definition_of(std::string id) {
  CampaignDefinition definition;
  definition.id = std::move(id);
  definition.throughput_tps = 10;
  return definition;
}

PlannedDelivery waiting_row(std::string contact_id, Channel channel) {
  PlannedDelivery row;
  row.destination = "to-" + contact_id;
  row.payload = "payload of " + contact_id;
  row.contact_id = std::move(contact_id);
  row.channel = channel;
  row.estimated_cost = Money{100};
  row.why = R"({"why":"test"})";
  return row;
}

StartedCampaign start_campaign(StoreSet& stores, std::vector<PlannedDelivery> rows, std::string id) {
  StartedCampaign started;
  started.campaign =
      must(run(stores.campaigns().create(definition_of(std::move(id)), CampaignStatus::Running, at_second(0))));
  const CampaignNumber number = started.campaign.number;
  must(run(stores.deliveries().append_plan(number, std::move(rows))));
  must(run(stores.deliveries().complete_plan(number, Money{1000})));
  started.fence = must(run(stores.deliveries().take_fence(number, at_second(1))));
  return started;
}

std::string states_of(StoreSet& stores, CampaignNumber campaign) {
  DeliveryQuery query;
  query.campaign = campaign;
  query.limit = 10'000;
  std::string text;
  for (const Delivery& one : must(run(stores.log().list(query)))) {
    if (!text.empty()) text += ' ';
    text += to_string(one.state);
    if (!one.reason.empty()) text += "(" + one.reason + ")";
  }
  return text;
}

}  // namespace clarion::testing
