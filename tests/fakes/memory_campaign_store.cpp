#include "fakes/memory_campaign_store.h"

#include <algorithm>

namespace clarion::testing {
namespace {

Campaign with_cost(const MemoryCampaign& entry) {
  Campaign campaign = entry.campaign;
  campaign.actual_cost = actual_cost_of(entry);
  return campaign;
}

std::unexpected<Error> no_campaign() {
  return fail(ErrorKind::NotFound, "there is no such campaign");
}

}  // namespace

Task<Result<Campaign>> MemoryCampaignStore::create(CampaignDefinition definition, CampaignStatus status, WallTime at) {
  co_await yield_once();
  for (const auto& [number, entry] : ledger_.campaigns) {
    if (entry.campaign.definition.id == definition.id) {
      co_return fail(ErrorKind::Conflict, "campaign '" + definition.id + "' exists already");
    }
  }
  const std::uint32_t number = ledger_.campaigns.empty() ? 1 : ledger_.campaigns.rbegin()->first + 1;
  MemoryCampaign entry;
  entry.campaign.number = CampaignNumber{number};
  entry.campaign.definition = std::move(definition);
  entry.campaign.status = status;
  entry.campaign.created_at = at;
  if (status == CampaignStatus::Running) entry.campaign.started_at = at;
  Campaign created = ledger_.campaigns.emplace(number, std::move(entry)).first->second.campaign;
  for (int i = 0; i < turns_after_create; ++i) co_await yield_once();
  co_return created;
}

Task<Result<Campaign>> MemoryCampaignStore::find(std::string id) {
  co_await yield_once();
  for (const auto& [number, entry] : ledger_.campaigns) {
    if (entry.campaign.definition.id == id) co_return with_cost(entry);
  }
  co_return no_campaign();
}

Task<Result<std::vector<Campaign>>> MemoryCampaignStore::list(std::uint32_t before, std::size_t limit) {
  co_await yield_once();
  std::vector<Campaign> found;
  for (auto entry = ledger_.campaigns.rbegin(); entry != ledger_.campaigns.rend() && found.size() < limit; ++entry) {
    if (before == 0 || entry->first < before) found.push_back(with_cost(entry->second));
  }
  co_return found;
}

Task<Result<Campaign>> MemoryCampaignStore::change_status(CampaignNumber number, StatusChange change) {
  co_await yield_once();
  MemoryCampaign* entry = ledger_.find(number);
  if (entry == nullptr) co_return no_campaign();
  Campaign& campaign = entry->campaign;
  if (std::ranges::find(change.from, campaign.status) == change.from.end()) {
    co_return fail(ErrorKind::Conflict, "campaign '" + campaign.definition.id + "' is " +
                                            std::string(to_string(campaign.status)) + " and cannot become " +
                                            std::string(to_string(change.to)));
  }
  campaign.status = change.to;
  campaign.status_reason = change.reason;
  if (change.to == CampaignStatus::Running && !campaign.started_at) campaign.started_at = change.at;
  if (change.to == CampaignStatus::Completed || change.to == CampaignStatus::Cancelled) {
    campaign.finished_at = change.at;
  }
  co_return with_cost(*entry);
}

Task<Result<void>> MemoryCampaignStore::set_throughput(CampaignNumber number, double throughput_tps) {
  co_await yield_once();
  MemoryCampaign* entry = ledger_.find(number);
  if (entry == nullptr) co_return no_campaign();
  entry->campaign.definition.throughput_tps = throughput_tps;
  co_return Result<void>{};
}

Task<Result<CampaignCounts>> MemoryCampaignStore::counts(CampaignNumber number) {
  if (counts_failure) co_return std::unexpected(*counts_failure);
  co_await yield_once();
  const MemoryCampaign* entry = ledger_.find(number);
  if (entry == nullptr) co_return no_campaign();
  CampaignCounts counts;
  for (const Channel channel : all_channels) counts.by_channel[channel] = count_rows(*entry, channel);
  counts.without_channel = count_rows(*entry, std::nullopt);
  co_return counts;
}

}  // namespace clarion::testing
