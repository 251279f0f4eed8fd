#pragma once
// The items of a campaign in the campaigns table, as its store and the ledger read them.
//
// campaigns / <number>          says the id: the list, newest last. Written first; without the item below it is nothing
// campaign#<id> / campaign      the campaign: what was asked for, its status, and the head of its plan
// campaign#<id> / fence#<name>  the fence of one worker

#include "domain/campaign.h"
#include "store/dynamo_database.h"

namespace clarion {

inline constexpr const char* partition_of_campaigns = "campaigns";

[[nodiscard]] DynamoItem key_of_campaign(const std::string& id);
[[nodiscard]] DynamoItem key_of_fence(const std::string& id, const std::string& worker);

// NotFound.
Task<Result<std::string>> find_campaign_id(DynamoDatabase& database, CampaignNumber number);
Task<Result<DynamoItem>> find_campaign_item(DynamoDatabase& database, std::string id);
// The campaign without its costs. The item's long texts are read where they lie.
Task<Result<Campaign>> read_campaign(DynamoDatabase& database, DynamoItem item);

[[nodiscard]] inline CampaignNumber campaign_number_of(const DynamoItem& item) {
  return CampaignNumber{static_cast<std::uint32_t>(number_of(item, "number"))};
}

}  // namespace clarion
