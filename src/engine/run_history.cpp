#include "engine/run_history.h"

#include <algorithm>
#include <array>

namespace clarion {
namespace {

void add_marks(RunSlice& to, const RunSlice& from) {
  to.asked = from.asked;
  for (const Channel channel : all_channels) {
    const RunSlice::OfChannel& more = from.by_channel[channel];
    RunSlice::OfChannel& sum = to.by_channel[channel];
    for (std::size_t i = 0; i < sum.marks.size(); ++i) sum.marks[i] += more.marks[i];
    if (more.limit > 0) sum.limit = more.limit;
  }
}

}  // namespace

std::string_view to_string(RunMark mark) {
  constexpr std::array<std::string_view, all_run_marks.size()> names{"accepted", "failed", "in_doubt", "throttled",
                                                                     "retried"};
  return names[static_cast<std::size_t>(mark)];
}

RunSlice& RunHistory::slice_at(std::int64_t number) {
  if (!slices_.empty() && slices_.back().number == number) return slices_.back();
  // Nearly always the newest; the clock on the wall may have been set back, and other histories are older.
  const auto place = std::ranges::lower_bound(slices_, number, {}, &RunSlice::number);
  if (place != slices_.end() && place->number == number) return *place;
  return *slices_.insert(place, RunSlice{.number = number, .asked = 0, .by_channel = {}});
}

void RunHistory::coarsen() {
  seconds_ *= 2;
  std::vector<RunSlice> joined;
  joined.reserve(slices_.size());
  for (RunSlice& slice : slices_) {
    slice.number >>= 1;
    if (!joined.empty() && joined.back().number == slice.number) {
      add_marks(joined.back(), slice);
    } else {
      joined.push_back(slice);
    }
  }
  slices_ = std::move(joined);
}

void RunHistory::add(Channel channel, RunMark mark, Rates rates, WallTime at) {
  const std::int64_t second = std::chrono::floor<std::chrono::seconds>(at).time_since_epoch().count();
  RunSlice& slice = slice_at(second / seconds_);
  slice.asked = rates.asked;
  ++slice.by_channel[channel].marks[static_cast<std::size_t>(mark)];
  slice.by_channel[channel].limit = rates.limit;
  ++revision_;
  while (slices_.size() > most_slices) coarsen();
}

void RunHistory::add(const RunHistory& other) {
  RunHistory theirs = other;
  while (seconds_ < theirs.seconds_) coarsen();
  while (theirs.seconds_ < seconds_) theirs.coarsen();
  for (const RunSlice& slice : theirs.slices_) {
    RunSlice& ours = slice_at(slice.number);
    const double asked = ours.asked > 0 ? ours.asked : slice.asked;
    add_marks(ours, slice);
    ours.asked = asked;
  }
  while (slices_.size() > most_slices) coarsen();
}

}  // namespace clarion
