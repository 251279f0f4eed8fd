#pragma once
// What came of handing one message to a carrier, in classes that say what the engine does next.
//
// The table (action_for) is the only place that decides between retry, fail, doubt and stopping a channel.

#include <chrono>
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>

#include "domain/money.h"

namespace clarion {

// Every way in which a carrier does not accept a message.
enum class FailureClass : std::uint8_t {
  Throttled,       // too fast: nothing was accepted
  NotConnected,    // no byte of the request left us
  ProviderBusy,    // refused for now, provably not accepted
  InvalidAddress,  // not a number, not a mailbox, not on WhatsApp
  OptedOut,        // the carrier knows this person said stop
  Blocked,         // country, carrier or spam filter refuses this message
  InvalidContent,  // template, size or encoding refused
  ChannelStopped,  // access, set-up or sender: every message of this channel would fail until a person acts
  Ambiguous,       // time-out, reset or 5xx after bytes left us
  // As ChannelStopped, but what causes it can pass by itself:
  SendingSuspended,   // the account's or the configuration set's sending is paused or under review
  DailyQuotaUsedUp,   // of a rolling day
  SpendLimitReached,  // of the month
  RecipientBusy       // this person was written to a moment ago; nothing left us
};
inline constexpr std::size_t failure_class_count = 13;
[[nodiscard]] std::string_view to_string(FailureClass failure);  // "throttled", "not_connected", ...
[[nodiscard]] std::optional<FailureClass> parse_failure_class(std::string_view name);
// One sentence for a person: what happened and what to do about it.
[[nodiscard]] std::string_view explain(FailureClass failure);

enum class FailureAction : std::uint8_t {
  Retry,           // certainly not accepted: back to waiting
  WaitForCarrier,  // nothing left us: back to waiting until the carrier is there, however long that takes
  WaitForTurn,     // nothing was asked of the carrier: back to waiting for as long as it says
  Fail,            // for good
  Doubt,           // unknown: in doubt until an event settles it
  PauseChannel     // back to waiting, and the channel stops with its reason
};
[[nodiscard]] FailureAction action_for(FailureClass failure);
// After how long a channel that was stopped by this is tried again with one message; none: a person has to act.
[[nodiscard]] std::optional<std::chrono::minutes> probe_interval(FailureClass failure);

struct Accepted {
  std::string provider_id;  // the carrier's message id
  std::int32_t parts = 1;   // what the provider counted and bills
  Money cost;
};

struct SendFailure {
  FailureClass failure{};
  std::string code;    // the provider's own code, for the record
  std::string detail;  // the provider's own words, no address
  std::optional<std::chrono::milliseconds> retry_after = std::nullopt;
};

using SendOutcome = std::expected<Accepted, SendFailure>;

}  // namespace clarion
