#pragma once
// OutcomeRecorder: writes the ends of one campaign's attempts to the ledger, in groups.
//
// Group commit  a record waits until its time, or that of another one, or until record_batch rows are there.
// Outage        what could not be written is kept, in memory and in order, and tried again with back-off; meanwhile
//               is_blocked() is true and nobody may send.
// Threads       one executor.

#include <functional>
#include <span>
#include <string>
#include <vector>

#include "base/alarm.h"
#include "ports/delivery_store.h"

namespace clarion {

class OutcomeRecorder {
 public:
  struct Deps {
    DeliveryStore& deliveries;
    Clock& clock;
    CampaignNumber campaign{};
    std::string campaign_id;  // for logs
    Fence fence{};
    std::function<void(std::span<const AttemptRecord>)> on_committed;
    // The ledger became unwritable or writable again, or another owner took the fence.
    std::function<void()> on_change;
  };
  explicit OutcomeRecorder(Deps deps) : deps_(std::move(deps)), alarm_(deps_.clock) {}

  // Written at `due` at the latest, if it can be.
  void add(AttemptRecord record, TimePoint due);
  // Loops until closed and everything is written, abandoned or fenced out.
  Task<void> run();
  // No more records will come.
  void close();
  // Gives up what cannot be written: those rows stay in Sending and become in doubt at the next start.
  void abandon();

  [[nodiscard]] bool is_blocked() const { return !outage_.empty(); }
  [[nodiscard]] const std::string& outage() const { return outage_; }
  // Somebody else owns this campaign now; nothing more may be sent or recorded here.
  [[nodiscard]] bool is_fenced_out() const { return is_fenced_out_; }

 private:
  Task<void> commit();
  [[nodiscard]] bool is_ended() const { return is_fenced_out_ || is_abandoned_ || (is_closed_ && pending_.empty()); }

  Deps deps_;
  Alarm alarm_;
  std::vector<AttemptRecord> pending_;
  TimePoint due_ = TimePoint::max();  // of all that are pending
  std::string outage_;
  std::int32_t failures_ = 0;  // in a row
  bool is_closed_ = false;
  bool is_abandoned_ = false;
  bool is_fenced_out_ = false;
};

}  // namespace clarion
