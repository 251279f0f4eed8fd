#pragma once
// Delivery: one message to one contact on one channel; the unit of everything. Its states and the id it carries.
//
//   waiting -claim-> sending -> accepted -event-> delivered
//      |               |-> waiting again at due_at   (certainly not accepted)
//      |               |-> failed(reason)
//      |               '-> in_doubt                  (bytes left us and no proof came back)
//      '-> skipped(reason)        accepted, in_doubt -event-> delivered | failed
//
// Invariant  planned = waiting + sending + accepted + failed + skipped + in_doubt, where accepted counts
//            delivered ones too.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "domain/channel.h"
#include "domain/money.h"

namespace clarion {

// Campaigns are numbered by the store in order of creation; outside they have a text id.
enum class CampaignNumber : std::uint32_t {};

// Campaign number (upper 32 bits) and position in its plan (lower 32): an integer with locality, a function of
// campaign and plan position alone, so planning again never makes a second row.
enum class DeliveryId : std::int64_t {};

[[nodiscard]] constexpr DeliveryId make_delivery_id(CampaignNumber campaign, std::uint32_t position) {
  return DeliveryId{static_cast<std::int64_t>((static_cast<std::uint64_t>(campaign) << 32U) | position)};
}
[[nodiscard]] constexpr CampaignNumber campaign_of(DeliveryId id) {
  return CampaignNumber{static_cast<std::uint32_t>(static_cast<std::uint64_t>(id) >> 32U)};
}
[[nodiscard]] constexpr std::uint32_t position_of(DeliveryId id) {
  return static_cast<std::uint32_t>(static_cast<std::uint64_t>(id) & 0xffffffffU);
}

// The id as the outside sees it, "d-<base32>", and the attempt that travels to the carrier, "d-<base32>.<attempt>".
[[nodiscard]] std::string to_string(DeliveryId id);
[[nodiscard]] std::optional<DeliveryId> parse_delivery_id(std::string_view text);

struct AttemptId {
  DeliveryId delivery{};
  std::int32_t attempt = 1;  // 1 is the first
  bool operator==(const AttemptId&) const = default;
};
[[nodiscard]] std::string to_string(AttemptId id);
[[nodiscard]] std::optional<AttemptId> parse_attempt_id(std::string_view text);

enum class DeliveryState : std::uint8_t { Waiting = 0, Sending, Accepted, Delivered, Failed, Skipped, InDoubt };
inline constexpr std::size_t delivery_state_count = 7;
[[nodiscard]] std::string_view to_string(DeliveryState state);  // "waiting", "sending", ..., "in_doubt"
[[nodiscard]] std::optional<DeliveryState> parse_delivery_state(std::string_view name);

// How many deliveries are in each state, for one campaign or one channel of it.
struct StateCounts {
  std::int64_t planned = 0;
  std::int64_t waiting = 0;
  std::int64_t sending = 0;
  std::int64_t accepted = 0;   // everything a provider took, delivered included
  std::int64_t delivered = 0;  // of those, the ones a carrier confirmed
  std::int64_t failed = 0;
  std::int64_t skipped = 0;
  std::int64_t in_doubt = 0;

  [[nodiscard]] bool adds_up() const { return planned == waiting + sending + accepted + failed + skipped + in_doubt; }
  [[nodiscard]] bool is_finished() const { return waiting == 0 && sending == 0; }
  StateCounts& operator+=(const StateCounts& other);
  bool operator==(const StateCounts&) const = default;
};

// What a carrier, or a person, told us later about one delivery. What carriers say is applied by rank, never by
// arrival; duplicates are harmless.
enum class DeliveryEventKind : std::uint8_t {
  Delivered,
  Opened,
  Clicked,
  Replied,
  Bounced,
  Complained,
  OptedOut,
  Failed,
  // What a person says of a delivery in doubt; whatever a carrier says, before or after, outweighs it.
  SettledArrived,
  SettledNotArrived
};
[[nodiscard]] std::string_view to_string(DeliveryEventKind kind);  // "delivered", ..., "opted_out"
[[nodiscard]] std::optional<DeliveryEventKind> parse_delivery_event_kind(std::string_view name);

struct DeliveryEvent {
  DeliveryId delivery{};
  DeliveryEventKind kind{};
  WallTime at{};
  std::string detail;  // the carrier's own words, no address; or who settled it
};

}  // namespace clarion
