#pragma once
// AudiencePlan: the plan of a campaign made from a query or segment, row by row; and the facts a plan needs.
//
// Order    rows come in the order of the selection; the same facts, rules and seed give the same plan.
// Threads  one executor.

#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "audience/contact_table.h"
#include "base/clock.h"
#include "decision/outlook.h"
#include "engine/campaign_engine.h"
#include "engine/learned_responses.h"
#include "engine/recipient_policy.h"
#include "ports/contact_log.h"
#include "ports/delivery_store.h"
#include "ports/suppression_store.h"

namespace clarion {

// Where the facts are that a plan is made from.
struct PlanningSources {
  SuppressionStore& suppressions;
  DeliveryLog& deliveries;
  ContactLog& ledger;
  Clock& clock;
  LearnedResponses* learned = nullptr;  // null: nothing is learnt from the ledger
};

// Reads suppressions, the last week of the ledger and what other campaigns are still to send. Errors as the stores'.
Task<Result<std::shared_ptr<const AudienceFacts>>> load_audience_facts(PlanningSources sources, WallTime now);
// The model learnt from the ledger; `otherwise` where none is. Errors as the ledger's.
Task<Result<std::shared_ptr<const ResponseModel>>> load_responses(PlanningSources sources,
                                                                  std::shared_ptr<const ContactTable> contacts,
                                                                  std::shared_ptr<const ResponseModel> otherwise);

// Everything that a plan or a preview of a selection is made from; all shared, so that a campaign that is planned in
// the background keeps what it needs while newer contacts are loaded. No pointer is null.
struct Selection {
  std::shared_ptr<const ContactTable> contacts;
  std::vector<ContactRow> rows;
  std::shared_ptr<const CampaignContent> content;
  std::shared_ptr<const ResponseModel> responses;  // where nothing is learnt from the ledger
  std::shared_ptr<const PriceTable> prices;
  PlanRules rules;
  // Beside `rows`, one for each: the channels that did not reach the contact before. Empty: none for anybody.
  std::vector<PerChannel<bool>> failed = {};
};

class AudiencePlan final : public PlanSource {
 public:
  using Deps = PlanningSources;

  // Facts are read at the first next(). `start_at`: caps and quiet hours are taken as of then when it is in the future.
  AudiencePlan(Deps deps, Selection selection, std::optional<WallTime> start_at = std::nullopt);

  Task<Result<std::vector<PlannedDelivery>>> next(std::size_t limit) override;
  [[nodiscard]] std::optional<std::int64_t> expected_rows() const override;
  // Of the rows that have been handed out.
  [[nodiscard]] const OutlookComparison& outlook() const { return outlook_; }

 private:
  Deps deps_;
  Selection selection_;
  std::optional<WallTime> start_at_;
  std::optional<RecipientPolicy> policy_;
  std::size_t position_ = 0;
  Contact contact_;  // reused, so that its buffers are
  OutlookComparison outlook_;
};

}  // namespace clarion
