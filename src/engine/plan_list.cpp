#include "engine/plan_list.h"

#include <fmt/format.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <utility>

#include "base/hash.h"
#include "content/campaign_content.h"
#include "content/payload.h"
#include "decision/why.h"

namespace clarion {
namespace {

namespace json = boost::json;

constexpr double longest_wait_seconds = 366.0 * 24 * 3600;

// The list is the caller's choice of people: no holdout, and no "nothing" where a message was asked for.
ChoicePolicy for_list(ChoicePolicy policy) {
  policy.holdout = 0;
  policy.may_choose_nothing = false;
  return policy;
}

// What is wrong with the entry itself fails; what protects the recipient skips.
bool is_failure(Rule rule) {
  return rule == Rule::NotOffered || rule == Rule::NotSetUp || rule == Rule::NoAddress ||
         rule == Rule::InvalidAddress || rule == Rule::InvalidContent;
}

void refuse(PlannedDelivery& row, DeliveryState state, const ListProblem& problem) {
  row.state = state;
  row.reason = problem.reason;
  row.why = json::serialize(json::object{{"rule", problem.reason}, {"sentence", problem.sentence}});
}

const std::string& written_address(const ListRecipient& recipient, Channel channel) {
  return channel == Channel::Email ? recipient.email : recipient.phone;
}

}  // namespace

ListPlan::ListPlan(Deps deps, SendRequest request, ChoicePolicy choice)
    : deps_(std::move(deps)), request_(std::move(request)), policy_(for_list(choice)) {
  seen_.reserve(request_.user_count());
}

std::optional<std::int64_t> ListPlan::expected_rows() const {
  return static_cast<std::int64_t>(request_.user_count());
}

Task<Result<std::vector<PlannedDelivery>>> ListPlan::next(std::size_t limit) {
  if (!eligibility_) {
    auto responses = co_await load_responses(deps_.sources, deps_.contacts, deps_.responses);
    if (!responses) co_return std::unexpected(responses.error());
    deps_.responses = std::move(*responses);
    choice_.emplace(*deps_.responses, *deps_.prices, policy_);
    auto facts = co_await load_audience_facts(deps_.sources, deps_.sources.clock.wall_now());
    if (!facts) co_return std::unexpected(facts.error());
    facts_ = std::move(*facts);
    EligibilityRules rules = EligibilityRules::for_explicit_list(request_.respects_caps);
    rules.set_up = deps_.set_up;
    if (deps_.templates != nullptr) templates_ = co_await deps_.templates->current();
    eligibility_.emplace(std::move(rules), facts_->suppressions, facts_->recent);
  }
  std::vector<PlannedDelivery> rows;
  const std::size_t end = position_ + std::min(limit, request_.user_count() - position_);
  rows.reserve(end - position_);
  for (; position_ < end; ++position_) rows.push_back(plan(position_));
  if (has_unchecked_template_) {
    co_return fail(ErrorKind::Unavailable,
                   "nobody can say whether its WhatsApp templates are approved: " + templates_.error().message);
  }
  co_return rows;
}

std::string ListPlan::take_id(const ListRecipient& recipient, std::size_t index, bool& is_duplicate) {
  std::string id = recipient.customer_id;
  is_duplicate = !id.empty() && seen_.contains(hash64(id));
  // A caller's own "CUST-1#17" must not meet ours.
  while (id.empty() || !seen_.insert(hash64(id)).second) id += fmt::format("#{}", index + 1);
  return id;
}

PlannedDelivery ListPlan::plan(std::size_t index) {
  PlannedDelivery row;
  boost::system::error_code error;
  const json::value entry = json::parse(request_.user(index), error);
  const ListRecipient recipient = read_list_recipient(entry);
  bool is_duplicate = false;
  row.contact_id = take_id(recipient, index, is_duplicate);
  row.channel = recipient.channel;
  if (row.channel) row.destination = written_address(recipient, *row.channel);
  if (recipient.problem) {
    refuse(row, DeliveryState::Failed, *recipient.problem);
    return row;
  }
  if (is_duplicate) {
    refuse(row, DeliveryState::Skipped,
           {"duplicate_contact", fmt::format("{} is in the list before.", recipient.customer_id)});
    return row;
  }
  const auto known = recipient.customer_id.empty() ? std::nullopt : deps_.contacts->find(recipient.customer_id);
  if (known) {
    deps_.contacts->get(*known, contact_);
  } else {
    contact_ = Contact{};
    contact_.id = row.contact_id;
  }
  if (!recipient.channel && !known) {
    refuse(row, DeliveryState::Failed,
           {"no_channel", "The customer is not known, so no channel can be chosen; give selected_channel."});
    return row;
  }
  Messages messages;
  PerChannel<std::int32_t> parts{{1, 1, 1}};
  if (const auto problem = make_messages(recipient, messages, parts)) {
    refuse(row, DeliveryState::Failed, *problem);
    return row;
  }
  const PerChannel<bool> is_valid = take_addresses(recipient);
  decide(recipient, messages, parts, is_valid, row);
  return row;
}

std::optional<ListProblem> ListPlan::make_messages(const ListRecipient& recipient, Messages& messages,
                                                   PerChannel<std::int32_t>& parts) {
  std::optional<ListProblem> first_problem;
  bool has_any = false;
  for (const Channel channel : all_channels) {
    if (recipient.channel ? channel != *recipient.channel : !recipient.has_content[channel]) continue;
    auto made = make_list_message(*recipient.json, channel);
    std::optional<ListProblem> problem;
    if (!made) {
      problem = std::move(made.error());
    } else if (auto refusal = check_body(*made, parts[channel])) {
      problem = ListProblem{std::move(refusal->reason), std::move(refusal->message)};
    } else if (const auto* body = std::get_if<WhatsAppBody>(&*made)) {
      if (!templates_) {
        has_unchecked_template_ = true;
      } else if (auto refused =
                     *templates_ ? (*templates_)->find_problem(body->template_name, body->language) : std::nullopt) {
        problem = ListProblem{"template_not_approved", std::move(*refused)};
      }
    }
    if (!problem) {
      messages[channel] = std::move(*made);
      has_any = true;
    } else if (!first_problem) {
      first_problem = std::move(problem);
    }
  }
  if (has_any) return std::nullopt;
  return first_problem.value_or(ListProblem{
      "invalid_content", "There is nothing to send; give message, message with subject, or template_name."});
}

PerChannel<bool> ListPlan::take_addresses(const ListRecipient& recipient) {
  PerChannel<bool> is_valid{{true, true, true}};
  has_own_address_ = PerChannel<bool>{{true, true, true}};
  // What the contact has was checked when it was imported.
  if (!recipient.phone.empty() && recipient.phone != contact_.phone) {
    auto phone = deps_.read_phone(recipient.phone, contact_.country);
    is_valid[Channel::Sms] = is_valid[Channel::WhatsApp] = phone.has_value();
    has_own_address_[Channel::Sms] = has_own_address_[Channel::WhatsApp] = phone && *phone == contact_.phone;
    contact_.phone = recipient.phone;
    if (phone) contact_.phone = std::move(*phone);
  }
  if (!recipient.email.empty() && recipient.email != contact_.email) {
    auto email = deps_.read_email(recipient.email);
    is_valid[Channel::Email] = email.has_value();
    has_own_address_[Channel::Email] = email && *email == contact_.email;
    contact_.email = recipient.email;
    if (email) contact_.email = std::move(*email);
  }
  return is_valid;
}

void ListPlan::exclude_opted_out_addresses(ContactEligibility& eligibility) {
  for (const Channel channel : all_channels) {
    if (!eligibility.is_allowed(channel)) continue;
    if (has_own_address_[channel] && contact_.consent[channel].state == ConsentState::OptedIn) continue;
    const auto holder = deps_.contacts->find_opted_out(channel, address_of(contact_, channel));
    if (!holder) continue;
    opt_out_note_[channel] = fmt::format("as {}", deps_.contacts->text(*holder, Field::Id));
    eligibility.exclusion[channel] = Exclusion{.rule = Rule::OptedOut, .detail = opt_out_note_[channel]};
  }
}

// A long list takes hours: quiet hours are those of the moment when a message's turn comes.
PerChannel<WallTime> ListPlan::expected_send_times() const {
  PerChannel<WallTime> times{{eligibility_->now(), eligibility_->now(), eligibility_->now()}};
  for (const Channel channel : all_channels) {
    // A rate of almost nothing would be a time that no clock can hold.
    const std::chrono::duration<double> wait(
        std::min(static_cast<double>(queued_[channel]) / request_.throughput_tps, longest_wait_seconds));
    times[channel] += std::chrono::duration_cast<std::chrono::milliseconds>(wait);
  }
  return times;
}

void ListPlan::decide(const ListRecipient& recipient, const Messages& messages, const PerChannel<std::int32_t>& parts,
                      const PerChannel<bool>& is_valid, PlannedDelivery& row) {
  const std::uint64_t hash = hash64(contact_.id);
  ContactEligibility eligibility = eligibility_->check(contact_, hash, expected_send_times());
  exclude_opted_out_addresses(eligibility);
  for (const Channel channel : all_channels) {
    if (!messages[channel]) {
      eligibility.exclusion[channel] = Exclusion{.rule = Rule::NotOffered};
    } else if (!is_valid[channel] && deps_.set_up[channel]) {
      eligibility.exclusion[channel] = Exclusion{.rule = Rule::InvalidAddress};
    }
  }
  const Decision decision = choice_->decide({.contact = contact_,
                                             .contact_hash = hash,
                                             .eligibility = eligibility,
                                             .parts = parts,
                                             .messages_this_week = facts_->recent.find(hash).last_week,
                                             .now = eligibility_->now()});
  if (!decision.channel) {
    const Rule rule = decision.exclusion->rule;
    row.state = is_failure(rule) ? DeliveryState::Failed : DeliveryState::Skipped;
    row.reason = to_string(rule);
    row.why = write_why(decision);
    if (!row.channel) row.channel = channel_in_question(eligibility);
    if (row.channel) row.destination = address_of(contact_, *row.channel);
    return;
  }
  const Channel channel = *decision.channel;
  row.channel = channel;
  row.state = DeliveryState::Waiting;
  row.destination = address_of(contact_, channel);
  row.parts = parts[channel];
  row.estimated_cost = decision.scores[channel].cost;
  row.due_at = eligibility.due_at(channel);
  if (!row.due_at) queued_[channel] += row.parts;
  row.payload = write_literal_payload(*messages[channel]);
  if (recipient.channel) {
    const std::string_view sentence =
        recipient.sentence.empty() ? std::string_view("The caller selected this channel.") : recipient.sentence;
    row.why = json::serialize(
        json::object{{"channel", to_string(channel)}, {"probability", recipient.probability}, {"sentence", sentence}});
  } else {
    row.why = write_why(decision);
  }
  eligibility_->take_address(row.destination);
}

}  // namespace clarion
