#include "engine/run_book.h"

#include <boost/json/serialize.hpp>

#include "base/log.h"
#include "engine/run_history_json.h"

namespace clarion {

void RunBook::note_outage(const Error& error) {
  if (!is_out_) log_warn("run_history_not_kept", {{"error", std::string_view(error.message)}});
  is_out_ = true;
}

Task<bool> RunBook::add_earlier(CampaignNumber campaign) {
  const auto kept = co_await store_->load(campaign);
  if (!kept) {
    note_outage(kept.error());
    co_return false;
  }
  const auto open = open_.find(campaign);
  if (open == open_.end()) co_return false;
  if (open->second.has_earlier) co_return true;  // somebody else was faster
  for (const KeptRun& run : *kept) {
    if (!run.is_own) continue;
    if (const auto earlier = read_history(run.history)) open->second.history.add(*earlier);
  }
  open->second.has_earlier = true;
  co_return true;
}

Task<void> RunBook::keep(CampaignNumber campaign) {
  if (store_ == nullptr || !open_.contains(campaign)) co_return;
  if (!open_[campaign].has_earlier && !co_await add_earlier(campaign)) co_return;
  const auto open = open_.find(campaign);
  if (open == open_.end()) co_return;
  const std::uint64_t revision = open->second.history.revision();
  if (revision == open->second.kept_revision) co_return;
  const auto saved = co_await store_->save(campaign, boost::json::serialize(history_to_json(open->second.history)));
  if (!saved) {
    note_outage(saved.error());
    co_return;
  }
  is_out_ = false;
  if (const auto now = open_.find(campaign); now != open_.end()) now->second.kept_revision = revision;
}

Task<Result<RunHistory>> RunBook::read(CampaignNumber campaign) {
  RunHistory sum;
  if (store_ == nullptr) {
    if (const auto open = open_.find(campaign); open != open_.end()) sum = open->second.history;
    co_return sum;
  }
  const bool was_open = open_.contains(campaign);
  auto kept = co_await store_->load(campaign);
  // It ended meanwhile, and was kept whole before it was closed.
  if (was_open && !open_.contains(campaign)) kept = co_await store_->load(campaign);
  const auto open = open_.find(campaign);
  if (open != open_.end()) {
    sum = open->second.history;
  } else if (!kept) {
    co_return std::unexpected(kept.error());
  }
  if (!kept) co_return sum;
  for (const KeptRun& run : *kept) {
    // What is open has its own past in it, once it was added.
    if (run.is_own && open != open_.end() && open->second.has_earlier) continue;
    if (const auto history = read_history(run.history)) sum.add(*history);
  }
  co_return sum;
}

}  // namespace clarion
