#pragma once
// Exclusion: why one contact does not get a message on one channel, with the evidence.
//
// Order  the rules are listed in the order in which they are checked, so that of several exclusions the one with
//        the greatest rule came nearest to sending and explains best.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "domain/channel.h"

namespace clarion {

enum class Rule : std::uint8_t {
  NotOffered,         // the campaign has no content for this channel, or leaves it out
  NotSetUp,           // this installation has no sender for this channel
  NoAddress,          // the contact has none for this channel
  InvalidAddress,     // not an E.164 number, not a mailbox
  ChannelFailed,      // the channel did not reach the contact in the campaign that this one follows
  NoConsent,          // consent is not known
  OptedOut,           // consent was withdrawn
  Suppressed,         // the address is on the suppression list
  OpenComplaint,      // a complaint is not closed yet
  RecentComplaint,    // value: days since; threshold: days
  NegativeSentiment,  // value and threshold in [-1, 1]
  RecentContact,      // value: hours since; threshold: hours; detail as of the caps
  FrequencyCapWeek,   // value: messages in 7 days; threshold: the cap; detail: a campaign that has planned one of them
  FrequencyCapDay,    // value: messages in 24 hours; threshold: the cap; detail: the same
  DuplicateAddress,   // another contact of this campaign already has this address
  MissingVariable,    // detail: the template's variable that has no value for the contact
  InvalidContent,     // detail: what is wrong with the message for this contact
  NotWorthSending,    // value: the best reward in USD; threshold: 0
  Holdout,            // value: the draw in [0, 1); threshold: the holdout share
};
inline constexpr std::size_t rule_count = 19;

[[nodiscard]] std::string_view to_string(Rule rule);  // "no_address", "frequency_cap_day", ...
[[nodiscard]] std::optional<Rule> parse_rule(std::string_view name);

struct Exclusion {
  Rule rule{};
  double value = 0;              // what was found; its meaning is beside the rule
  double threshold = 0;          // what the rule allows
  std::string_view detail = {};  // source of the consent, reason of the suppression, ...; lives as long as the inputs

  bool operator==(const Exclusion&) const = default;
};

// What the rule means, without evidence, for counts of many people: one sentence that says what can be done.
[[nodiscard]] std::string_view explain(Rule rule);
// One sentence for a person: "3 messages in the last 24 hours; the cap is 3."
[[nodiscard]] std::string explain(const Exclusion& exclusion);

}  // namespace clarion
