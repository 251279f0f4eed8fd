#include "api/retry_plan.h"

#include <fmt/format.h>

#include <boost/json.hpp>

#include <limits>
#include <utility>

#include "api/plan_rules_json.h"
#include "api/preview_json.h"
#include "audience/address_rules.h"
#include "base/hash.h"
#include "content/campaign_content.h"
#include "content/payload.h"
#include "domain/price_table.h"
#include "engine/plan_list.h"
#include "engine/retry_rules.h"
#include "engine/send_request.h"

namespace clarion {
namespace {

namespace json = boost::json;

constexpr std::size_t rows_at_once = 1000;
constexpr std::size_t most_id_bytes = 64;
constexpr std::string_view id_ending = "-retry";

std::string member_of(const CampaignDefinition& definition, std::string_view name) {
  json::error_code error;
  const json::value document = json::parse(definition.audience, error);
  const auto* object = error ? nullptr : document.if_object();
  const auto* member = object == nullptr ? nullptr : object->if_contains(name);
  return member == nullptr || !member->is_string() ? std::string() : std::string(member->get_string().c_str());
}

// Calls `visit` with every delivery that may be tried again, in plan order, until it returns false.
template <class Visit>
Task<Result<void>> visit_retryable(DeliveryLog& log, const Campaign& campaign, Visit visit) {
  DeliveryQuery query{.campaign = campaign.number,
                      .state = DeliveryState::Failed,
                      .channel = std::nullopt,
                      .contact_id = {},
                      .reason = {},
                      .after = std::nullopt,
                      .limit = rows_at_once,
                      .with_events = false};
  while (true) {
    auto rows = co_await log.list(query);
    if (!rows) co_return std::unexpected(rows.error());
    for (Delivery& row : *rows) {
      if (is_retryable(row, campaign.definition.on_unknown) && !visit(row)) co_return Result<void>();
    }
    if (rows->size() < rows_at_once) co_return Result<void>();
    query.after = rows->back().id;
  }
}

// One entry of eligible_users: what the list said of this person, as the ledger has it.
Result<std::string> write_entry(const Delivery& delivery) {
  const auto body = read_literal_payload(*delivery.channel, delivery.payload);
  if (!body) return std::unexpected(body.error());
  json::object user{{"customer_id", delivery.contact_id}, {"selected_channel", to_string(*delivery.channel)}};
  user[delivery.channel == Channel::Email ? "email" : "phone"] = delivery.destination;
  user["reason"] = fmt::format("Tried again: {} failed ({}).", to_string(delivery.id), delivery.reason);
  add_message_members(*body, user);
  return json::serialize(user);
}

PlannedDelivery absent_row(Delivery& delivery) {
  PlannedDelivery row;
  row.contact_id = std::move(delivery.contact_id);
  row.channel = delivery.channel;
  row.state = DeliveryState::Skipped;
  row.reason = "not_a_contact";
  row.destination = std::move(delivery.destination);
  row.why = R"({"rule":"not_a_contact","sentence":"This person is no contact any more."})";
  return row;
}

}  // namespace

std::string retry_id_of(std::string_view id) {
  if (id.size() + id_ending.size() <= most_id_bytes) return std::string(id).append(id_ending);
  return fmt::format("{}-{:016x}{}", id.substr(0, most_id_bytes - id_ending.size() - 17), hash64(id), id_ending);
}

std::string write_retry_audience(const CampaignDefinition& retried) {
  return json::serialize(json::object{{"kind", member_of(retried, "kind")}, {"retry_of", retried.id}});
}

std::string retried_by(const CampaignDefinition& definition) {
  return member_of(definition, "retry_of");
}

Task<Result<std::int64_t>> count_retryable(DeliveryLog& log, Campaign campaign, std::int64_t most) {
  std::int64_t count = 0;
  const auto visited = co_await visit_retryable(log, campaign, [&](const Delivery&) { return ++count < most; });
  if (!visited) co_return std::unexpected(visited.error());
  co_return count;
}

Task<Result<std::vector<PlannedDelivery>>> RetryPlan::next(std::size_t limit) {
  if (!plan_) {
    if (auto prepared = co_await prepare(); !prepared) co_return std::unexpected(prepared.error());
  }
  auto rows = co_await plan_->next(limit);
  if (!rows || !rows->empty()) co_return rows;
  while (!absent_.empty() && rows->size() < limit) {
    rows->push_back(std::move(absent_.back()));
    absent_.pop_back();
  }
  co_return rows;
}

std::optional<std::int64_t> RetryPlan::expected_rows() const {
  if (!plan_) return std::nullopt;
  return plan_->expected_rows().value_or(0) + static_cast<std::int64_t>(absent_.size());
}

Task<Result<void>> RetryPlan::prepare() {
  const auto retried = co_await deps_.campaigns.find(retried_by(definition_));
  if (!retried) co_return std::unexpected(retried.error());
  if (member_of(definition_, "kind") == "list") co_return co_await prepare_list(*retried);
  co_return co_await prepare_contacts(*retried);
}

Task<Result<void>> RetryPlan::prepare_contacts(const Campaign& retried) {
  auto content = CampaignContent::parse(definition_.content);
  if (!content) co_return std::unexpected(content.error());
  auto rules = parse_plan_rules(definition_.rules, definition_.respects_caps);
  if (!rules) co_return std::unexpected(rules.error());
  rules->choice.seed = definition_.seed;
  rules->throughput_tps = definition_.throughput_tps;
  rules->eligibility.set_up = deps_.audience->set_up;
  std::vector<ContactRow> contacts;
  const auto visited = co_await visit_retryable(deps_.sources.deliveries, retried, [&](Delivery& delivery) {
    if (const auto contact = deps_.audience->contacts->find(delivery.contact_id)) {
      contacts.push_back(*contact);
    } else {
      absent_.push_back(absent_row(delivery));
    }
    return true;
  });
  if (!visited) co_return visited;
  plan_ = std::make_unique<AudiencePlan>(deps_.sources, Selection{.contacts = deps_.audience->contacts,
                                                                  .rows = std::move(contacts),
                                                                  .content = std::move(*content),
                                                                  .responses = deps_.audience->responses,
                                                                  .prices = deps_.audience->prices,
                                                                  .rules = std::move(*rules)});
  co_return Result<void>();
}

Task<Result<void>> RetryPlan::prepare_list(const Campaign& retried) {
  SendRequest request;
  request.throughput_tps = definition_.throughput_tps;
  request.respects_caps = definition_.respects_caps;
  Result<void> written;
  const auto visited = co_await visit_retryable(deps_.sources.deliveries, retried, [&](const Delivery& delivery) {
    const auto entry = write_entry(delivery);
    if (!entry) {
      written = std::unexpected(entry.error());
      return false;
    }
    request.users.push_back({.offset = request.body.size(), .bytes = entry->size()});
    request.body += *entry;
    return true;
  });
  if (!visited) co_return visited;
  if (!written) co_return written;
  ChoicePolicy choice;
  choice.seed = definition_.seed;
  plan_ = std::make_unique<ListPlan>(ListPlan::Deps{.sources = deps_.sources,
                                                    .contacts = deps_.audience->contacts,
                                                    .responses = deps_.audience->responses,
                                                    .prices = deps_.audience->prices,
                                                    .set_up = deps_.audience->set_up,
                                                    .templates = deps_.templates,
                                                    .read_phone = read_phone,
                                                    .read_email = read_email},
                                     std::move(request), choice);
  co_return Result<void>();
}

}  // namespace clarion
