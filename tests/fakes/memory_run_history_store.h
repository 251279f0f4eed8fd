#pragma once
// MemoryRunHistoryStore: the RunHistoryStore in a map. It can be told not to answer.

#include <map>
#include <optional>

#include "ports/run_history_store.h"

namespace clarion::testing {

class MemoryRunHistoryStore final : public RunHistoryStore {
 public:
  Task<Result<void>> save(CampaignNumber campaign, std::string history) override {
    if (outage) co_return std::unexpected(*outage);
    own_[campaign] = std::move(history);
    co_return Result<void>();
  }
  Task<Result<std::vector<KeptRun>>> load(CampaignNumber campaign) override {
    if (outage) co_return std::unexpected(*outage);
    std::vector<KeptRun> runs;
    if (const auto own = own_.find(campaign); own != own_.end()) runs.push_back({own->second, true});
    if (const auto others = of_others.find(campaign); others != of_others.end()) {
      runs.push_back({others->second, false});
    }
    co_return runs;
  }

  std::map<CampaignNumber, std::string> of_others;  // saved by another worker
  std::optional<Error> outage;                      // when set, the answer to everything

 private:
  std::map<CampaignNumber, std::string> own_;
};

}  // namespace clarion::testing
