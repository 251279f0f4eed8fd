#include "store/due_index.h"

#include <algorithm>

#include "store/stored_time.h"

namespace clarion {
void DueIndex::reach(std::uint32_t block) {
  if (block < blocks_.size()) return;
  blocks_.resize(std::size_t{block} + 1, never);
  groups_.resize(std::size_t{block} / group_blocks + 1, never);
}

void DueIndex::put(std::uint32_t block, std::int64_t bound) {
  reach(block);
  blocks_[block] = bound;
  const std::size_t group = block / group_blocks;
  const auto first = blocks_.begin() + static_cast<std::ptrdiff_t>(group * group_blocks);
  const auto last =
      blocks_.begin() + static_cast<std::ptrdiff_t>(std::min<std::size_t>((group + 1) * group_blocks, blocks_.size()));
  groups_[group] = *std::min_element(first, last);
}

void DueIndex::add(std::uint32_t position, std::optional<WallTime> due_at) {
  const std::uint32_t block = position / block_rows;
  reach(block);
  const std::int64_t due = due_at ? milliseconds_of(*due_at) : at_once;
  blocks_[block] = std::min(blocks_[block], due);
  groups_[block / group_blocks] = std::min(groups_[block / group_blocks], due);
}

void DueIndex::set_block(std::uint32_t block, std::optional<WallTime> earliest) {
  put(block, earliest ? milliseconds_of(*earliest) : never);
}

void DueIndex::mark_unsure(std::uint32_t block) {
  put(block, at_once);
}

void DueIndex::clear() {
  blocks_.clear();
  groups_.clear();
}

bool DueIndex::is_due(std::uint32_t block, WallTime now) const {
  return block < blocks_.size() && blocks_[block] <= milliseconds_of(now);
}

std::optional<std::uint32_t> DueIndex::first_due_block(WallTime now) const {
  const std::int64_t limit = milliseconds_of(now);
  for (std::size_t group = 0; group < groups_.size(); ++group) {
    if (groups_[group] > limit) continue;
    for (std::size_t block = group * group_blocks; block < blocks_.size(); ++block) {
      if (blocks_[block] <= limit) return static_cast<std::uint32_t>(block);
    }
  }
  return std::nullopt;
}

std::optional<WallTime> DueIndex::earliest() const {
  const auto least = std::min_element(groups_.begin(), groups_.end());
  if (least == groups_.end() || *least == never) return std::nullopt;
  return WallTime{std::chrono::milliseconds{*least}};
}

}  // namespace clarion
