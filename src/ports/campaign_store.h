#pragma once
// CampaignStore: campaigns and their status.
//
// Errors   Conflict (id taken, status changed meanwhile), NotFound, Unavailable (could not record: do not send).
// Threads  call from any executor; the Task resumes on the caller's.

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/task.h"
#include "domain/campaign.h"

namespace clarion {

// A change of status that happens only while the campaign is in one of `from`.
struct StatusChange {
  std::vector<CampaignStatus> from;
  CampaignStatus to{};
  std::string reason;
  WallTime at{};  // becomes started_at on the first Running, finished_at on Completed or Cancelled
};

class CampaignStore {
 public:
  virtual ~CampaignStore() = default;

  // Conflict when the id exists; the existing campaign is untouched.
  virtual Task<Result<Campaign>> create(CampaignDefinition definition, CampaignStatus status, WallTime at) = 0;
  // NotFound when there is none.
  virtual Task<Result<Campaign>> find(std::string id) = 0;
  // Newest first, at most `limit`, of those with number < before (0: from the newest).
  virtual Task<Result<std::vector<Campaign>>> list(std::uint32_t before, std::size_t limit) = 0;
  // Conflict when its status is not one of change.from; the message names the status it has.
  virtual Task<Result<Campaign>> change_status(CampaignNumber number, StatusChange change) = 0;
  virtual Task<Result<void>> set_throughput(CampaignNumber number, double throughput_tps) = 0;
  // The counts as of the last committed transition; always add up.
  virtual Task<Result<CampaignCounts>> counts(CampaignNumber number) = 0;
};

}  // namespace clarion
