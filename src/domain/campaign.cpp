#include "domain/campaign.h"

#include <array>

namespace clarion {
namespace {

constexpr std::array<std::string_view, 6> status_names{"draft",  "scheduled", "running",
                                                       "paused", "completed", "cancelled"};

}  // namespace

std::string_view to_string(CampaignStatus status) {
  return status_names[static_cast<std::size_t>(status)];
}

std::optional<CampaignStatus> parse_campaign_status(std::string_view name) {
  for (std::size_t i = 0; i < status_names.size(); ++i) {
    if (status_names[i] == name) return static_cast<CampaignStatus>(i);
  }
  return std::nullopt;
}

StateCounts CampaignCounts::total() const {
  StateCounts sum = without_channel;
  for (const Channel channel : all_channels) sum += by_channel[channel];
  return sum;
}

}  // namespace clarion
