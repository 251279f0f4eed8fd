#include "store/dynamo_response_log.h"

namespace clarion {
namespace {

Task<Result<PerChannel<ChannelResponse>>> read_responses(DynamoLedger& ledger, CampaignNumber number) {
  const auto campaign = co_await ledger.campaign(number);
  if (!campaign) co_return std::unexpected(campaign.error());
  const auto loaded = co_await ledger.load_units(*campaign, std::chrono::seconds(1));
  if (!loaded) co_return std::unexpected(loaded.error());
  const auto totals = DynamoLedger::totals(**campaign);
  PerChannel<ChannelResponse> responses;
  for (const Channel channel : all_channels) {
    const UnitSummary& total = totals[index_of(channel)];
    responses[channel] = {.deliveries = total.kinds,
                          .actual_cost = total.actual_cost,
                          .estimated_cost = (*campaign)->is_planned ? total.estimated_cost : Money{}};
  }
  co_return responses;
}

}  // namespace

Task<Result<PerChannel<ChannelResponse>>> DynamoResponseLog::responses(CampaignNumber campaign) {
  return ledger_.database().run(read_responses(ledger_, campaign));
}

}  // namespace clarion
