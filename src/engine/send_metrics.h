#pragma once
// SendMetrics: what this process has sent and how carriers answered, counted for those who watch it.
//
// Counts     of attempts that ended, once their end is in the ledger; since the process started. The ledger's own
//            counts are the truth about a campaign, over restarts too; these are for rates and alarms.
// Algorithm  of a minute's latencies at most 100 are kept, each with the same chance (reservoir sampling, Vitter 1985,
//            "Algorithm R"), because that many fit one metric of CloudWatch.
// Units      milliseconds.
// Threads    safe from any thread.

#include <array>
#include <cstdint>
#include <mutex>
#include <span>
#include <vector>

#include "base/clock.h"
#include "base/hash.h"
#include "domain/channel.h"
#include "domain/send_outcome.h"
#include "ports/delivery_store.h"

namespace clarion {

// Upper bounds of the latency histogram, in seconds; one more bucket holds what is above.
inline constexpr std::array<double, 8> latency_bounds{0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5};

struct SendCounts {
  std::uint64_t accepted = 0;
  std::uint64_t failed = 0;
  std::uint64_t skipped = 0;  // the carrier knows that the person said stop
  std::uint64_t in_doubt = 0;
  std::uint64_t throttled = 0;  // answers that said "too fast"; those messages are tried again
  std::array<std::uint64_t, latency_bounds.size() + 1> answers{};  // by latency
  double answer_seconds = 0;                                       // all of them together

  [[nodiscard]] std::uint64_t answer_count() const;
};

// How many of `records` ended in which way.
[[nodiscard]] PerChannel<SendCounts> count_ends(std::span<const AttemptRecord> records);

class SendMetrics {
 public:
  static constexpr std::size_t latency_samples = 100;

  // The ledger has these ends of attempts.
  void on_recorded(const PerChannel<SendCounts>& ends);
  void on_answer(Channel channel, const SendOutcome& outcome, Duration took);

  [[nodiscard]] PerChannel<SendCounts> counts() const;
  // Latencies in ms since the last call.
  [[nodiscard]] PerChannel<std::vector<double>> take_latencies();

 private:
  struct Sample {
    std::vector<double> kept;
    std::uint64_t seen = 0;
  };

  mutable std::mutex mutex_;
  PerChannel<SendCounts> counts_;  // guarded by mutex_, like the two below
  PerChannel<Sample> samples_;
  SeededRandom random_{1};
};

}  // namespace clarion
