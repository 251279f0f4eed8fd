#include "store/sqlite_run_history_store.h"

#include <utility>

namespace clarion {

Task<Result<void>> SqliteRunHistoryStore::save(CampaignNumber campaign, std::string history) {
  return database_.write([campaign, history = std::move(history)](SqliteConnection& connection) -> Result<void> {
    connection
        .prepare(
            "INSERT INTO run_history (campaign, history) VALUES (?, ?) ON CONFLICT (campaign) DO UPDATE SET history = "
            "excluded.history")
        .bind(campaign, history)
        .run();
    return {};
  });
}

Task<Result<std::vector<KeptRun>>> SqliteRunHistoryStore::load(CampaignNumber campaign) {
  return database_.read([campaign](SqliteConnection& connection) -> Result<std::vector<KeptRun>> {
    std::vector<KeptRun> runs;
    auto rows = connection.prepare("SELECT history FROM run_history WHERE campaign = ?");
    rows.bind(campaign);
    while (rows.step()) runs.push_back(KeptRun{.history = std::string(rows.text(0)), .is_own = true});
    return runs;
  });
}

}  // namespace clarion
