#pragma once
// EventMetrics: what one source of carriers' events has told this process, and what came of it.
//
// Counts   since the process started; several processes that read one queue each know their own part. The ledger is the
//          truth about a campaign; these say whether events come at all. Always
//          received = applied + duplicates + unmatched + informative + malformed.
// Threads  safe from any thread.

#include <array>
#include <cstdint>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "domain/channel.h"
#include "ports/delivery_store.h"
#include "ports/event_source.h"
#include "ports/response_log.h"

namespace clarion {

enum class SourceStatus : std::uint8_t { Off, Receiving, Failing };
[[nodiscard]] std::string_view to_string(SourceStatus status);  // "off", "receiving", "failing"

// Of one channel: events that were applied.
struct ChannelEvents {
  std::optional<WallTime> last_event_at;  // the latest time a carrier named
  std::array<std::uint64_t, delivery_event_kind_count> by_kind{};

  ChannelEvents& operator+=(const ChannelEvents& other);
};

struct EventCounts {
  SourceStatus status = SourceStatus::Off;
  std::optional<WallTime> last_received_at;  // something came
  std::optional<WallTime> last_event_at;     // the latest time a carrier named
  std::string last_error;                    // one sentence; kept after the source has recovered
  std::optional<WallTime> last_error_at;
  std::uint64_t received = 0;
  std::uint64_t applied = 0;
  std::uint64_t duplicates = 0;
  std::uint64_t unmatched = 0;    // of no delivery in this ledger
  std::uint64_t informative = 0;  // understood, and nothing to apply
  std::uint64_t malformed = 0;
  PerChannel<ChannelEvents> by_channel;
};

class EventMetrics {
 public:
  // `source` names it for people: "sqs", "simulated". Off until on_started().
  explicit EventMetrics(std::string source) : source_(std::move(source)) {}

  void on_started();
  // The batch has been applied; `outcomes` are of its events, in their order; so many of its opt-ins lifted something.
  void on_applied(const EventBatch& batch, std::span<const EventOutcome> outcomes, std::size_t lifted, WallTime now);
  // It could not be received, applied or acknowledged.
  void on_failed(std::string_view error, WallTime now);

  [[nodiscard]] const std::string& source() const { return source_; }
  [[nodiscard]] EventCounts counts() const;

 private:
  std::string source_;
  mutable std::mutex mutex_;
  EventCounts counts_;  // guarded by mutex_
};

}  // namespace clarion
