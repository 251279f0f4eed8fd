#pragma once
// DueIndex: where in a plan something is waiting, and from when; answers "which rows next" without a scan.
//
// Shape    the plan is cut into blocks of 128 positions; each keeps a lower bound of the due times of its waiting rows,
//          each group of 128 blocks the least of those. A block that holds a due row is then read from the ledger.
// Memory   8 bytes per 128 rows and channel, whatever is deferred: 10 million rows cost 0.6 MB.
// Cost     one pass over groups and one group's blocks per look-up: under a microsecond for a million rows.

#include <cstdint>
#include <limits>
#include <optional>
#include <vector>

#include "base/clock.h"

namespace clarion {

class DueIndex {
 public:
  static constexpr std::uint32_t block_rows = 128;

  // A row waits at `position`, not before due_at (none: due at once).
  void add(std::uint32_t position, std::optional<WallTime> due_at);
  // A block was read whole: this is the earliest of what still waits there (none: nothing does).
  void set_block(std::uint32_t block, std::optional<WallTime> earliest);
  // A waiting row of the block ended some other way: its bound has to be found again.
  void mark_unsure(std::uint32_t block);
  void clear();

  // The first block that may hold a row due at `now`.
  [[nodiscard]] std::optional<std::uint32_t> first_due_block(WallTime now) const;
  [[nodiscard]] bool is_due(std::uint32_t block, WallTime now) const;
  // The least bound. It is exact when no block is due.
  [[nodiscard]] std::optional<WallTime> earliest() const;

 private:
  static constexpr std::uint32_t group_blocks = 128;
  static constexpr std::int64_t never = std::numeric_limits<std::int64_t>::max();
  static constexpr std::int64_t at_once = std::numeric_limits<std::int64_t>::min();

  void reach(std::uint32_t block);
  void put(std::uint32_t block, std::int64_t bound);

  std::vector<std::int64_t> blocks_;  // milliseconds since the epoch
  std::vector<std::int64_t> groups_;
};

}  // namespace clarion
