#pragma once
// RunBook: the histories of the campaigns that this process sends, and where they are kept.
//
// Loss     what was counted since it was last kept, a few seconds, is missing from the chart after a crash.
// Threads  one executor.

#include <map>

#include "engine/run_history.h"
#include "ports/run_history_store.h"

namespace clarion {

class RunBook {
 public:
  static constexpr std::chrono::seconds keep_every{5};

  // `store` may be null: nothing is kept then. REQUIRES: it outlives this.
  explicit RunBook(RunHistoryStore* store) : store_(store) {}

  // What this process counts of one campaign; stays where it is until close().
  [[nodiscard]] RunHistory& history(CampaignNumber campaign) { return open_[campaign].history; }
  // Saves what has changed. What an earlier process of this name kept is added first, once. Errors are logged, once.
  Task<void> keep(CampaignNumber campaign);
  // Nothing more is counted. REQUIRES: nobody uses history(campaign).
  void close(CampaignNumber campaign) { open_.erase(campaign); }
  // Of every process. An error only when nothing at all is known.
  Task<Result<RunHistory>> read(CampaignNumber campaign);

 private:
  struct Open {
    RunHistory history;
    std::uint64_t kept_revision = 0;
    bool has_earlier = false;  // what an earlier process kept is in it
  };
  // False: it could not be read, and nothing may be saved over it.
  Task<bool> add_earlier(CampaignNumber campaign);
  void note_outage(const Error& error);

  RunHistoryStore* store_;
  std::map<CampaignNumber, Open> open_;
  bool is_out_ = false;
};

}  // namespace clarion
