#include "engine/plan_audience.h"

#include <algorithm>
#include <utility>

namespace clarion {

Task<Result<std::shared_ptr<const AudienceFacts>>> load_audience_facts(PlanningSources sources, WallTime now) {
  auto facts = std::make_shared<AudienceFacts>(AudienceFacts{{}, RecentContacts(now)});
  const auto listed = co_await sources.suppressions.list();
  if (!listed) co_return std::unexpected(listed.error());
  for (const Suppression& entry : *listed) facts->suppressions.add(entry.channel, entry.address, entry.reason);
  // The visitors run on a thread of the store, but never at the same time as we do: we wait for them. What is waiting
  // comes first: a message that is sent between the two passes is then counted twice rather than not at all.
  const auto pending = co_await sources.ledger.visit_pending([facts](const PendingContact& contact) {
    facts->recent.add_planned(contact.contact_id, contact.campaign_id, contact.due_at);
  });
  if (!pending) co_return std::unexpected(pending.error());
  const auto visited = co_await sources.deliveries.visit_recent(
      now - std::chrono::days(7),
      [facts](const RecentContact& contact) { facts->recent.add(contact.contact_id, contact.at); });
  if (!visited) co_return std::unexpected(visited.error());
  co_return facts;
}

Task<Result<std::shared_ptr<const ResponseModel>>> load_responses(PlanningSources sources,
                                                                  std::shared_ptr<const ContactTable> contacts,
                                                                  std::shared_ptr<const ResponseModel> otherwise) {
  if (sources.learned == nullptr) co_return otherwise;
  co_return co_await sources.learned->current(std::move(contacts), std::move(otherwise));
}

AudiencePlan::AudiencePlan(Deps deps, Selection selection, std::optional<WallTime> start_at)
    : deps_(deps), selection_(std::move(selection)), start_at_(start_at) {}

Task<Result<std::vector<PlannedDelivery>>> AudiencePlan::next(std::size_t limit) {
  if (!policy_) {
    const WallTime now = std::max(deps_.clock.wall_now(), start_at_.value_or(WallTime{}));
    const auto responses = co_await load_responses(deps_, selection_.contacts, selection_.responses);
    if (!responses) co_return std::unexpected(responses.error());
    const auto facts = co_await load_audience_facts(deps_, now);
    if (!facts) co_return std::unexpected(facts.error());
    policy_.emplace(RecipientPolicy::Deps{*facts, selection_.content, *responses, selection_.prices}, selection_.rules);
  }
  std::vector<PlannedDelivery> batch;
  const std::size_t end = position_ + std::min(limit, selection_.rows.size() - position_);
  batch.reserve(end - position_);
  for (; position_ < end; ++position_) {
    selection_.contacts->get(selection_.rows[position_], contact_);
    const auto failed = selection_.failed.empty() ? PerChannel<bool>{} : selection_.failed[position_];
    RecipientPolicy::Planned planned = policy_->plan(contact_, failed);
    outlook_.add(contact_, planned.decision);
    batch.push_back(std::move(planned.delivery));
  }
  co_return batch;
}

std::optional<std::int64_t> AudiencePlan::expected_rows() const {
  return static_cast<std::int64_t>(selection_.rows.size());
}

}  // namespace clarion
