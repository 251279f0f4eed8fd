#pragma once
// WorkRunner: this worker and its work queue: announces what waits, takes references as it can use them, keeps them
// while their rows are unfinished, and puts back what it cannot use. Claims look at the rows of held references first.
//
// Truth    the ledger. A reference never allows anything: rows are taken by the unit's conditional write alone. And it
//          is never needed: claims go on to what the ledger shows when there are none, so that a queue that is slow,
//          empty, full of another campaign or gone holds nobody up.
// Errors   of the queue are logged once an outage and shown by status(); nothing stops for them.
// Threads  the ledger's executor; status() and tells_of_work() from any.

#include <atomic>
#include <functional>
#include <mutex>
#include <string>
#include <vector>

#include "base/task_group.h"
#include "ports/work_queue.h"
#include "store/dynamo_ledger.h"

namespace clarion {

class WorkRunner {
 public:
  // Whether this process sends the campaign; it begins to when it has not yet. NotFound: there is no such campaign.
  using TakeUp = std::function<Task<Result<bool>>(CampaignNumber)>;

  // REQUIRES: both outlive it.
  WorkRunner(DynamoLedger& ledger, WorkQueue& queue) : ledger_(ledger), queue_(queue) {}

  // Receives and keeps until close().
  void start(TakeUp take_up);
  // Ends that, and gives back what is held, so that others need not wait for it.
  Task<void> close();
  // Tells all workers of everything that waits in the campaign; announce() goes on in the background.
  void announce(CampaignNumber campaign);
  Task<void> announce_now(CampaignNumber campaign);

  // A campaign that another process begins is heard of at once, as far as one can know.
  [[nodiscard]] bool tells_of_work() const { return tells_of_work_.load(); }
  [[nodiscard]] WorkStatus status() const;

  // What start() does again and again: one receipt of as many as there is room for, which waits up to `wait` for the
  // first; true when one of them is held now. And one look at everything that is held.
  Task<bool> receive(const TakeUp& take_up, std::chrono::seconds wait);
  Task<void> keep();

 private:
  // What has been decided about references, to be done by few calls.
  struct Decided {
    std::vector<std::string> finished;
    std::vector<Announcement> put_back;
    std::vector<std::string> put_back_receipts;

    void put_back_later(const HeldReference& reference, std::chrono::seconds delay);
  };
  Task<void> receive_all(TakeUp take_up);
  Task<void> keep_all();
  Task<void> watch_depth();
  // True when it is held from now on.
  Task<bool> take_in(const TakeUp& take_up, HeldReference reference, Decided& decided);
  Task<void> carry_out(Decided decided);
  // True when the queue did it. Logs the beginning and the end of an outage.
  bool note(const Result<void>& result);
  void count_held();

  DynamoLedger& ledger_;
  WorkQueue& queue_;
  TaskGroup group_;
  std::atomic<bool> tells_of_work_ = false;
  mutable std::mutex mutex_;
  WorkStatus status_;  // guarded by mutex_
};

}  // namespace clarion
