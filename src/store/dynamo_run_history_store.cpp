#include "store/dynamo_run_history_store.h"

#include <utility>

namespace clarion {
namespace {

std::string partition_of(CampaignNumber campaign) {
  return "run#" + key_of(static_cast<std::uint32_t>(campaign));
}

Task<Result<void>> save_run(DynamoDatabase& database, CampaignNumber campaign, std::string worker,
                            std::string history) {
  DynamoItem item = dynamo_key(partition_of(campaign), std::move(worker));
  item.emplace("history", dynamo_text(history));
  const auto put = co_await database.client().put_item(database.tables().campaigns, std::move(item));
  if (!put) co_return std::unexpected(put.error());
  co_return Result<void>();
}

Task<Result<std::vector<KeptRun>>> load_runs(DynamoDatabase& database, CampaignNumber campaign, std::string worker) {
  const auto items = co_await database.partition(database.tables().campaigns, partition_of(campaign));
  if (!items) co_return std::unexpected(items.error());
  std::vector<KeptRun> runs;
  for (const DynamoItem& item : *items) {
    runs.push_back(KeptRun{.history = text_or_bytes(item, "history"), .is_own = text_of(item, "sk") == worker});
  }
  co_return runs;
}

}  // namespace

Task<Result<void>> DynamoRunHistoryStore::save(CampaignNumber campaign, std::string history) {
  return database_.run(save_run(database_, campaign, worker_, std::move(history)));
}

Task<Result<std::vector<KeptRun>>> DynamoRunHistoryStore::load(CampaignNumber campaign) {
  return database_.run(load_runs(database_, campaign, worker_));
}

}  // namespace clarion
