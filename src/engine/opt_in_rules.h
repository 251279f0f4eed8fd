#pragma once
// What a person's own word does to a suppression of their address: START takes back a STOP and nothing else. Pure.
//
// Own      a suppression is the person's own when an event or a carrier's refusal made it because they had ended
//          messages. Bounces, complaints and what operators and imports suppress is not theirs to lift.
// Log      a suppression keeps its oldest reason, so what was added since is seen in the entries of its address only.
// Order    events come in any order and more than once: the latest word counts, by the time it was said. At the same
//          time STOP does.

#include <array>
#include <span>
#include <string_view>

#include "ports/consent_log.h"
#include "ports/suppression_store.h"

namespace clarion {

// The sources of events, as a suppression names them where no delivery is known.
inline constexpr std::array<std::string_view, 3> event_source_names{"simulated", "sns", "sqs"};

// The reason of a Released entry that a person's own word made.
inline constexpr std::string_view opt_in_reason = "opt_in";

// Whether START, said at `said_at`, lifts the suppression. `entries` are those of its address, on any channel.
[[nodiscard]] bool is_lifted_by_opt_in(const Suppression& suppression, std::span<const ConsentEntry> entries,
                                       WallTime said_at);

// What `later`, the entries of an address, says of a suppression on the channel that `before` did not say; null: nothing.
[[nodiscard]] const ConsentEntry* find_suppressed_since(std::span<const ConsentEntry> before,
                                                        std::span<const ConsentEntry> later, Channel channel);

// Whether the person has said START since they said STOP on this channel at `said_at`.
[[nodiscard]] bool is_taken_back(Channel channel, std::span<const ConsentEntry> entries, WallTime said_at);

}  // namespace clarion
