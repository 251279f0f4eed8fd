#include "engine/plan_audience.h"

#include <algorithm>
#include <utility>

namespace clarion {

Task<Result<std::shared_ptr<const AudienceFacts>>> load_audience_facts(SuppressionStore& suppressions,
                                                                       DeliveryLog& deliveries, WallTime now) {
  auto facts = std::make_shared<AudienceFacts>(AudienceFacts{{}, RecentContacts(now)});
  const auto listed = co_await suppressions.list();
  if (!listed) co_return std::unexpected(listed.error());
  for (const Suppression& entry : *listed) facts->suppressions.add(entry.channel, entry.address, entry.reason);
  // The visitor runs on a thread of the store, but never at the same time as we do: we wait for it.
  const auto visited = co_await deliveries.visit_recent(
      now - std::chrono::days(7),
      [facts](const RecentContact& contact) { facts->recent.add(contact.contact_id, contact.at); });
  if (!visited) co_return std::unexpected(visited.error());
  co_return facts;
}

std::shared_ptr<const ResponseModel> learn_responses(const ContactTable& contacts, WallTime now,
                                                     const ResponsePriors& priors, std::size_t max_contacts) {
  ResponseLearner learner(now, priors);
  const std::size_t wanted = std::max<std::size_t>(1, max_contacts);
  const std::size_t step = std::max<std::size_t>(1, (contacts.size() + wanted - 1) / wanted);
  Contact contact;
  for (std::size_t row = 0; row < contacts.size(); row += step) {
    contacts.get(static_cast<ContactRow>(row), contact);
    learner.add(contact);
  }
  return std::make_shared<const ResponseModel>(learner.finish());
}

AudiencePlan::AudiencePlan(Deps deps, Selection selection, std::optional<WallTime> start_at)
    : deps_(deps), selection_(std::move(selection)), start_at_(start_at) {}

Task<Result<std::vector<PlannedDelivery>>> AudiencePlan::next(std::size_t limit) {
  if (!policy_) {
    const WallTime now = std::max(deps_.clock.wall_now(), start_at_.value_or(WallTime{}));
    auto facts = co_await load_audience_facts(deps_.suppressions, deps_.deliveries, now);
    if (!facts) co_return std::unexpected(facts.error());
    policy_.emplace(RecipientPolicy::Deps{*facts, selection_.content, selection_.responses, selection_.prices},
                    selection_.rules);
  }
  std::vector<PlannedDelivery> batch;
  const std::size_t end = position_ + std::min(limit, selection_.rows.size() - position_);
  batch.reserve(end - position_);
  for (; position_ < end; ++position_) {
    selection_.contacts->get(selection_.rows[position_], contact_);
    RecipientPolicy::Planned planned = policy_->plan(contact_);
    outlook_.add(contact_, planned.decision);
    batch.push_back(std::move(planned.delivery));
  }
  co_return batch;
}

std::optional<std::int64_t> AudiencePlan::expected_rows() const {
  return static_cast<std::int64_t>(selection_.rows.size());
}

}  // namespace clarion
