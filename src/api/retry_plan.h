#pragma once
// RetryPlan: a campaign to those of an ended one whose failure may be tried again (engine/retry_rules.h).
//
// People   those of a query or segment are planned anew by the rules, content and seed of their campaign, so consent,
//          opt-outs, suppressions and caps are as of now; those of an explicit list get the message that the list gave
//          them, at the address it gave. Who is no contact any more is skipped as "not_a_contact".
// Memory   four bytes a contact, and the row of each who is none any more; of an explicit list, what the list took.
// Again    planned again after a crash it reads the ledger again; nothing was sent before.
// Threads  one executor.

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/audience_snapshot.h"
#include "engine/plan_audience.h"
#include "ports/campaign_store.h"
#include "ports/template_catalogue.h"

namespace clarion {

// The id of the campaign that retries `id`: the same each time, so that asking twice makes one.
[[nodiscard]] std::string retry_id_of(std::string_view id);
// The members of CampaignDefinition::audience: {"kind": as of the one that is retried, "retry_of"}.
[[nodiscard]] std::string write_retry_audience(const CampaignDefinition& retried);
// The campaign that this one retries; empty when it is none of these.
[[nodiscard]] std::string retried_by(const CampaignDefinition& definition);

// How many deliveries of the campaign may be tried again; counting ends at `most`. Errors are the ledger's.
[[nodiscard]] Task<Result<std::int64_t>> count_retryable(DeliveryLog& log, Campaign campaign, std::int64_t most);

class RetryPlan final : public PlanSource {
 public:
  struct Deps {
    PlanningSources sources;
    CampaignStore& campaigns;
    std::shared_ptr<const AudienceSnapshot> audience;
    TemplateCatalogue* templates = nullptr;  // as of ListPlan::Deps
  };
  // Everything is read at the first next(). Errors of next(): NotFound without the campaign that is retried, Invalid
  // when a snapshot cannot be read, and those of the plan that it makes.
  RetryPlan(Deps deps, CampaignDefinition definition) : deps_(std::move(deps)), definition_(std::move(definition)) {}

  Task<Result<std::vector<PlannedDelivery>>> next(std::size_t limit) override;
  [[nodiscard]] std::optional<std::int64_t> expected_rows() const override;

 private:
  Task<Result<void>> prepare();
  Task<Result<void>> prepare_contacts(const Campaign& retried);
  Task<Result<void>> prepare_list(const Campaign& retried);

  Deps deps_;
  CampaignDefinition definition_;
  std::unique_ptr<PlanSource> plan_;     // none before the first next()
  std::vector<PlannedDelivery> absent_;  // come last
};

}  // namespace clarion
