#pragma once
// RunHistory: how one campaign ran over time, for its chart: what ended in each slice of time on each channel, at which
// limit, at which rate that was asked for.
//
// Resolution  one second at first. When there are more than `most_slices` slices, neighbours are joined and each covers
//             twice the time: a run of ten minutes is kept by the second, one of a day by four minutes and a quarter.
// Memory      at most `most_slices` slices, about 100 KB, whatever the campaign's size or length. Time in which nothing
//             ended takes no slice.
// Time        of the wall clock, in whole slices since 1970, so that the histories of several processes can be added
//             up.
// Threads     not thread-safe; keep each on one executor.

#include <array>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "domain/channel.h"

namespace clarion {

// How one attempt ended.
enum class RunMark : std::uint8_t { Accepted, Failed, InDoubt, Throttled, Retried };
inline constexpr std::array<RunMark, 5> all_run_marks{RunMark::Accepted, RunMark::Failed, RunMark::InDoubt,
                                                      RunMark::Throttled, RunMark::Retried};
[[nodiscard]] std::string_view to_string(RunMark mark);  // "accepted", "failed", "in_doubt", "throttled", "retried"

struct RunSlice {
  struct OfChannel {
    std::array<std::int64_t, all_run_marks.size()> marks{};
    double limit = 0;  // messages a second, the latest of the slice; 0: nothing ended on this channel

    [[nodiscard]] std::int64_t count(RunMark mark) const { return marks[static_cast<std::size_t>(mark)]; }
    bool operator==(const OfChannel&) const = default;
  };
  std::int64_t number = 0;  // since 1970, in slices
  double asked = 0;         // the rate that was asked for on each channel, the latest of the slice
  PerChannel<OfChannel> by_channel;
  bool operator==(const RunSlice&) const = default;
};

class RunHistory {
 public:
  static constexpr std::size_t most_slices = 600;

  RunHistory() = default;
  // As it was kept. REQUIRES: seconds_per_slice is a power of two, the slices ascend and are at most `most_slices`.
  RunHistory(std::int64_t seconds_per_slice, std::vector<RunSlice> slices)
      : seconds_(seconds_per_slice), slices_(std::move(slices)) {}

  struct Rates {
    double asked = 0;  // messages a second on each channel, by the operator
    double limit = 0;  // what the channel was held to
  };
  // One attempt has ended.
  void add(Channel channel, RunMark mark, Rates rates, WallTime at);
  // Adds what another process, or this one before it was started again, has counted.
  void add(const RunHistory& other);

  [[nodiscard]] std::int64_t seconds_per_slice() const { return seconds_; }
  [[nodiscard]] const std::vector<RunSlice>& slices() const { return slices_; }  // oldest first
  // Raised by every attempt that is added.
  [[nodiscard]] std::uint64_t revision() const { return revision_; }

 private:
  RunSlice& slice_at(std::int64_t number);
  void coarsen();

  std::int64_t seconds_ = 1;  // a power of two
  std::uint64_t revision_ = 0;
  std::vector<RunSlice> slices_;
};

}  // namespace clarion
