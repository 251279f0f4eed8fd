#pragma once
// HeldWork: which references of the work queue this worker holds, how many more it could use, and what is to be done
// with each. Pure: no I/O, time is passed in.
//
// Bound    a worker holds for each campaign and channel about what it sends in two seconds, at least 2 and at most 16:
//          so a slow campaign cannot fill a worker's hands, and what one worker cannot use is there for another.
// Threads  one executor.

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "ports/work_queue.h"

namespace clarion {

// What the ledger says of the rows that a reference names.
struct WorkSight {
  bool has_waiting = false;
  bool has_sending = false;
  bool is_mine = false;                                 // this worker is sending from them
  std::optional<WallTime> earliest_due = std::nullopt;  // of what waits
  std::int64_t version = 0;                             // differs after every change
};

struct WorkVerdict {
  enum class Kind : std::uint8_t { Keep, Finish, PutBack };
  Kind kind = Kind::Keep;
  std::chrono::seconds delay{0};  // PutBack: before others receive it
};

class HeldWork {
 public:
  // A claim asked for `rows` of the channel: references to it can be used here.
  void note_claim(CampaignNumber campaign, Channel channel, std::size_t rows, TimePoint now);
  // How many references could be used beyond those held.
  [[nodiscard]] std::size_t room(TimePoint now) const;
  [[nodiscard]] bool has_room_for(const WorkReference& work, TimePoint now) const;

  // False, and nothing is changed: it is held already.
  bool hold(HeldReference reference, TimePoint now);
  // Nothing happens when it is not held.
  void drop(const WorkReference& work);
  void drop_receipt(const std::string& receipt);
  [[nodiscard]] bool holds(const WorkReference& work) const { return held_.contains(work); }
  [[nodiscard]] std::size_t size() const { return held_.size(); }
  // The chunks that are referred to, in their order.
  [[nodiscard]] std::vector<std::uint32_t> chunks(CampaignNumber campaign, Channel channel) const;
  [[nodiscard]] std::vector<HeldReference> all() const;

  // Receipts that have to be extended now, and are taken to be.
  std::vector<std::string> take_due_for_extension(TimePoint now);
  // What to do with a reference that is held, or that has just been received. One whose rows have not changed for a
  // minute is put back, for whatever holds them up: perhaps another worker has more luck.
  WorkVerdict judge(const WorkReference& work, const WorkSight& sight, TimePoint now, WallTime wall_now);

 private:
  struct Held {
    std::string receipt;
    TimePoint extended_at{};
    TimePoint changed_at{};
    std::int64_t version = 0;
  };
  struct Want {
    std::size_t rows = 0;
    TimePoint at{};
  };
  using ChannelOfCampaign = std::pair<CampaignNumber, Channel>;
  [[nodiscard]] std::size_t count(ChannelOfCampaign of) const;
  [[nodiscard]] static std::size_t bound(const Want& want);

  std::map<WorkReference, Held> held_;
  std::map<ChannelOfCampaign, Want> wants_;
};

}  // namespace clarion
