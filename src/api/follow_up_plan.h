#pragma once
// FollowUpPlan: a campaign to those of an ended one whose message failed, by one of two rules.
//
// Retry    whose failure may be tried again (engine/retry_rules.h), on any channel.
// Fallback whom the channel did not reach (engine/fallback_rules.h), on another one: no channel that failed for a person
//          in the campaign, or in one that it follows, is allowed for that person (Rule::ChannelFailed); who was reached
//          after all in one of these is left out, and who has said stop on such a channel skipped. A retry of a fallback
//          keeps to that too.
// People   those of a query or segment are planned anew by the rules, content and seed of their campaign, so consent,
//          opt-outs, suppressions and caps are as of now; those of an explicit list, which has no other channel for
//          them, get the message that the list gave them, at the address it gave. Who is no contact any more is skipped
//          as "not_a_contact".
// Memory   four bytes a contact, of a fallback three more and about a hundred while it reads what was before, and the
//          row of each who is none any more; of an explicit list, what the list took.
// Again    planned again after a crash it reads the ledger again; nothing was sent before.
// Threads  one executor.

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "api/audience_snapshot.h"
#include "engine/plan_audience.h"
#include "ports/campaign_store.h"
#include "ports/consent_log.h"
#include "ports/template_catalogue.h"

namespace clarion {

enum class FollowUp : std::uint8_t { Retry, Fallback };
inline constexpr std::array all_follow_ups{FollowUp::Retry, FollowUp::Fallback};
[[nodiscard]] std::string_view to_string(FollowUp kind);  // "retry", "fallback"
// The member of CampaignDefinition::audience and of the API's documents that names the followed one: "retry_of", ...
[[nodiscard]] std::string_view member_of(FollowUp kind);

// The id of the campaign that follows `id`: the same each time, so that asking twice makes one.
[[nodiscard]] std::string follow_up_id_of(FollowUp kind, std::string_view id);
// CampaignDefinition::audience: {"kind": as of the followed one, "retry_of" or "fallback_of"}.
[[nodiscard]] std::string write_follow_up_audience(FollowUp kind, const CampaignDefinition& followed);
// The campaign that this one follows in that way; empty when there is none.
[[nodiscard]] std::string followed_by(FollowUp kind, const CampaignDefinition& definition);
[[nodiscard]] bool follows_another(const CampaignDefinition& definition);
// Made from an explicit list, or follows one that was.
[[nodiscard]] bool is_of_list(const CampaignDefinition& definition);

// How many deliveries of the campaign the rule is for; counting ends at `most`. Errors are the ledger's.
[[nodiscard]] Task<Result<std::int64_t>> count_followed(FollowUp kind, DeliveryLog& log, Campaign campaign,
                                                        std::int64_t most);

class FollowUpPlan final : public PlanSource {
 public:
  struct Deps {
    PlanningSources sources;
    CampaignStore& campaigns;
    ConsentLog& consents;
    std::shared_ptr<const AudienceSnapshot> audience;
    TemplateCatalogue* templates = nullptr;  // as of ListPlan::Deps
  };
  // Everything is read at the first next(). Errors of next(): NotFound without the campaign that is followed, Invalid
  // when a snapshot cannot be read or more than most_followed campaigns follow each other, and those of the plan that it
  // makes. REQUIRES: the definition follows a campaign.
  FollowUpPlan(Deps deps, CampaignDefinition definition) : deps_(std::move(deps)), definition_(std::move(definition)) {}

  static constexpr int most_followed = 16;

  Task<Result<std::vector<PlannedDelivery>>> next(std::size_t limit) override;
  [[nodiscard]] std::optional<std::int64_t> expected_rows() const override;

 private:
  // Whom it is for, and the channels that did not reach each of them, once a fallback is on the way to here.
  struct People {
    std::vector<ContactRow> rows;
    std::vector<PerChannel<bool>> failed;
  };

  Task<Result<void>> prepare();
  Task<Result<void>> prepare_contacts(const Campaign& followed);
  Task<Result<People>> read_people(const Campaign& followed);
  Task<Result<void>> look_back(Campaign campaign, People& people);
  Task<Result<void>> add_failed(const Campaign& earlier, People& people);
  Task<Result<void>> skip_stopped(People& people);
  static void keep(People& people, const std::vector<bool>& is_kept);
  Task<Result<void>> prepare_list(const Campaign& followed);

  Deps deps_;
  CampaignDefinition definition_;
  FollowUp kind_ = FollowUp::Retry;       // as of prepare()
  std::unique_ptr<PlanSource> plan_;      // none before the first next()
  std::vector<PlannedDelivery> skipped_;  // come last
};

}  // namespace clarion
