#include "engine/audience_preview.h"

#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <utility>

#include "decision/why.h"

namespace clarion {
namespace {

// About 5 ms of work at a few microseconds a contact.
constexpr std::size_t rows_per_turn = 1000;

std::string name_of(const Contact& contact) {
  if (contact.first_name.empty()) return contact.last_name;
  if (contact.last_name.empty()) return contact.first_name;
  return contact.first_name + " " + contact.last_name;
}

// Adds one planned contact after another to a preview.
class PreviewWriter {
 public:
  PreviewWriter(const CampaignContent& content, PreviewLimits limits, std::map<std::string, Channel, std::less<>> asked)
      : content_(content), limits_(std::move(limits)), overrides_left_(std::move(asked)) {}

  void add(const Contact& contact, const RecipientPolicy::Planned& planned) {
    ++preview_.matched;
    outlook_.add(contact, planned.decision);
    if (planned.decision.wanted) add_override(contact, planned.decision);
    if (planned.decision.channel) {
      add_recipient(contact, planned);
    } else {
      add_exclusion(contact, planned);
    }
  }

  AudiencePreview finish() && {
    preview_.before = outlook_.before;
    preview_.after = outlook_.after;
    preview_.cost_range = outlook_.range;
    for (const auto& [id, channel] : overrides_left_) preview_.absent_overrides.push_back(id);
    return std::move(preview_);
  }

 private:
  void add_override(const Contact& contact, const Decision& decision) {
    overrides_left_.erase(contact.id);
    const Channel wanted = *decision.wanted;
    if (decision.channel == wanted) {
      ++preview_.honoured_overrides;
      return;
    }
    const auto& of_channel = decision.scores[wanted].exclusion;
    const Exclusion& exclusion = of_channel ? *of_channel : *decision.exclusion;
    preview_.refused_overrides.push_back({.contact_id = contact.id,
                                          .name = name_of(contact),
                                          .wanted = wanted,
                                          .channel = decision.channel,
                                          .rule = std::string(to_string(exclusion.rule)),
                                          .sentence = explain(exclusion)});
  }

  void add_recipient(const Contact& contact, const RecipientPolicy::Planned& planned) {
    const PlannedDelivery& row = planned.delivery;
    const Channel channel = *planned.decision.channel;
    ++preview_.eligible;
    preview_.parts_by_channel[channel] += row.parts;
    if (channel == Channel::WhatsApp) {
      ++preview_.whatsapp;
      if (preview_.whatsapp_users.size() < limits_.users) preview_.whatsapp_users.push_back(contact.id);
    }
    if (row.due_at) {
      ++preview_.time_optimized;
      preview_.first_due = std::min(*row.due_at, preview_.first_due.value_or(*row.due_at));
      preview_.last_due = std::max(*row.due_at, preview_.last_due.value_or(*row.due_at));
      if (preview_.time_optimized_users.size() < limits_.users) {
        preview_.time_optimized_users.push_back({contact.id, *row.due_at});
      }
    }
    if (samples_[channel] < limits_.samples) {
      ++samples_[channel];
      preview_.samples.push_back({contact.id, name_of(contact), content_.preview(channel, contact)});
    }
    if (preview_.eligible_users.size() >= limits_.users) return;
    auto body = content_.render(channel, row.payload);
    // plan() and render() run the same code; what was planned renders.
    if (!body) return;
    const ChannelScore& score = planned.decision.scores[channel];
    preview_.eligible_users.push_back({.contact_id = contact.id,
                                       .name = name_of(contact),
                                       .channel = channel,
                                       .destination = row.destination,
                                       .body = std::move(*body),
                                       .parts = row.parts,
                                       .cost = row.estimated_cost,
                                       .expected_response = score.response.mean,
                                       .probability = planned.decision.probability,
                                       .is_exploration = planned.decision.is_exploration,
                                       .is_override = planned.decision.wanted == channel,
                                       .due_at = row.due_at,
                                       .sentence = explain(planned.decision)});
  }

  void add_exclusion(const Contact& contact, const RecipientPolicy::Planned& planned) {
    const PlannedDelivery& row = planned.delivery;
    ++preview_.suppressed;
    ++preview_.suppressed_by_rule[row.reason];
    if (!limits_.excluded_by.empty() && limits_.excluded_by != row.reason) return;
    if (preview_.suppressed_users.size() >= limits_.users) return;
    const Exclusion& exclusion = *planned.decision.exclusion;
    preview_.suppressed_users.push_back({.contact_id = contact.id,
                                         .name = name_of(contact),
                                         .channel = row.channel,
                                         .rule = row.reason,
                                         .value = exclusion.value,
                                         .threshold = exclusion.threshold,
                                         .sentence = explain(exclusion)});
  }

  const CampaignContent& content_;
  PreviewLimits limits_;
  std::map<std::string, Channel, std::less<>> overrides_left_;
  PerChannel<std::size_t> samples_;
  OutlookComparison outlook_;
  AudiencePreview preview_;
};

}  // namespace

Task<Result<AudiencePreview>> preview_audience(AudiencePlan::Deps deps, Selection selection, PreviewLimits limits) {
  const WallTime now = std::max(deps.clock.wall_now(), limits.start_at.value_or(WallTime{}));
  const auto responses = co_await load_responses(deps, selection.contacts, selection.responses);
  if (!responses) co_return std::unexpected(responses.error());
  const auto facts = co_await load_audience_facts(deps, now);
  if (!facts) co_return std::unexpected(facts.error());
  RecipientPolicy policy({*facts, selection.content, *responses, selection.prices}, selection.rules);
  PreviewWriter writer(*selection.content, limits, selection.rules.channel_overrides);
  Contact contact;
  std::size_t rows_of_turn = 0;
  for (const ContactRow row : selection.rows) {
    selection.contacts->get(row, contact);
    writer.add(contact, policy.plan(contact));
    if (++rows_of_turn == rows_per_turn) {
      rows_of_turn = 0;
      co_await asio::post(co_await asio::this_coro::executor, asio::use_awaitable);
    }
  }
  co_return std::move(writer).finish();
}

}  // namespace clarion
