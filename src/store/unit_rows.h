#pragma once
// UnitRows: the changing half of up to 128 deliveries of one channel, which lie together in a plan, as the bytes of one
// item. Pure.
//
// Size    2 bytes a row that waits, 4 one that was accepted, 9 one with events: what a row shares with the row before
//         it, or has not, costs bits only. So a full unit stays below the 1 KB that one write unit pays for until the
//         events come, and below 2 KB then.
// Format  version, time of the first update, count, rows, table of reasons. Times are milliseconds, as differences.

#include <array>
#include <bitset>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "domain/delivery.h"
#include "ports/response_log.h"
#include "store/ledger_row.h"

namespace clarion {

inline constexpr std::uint32_t chunk_rows = 128;  // positions of a plan that make one chunk
using ChunkPlaces = std::bitset<chunk_rows>;

// Why a row is as it is. Reasons too long for an item lie elsewhere, named by their SHA-256.
struct UnitReason {
  std::string text;  // or the digest
  bool is_elsewhere = false;
  auto operator<=>(const UnitReason&) const = default;
};

struct UnitRow {
  std::uint8_t place = 0;  // position within its chunk
  LedgerRow row;           // new_reason is not kept
  Money estimated_cost;
  std::uint16_t kinds = 0;  // bit i: an event of kind i has been applied
  UnitReason reason;
};

// What can be asked of a unit without reading its rows again.
struct UnitSummary {
  StateCounts counts;
  Money actual_cost;
  Money estimated_cost;
  std::array<std::int64_t, delivery_event_kind_count> kinds{};
  std::optional<WallTime> earliest_due;  // of what waits; the epoch for what is due at once
  std::optional<WallTime> last_sent_at;
  ChunkPlaces places;
};

[[nodiscard]] std::string pack(const std::vector<UnitRow>& rows);
// nullopt when the bytes are none that pack() made.
[[nodiscard]] std::optional<std::vector<UnitRow>> unpack(std::string_view bytes);
[[nodiscard]] UnitSummary summary_of(const std::vector<UnitRow>& rows);

}  // namespace clarion
