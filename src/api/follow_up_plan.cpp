#include "api/follow_up_plan.h"

#include <fmt/format.h>

#include <boost/json.hpp>

#include <algorithm>
#include <iterator>
#include <unordered_map>
#include <utility>

#include "api/plan_rules_json.h"
#include "api/preview_json.h"
#include "audience/address_rules.h"
#include "base/hash.h"
#include "content/campaign_content.h"
#include "content/payload.h"
#include "decision/exclusion.h"
#include "domain/price_table.h"
#include "engine/event_applier.h"
#include "engine/fallback_rules.h"
#include "engine/fallback_stops.h"
#include "engine/plan_list.h"
#include "engine/retry_rules.h"
#include "engine/send_request.h"

namespace clarion {
namespace {

namespace json = boost::json;

constexpr std::size_t rows_at_once = 1000;
constexpr std::size_t most_id_bytes = 64;

std::string text_of(const CampaignDefinition& definition, std::string_view name) {
  json::error_code error;
  const json::value document = json::parse(definition.audience, error);
  const auto* object = error ? nullptr : document.if_object();
  const auto* member = object == nullptr ? nullptr : object->if_contains(name);
  return member == nullptr || !member->is_string() ? std::string() : std::string(member->get_string().c_str());
}

// How a campaign follows which other.
struct Followed {
  FollowUp kind{};
  std::string id;
};

std::optional<Followed> find_followed(const CampaignDefinition& definition) {
  for (const FollowUp kind : all_follow_ups) {
    if (std::string id = followed_by(kind, definition); !id.empty()) return Followed{kind, std::move(id)};
  }
  return std::nullopt;
}

// Calls `visit` with every failed delivery, in plan order, until it returns false.
template <class Visit>
Task<Result<void>> visit_failed(DeliveryLog& log, CampaignNumber campaign, bool with_events, Visit visit) {
  DeliveryQuery query{.campaign = campaign,
                      .state = DeliveryState::Failed,
                      .channel = std::nullopt,
                      .contact_id = {},
                      .reason = {},
                      .after = std::nullopt,
                      .limit = rows_at_once,
                      .with_events = with_events};
  while (true) {
    auto rows = co_await log.list(query);
    if (!rows) co_return std::unexpected(rows.error());
    for (Delivery& row : *rows) {
      if (!visit(row)) co_return Result<void>();
    }
    if (rows->size() < rows_at_once) co_return Result<void>();
    query.after = rows->back().id;
  }
}

// The same with those of them that the rule is for.
template <class Visit>
Task<Result<void>> visit_followed(FollowUp kind, DeliveryLog& log, const Campaign& campaign, Visit visit) {
  const OnUnknown policy = campaign.definition.on_unknown;
  const bool is_fallback = kind == FollowUp::Fallback;
  co_return co_await visit_failed(log, campaign.number, is_fallback, [&](Delivery& row) {
    const bool is_meant = is_fallback ? is_for_fallback(row, policy) : is_retryable(row, policy);
    return !is_meant || visit(row);
  });
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

PlannedDelivery skipped_row(std::string contact_id, std::optional<Channel> channel, std::string destination,
                            std::string_view reason, std::string_view sentence) {
  PlannedDelivery row;
  row.contact_id = std::move(contact_id);
  row.channel = channel;
  row.state = DeliveryState::Skipped;
  row.reason = reason;
  row.destination = std::move(destination);
  row.why = json::serialize(json::object{{"rule", reason}, {"sentence", sentence}});
  return row;
}

}  // namespace

std::string_view to_string(FollowUp kind) {
  return kind == FollowUp::Fallback ? "fallback" : "retry";
}

std::string_view member_of(FollowUp kind) {
  return kind == FollowUp::Fallback ? "fallback_of" : "retry_of";
}

std::string follow_up_id_of(FollowUp kind, std::string_view id) {
  const std::string ending = fmt::format("-{}", to_string(kind));
  if (id.size() + ending.size() <= most_id_bytes) return std::string(id).append(ending);
  return fmt::format("{}-{:016x}{}", id.substr(0, most_id_bytes - ending.size() - 17), hash64(id), ending);
}

std::string write_follow_up_audience(FollowUp kind, const CampaignDefinition& followed) {
  return json::serialize(json::object{{"kind", text_of(followed, "kind")}, {member_of(kind), followed.id}});
}

std::string followed_by(FollowUp kind, const CampaignDefinition& definition) {
  return text_of(definition, member_of(kind));
}

bool follows_another(const CampaignDefinition& definition) {
  return find_followed(definition).has_value();
}

bool is_of_list(const CampaignDefinition& definition) {
  return text_of(definition, "kind") == "list";
}

Task<Result<std::int64_t>> count_followed(FollowUp kind, DeliveryLog& log, Campaign campaign, std::int64_t most) {
  std::int64_t count = 0;
  // A list gives each person one message on one channel.
  if (kind == FollowUp::Fallback && is_of_list(campaign.definition)) co_return count;
  const auto visited = co_await visit_followed(kind, log, campaign, [&](const Delivery&) { return ++count < most; });
  if (!visited) co_return std::unexpected(visited.error());
  co_return count;
}

Task<Result<std::vector<PlannedDelivery>>> FollowUpPlan::next(std::size_t limit) {
  if (!plan_) {
    if (auto prepared = co_await prepare(); !prepared) co_return std::unexpected(prepared.error());
  }
  auto rows = co_await plan_->next(limit);
  if (!rows || !rows->empty()) co_return rows;
  while (!skipped_.empty() && rows->size() < limit) {
    rows->push_back(std::move(skipped_.back()));
    skipped_.pop_back();
  }
  co_return rows;
}

std::optional<std::int64_t> FollowUpPlan::expected_rows() const {
  if (!plan_) return std::nullopt;
  return plan_->expected_rows().value_or(0) + static_cast<std::int64_t>(skipped_.size());
}

Task<Result<void>> FollowUpPlan::prepare() {
  const auto followed = find_followed(definition_);
  if (!followed) co_return fail(ErrorKind::Invalid, "this campaign follows no other");
  kind_ = followed->kind;
  const auto campaign = co_await deps_.campaigns.find(followed->id);
  if (!campaign) co_return std::unexpected(campaign.error());
  if (is_of_list(definition_)) co_return co_await prepare_list(*campaign);
  co_return co_await prepare_contacts(*campaign);
}

Task<Result<FollowUpPlan::People>> FollowUpPlan::read_people(const Campaign& followed) {
  People people;
  const auto visited = co_await visit_followed(kind_, deps_.sources.deliveries, followed, [&](Delivery& delivery) {
    const auto contact = deps_.audience->contacts->find(delivery.contact_id);
    if (!contact) {
      skipped_.push_back(skipped_row(std::move(delivery.contact_id), delivery.channel, std::move(delivery.destination),
                                     "not_a_contact", "This person is no contact any more."));
      return true;
    }
    people.rows.push_back(*contact);
    if (kind_ == FollowUp::Fallback) people.failed.emplace_back()[*delivery.channel] = true;
    return true;
  });
  if (!visited) co_return std::unexpected(visited.error());
  if (auto looked = co_await look_back(followed, people); !looked) co_return std::unexpected(looked.error());
  if (auto skipped = co_await skip_stopped(people); !skipped) co_return std::unexpected(skipped.error());
  co_return people;
}

// Over the campaigns that `campaign` follows. Between a retry and what it retries every channel may be tried again;
// once there is a fallback in between, none may that failed before it.
Task<Result<void>> FollowUpPlan::look_back(Campaign campaign, People& people) {
  bool is_barred = kind_ == FollowUp::Fallback;
  for (int count = 1; const auto followed = find_followed(campaign.definition); ++count) {
    if (count > most_followed) {
      co_return fail(ErrorKind::Invalid, fmt::format("more than {} campaigns follow each other here; make a new "
                                                     "campaign to these people",
                                                     most_followed));
    }
    auto earlier = co_await deps_.campaigns.find(followed->id);
    if (!earlier) co_return std::unexpected(earlier.error());
    if (followed->kind == FollowUp::Fallback) is_barred = true;
    if (is_barred) {
      if (auto added = co_await add_failed(*earlier, people); !added) co_return added;
    }
    campaign = std::move(*earlier);
  }
  co_return Result<void>();
}

// Adds the channels that failed in the earlier campaign, and leaves out whom it has reached meanwhile.
Task<Result<void>> FollowUpPlan::add_failed(const Campaign& earlier, People& people) {
  std::unordered_map<ContactRow, std::size_t> places;
  for (std::size_t i = 0; i < people.rows.size(); ++i) places.emplace(people.rows[i], i);
  people.failed.resize(people.rows.size());
  std::vector<bool> has_failed(people.rows.size());
  const auto visited =
      co_await visit_failed(deps_.sources.deliveries, earlier.number, false, [&](const Delivery& delivery) {
        const auto contact = deps_.audience->contacts->find(delivery.contact_id);
        const auto place = contact ? places.find(*contact) : places.end();
        if (place == places.end() || !delivery.channel) return true;
        people.failed[place->second][*delivery.channel] = true;
        has_failed[place->second] = true;
        return true;
      });
  if (!visited) co_return visited;
  keep(people, has_failed);
  co_return Result<void>();
}

void FollowUpPlan::keep(People& people, const std::vector<bool>& is_kept) {
  std::size_t kept = 0;
  for (std::size_t i = 0; i < people.rows.size(); ++i) {
    if (!is_kept[i]) continue;
    people.rows[kept] = people.rows[i];
    people.failed[kept++] = people.failed[i];
  }
  people.rows.resize(kept);
  people.failed.resize(kept);
}

// The plan's own rules see a stop in the consent and the suppressions; here it is one that a bounce hides.
Task<Result<void>> FollowUpPlan::skip_stopped(People& people) {
  if (people.failed.empty()) co_return Result<void>();
  std::vector<bool> is_kept(people.rows.size(), true);
  for (const Channel channel : all_channels) {
    std::vector<std::string> addresses(people.rows.size());
    for (std::size_t i = 0; i < people.rows.size(); ++i) {
      if (!people.failed[i][channel]) continue;
      addresses[i] = suppressed_address(channel, address_of(deps_.audience->contacts->get(people.rows[i]), channel));
    }
    std::vector<std::string> asked;
    std::ranges::copy_if(addresses, std::back_inserter(asked), [](const std::string& one) { return !one.empty(); });
    if (asked.empty()) continue;
    const auto stopped = co_await find_stopped(deps_.sources.suppressions, deps_.consents, channel, std::move(asked));
    if (!stopped) co_return std::unexpected(stopped.error());
    for (std::size_t i = 0; i < people.rows.size(); ++i) {
      if (!is_kept[i] || !stopped->contains(addresses[i])) continue;
      is_kept[i] = false;
      skipped_.push_back(skipped_row(deps_.audience->contacts->get(people.rows[i]).id, channel, addresses[i],
                                     to_string(Rule::Suppressed),
                                     "They said stop where the message did not arrive; no other channel is used."));
    }
  }
  keep(people, is_kept);
  co_return Result<void>();
}

Task<Result<void>> FollowUpPlan::prepare_contacts(const Campaign& followed) {
  auto content = CampaignContent::parse(definition_.content);
  if (!content) co_return std::unexpected(content.error());
  auto rules = parse_plan_rules(definition_.rules, definition_.respects_caps);
  if (!rules) co_return std::unexpected(rules.error());
  rules->choice.seed = definition_.seed;
  rules->throughput_tps = definition_.throughput_tps;
  rules->eligibility.set_up = deps_.audience->set_up;
  auto people = co_await read_people(followed);
  if (!people) co_return std::unexpected(people.error());
  plan_ = std::make_unique<AudiencePlan>(deps_.sources, Selection{.contacts = deps_.audience->contacts,
                                                                  .rows = std::move(people->rows),
                                                                  .content = std::move(*content),
                                                                  .responses = deps_.audience->responses,
                                                                  .prices = deps_.audience->prices,
                                                                  .rules = std::move(*rules),
                                                                  .failed = std::move(people->failed)});
  co_return Result<void>();
}

Task<Result<void>> FollowUpPlan::prepare_list(const Campaign& followed) {
  SendRequest request;
  request.throughput_tps = definition_.throughput_tps;
  request.respects_caps = definition_.respects_caps;
  Result<void> written;
  const auto visited =
      co_await visit_followed(kind_, deps_.sources.deliveries, followed, [&](const Delivery& delivery) {
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
