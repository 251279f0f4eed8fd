#pragma once
// ResponseEvidence: what came of Clarion's own messages, per contact and channel, as far as it says something about how
// likely the contact is to respond. docs/decisions/0019-learning-from-outcomes.md says why it counts as it does.
//
// Response  clicked or replied counts 1; opened alone counts open_credit, because mail programs and previews open too.
// Silence   counts as a message without response, the more the older it is (Chapelle 2014, "Modeling delayed feedback
//           in display advertising"), and only as far as the channel could have told: times `visibility`, and not at
//           all on a channel that has reported no response to anybody. So an SMS, which no phone confirms as read, is
//           not punished for what it cannot report.
// Decay     exponential, by the age of each message.
// Memory    32 bytes a contact: hashes and sums, no rows. A million contacts take about 45 MB.
// Threads   immutable once filled; share it.

#include <boost/unordered/unordered_flat_map.hpp>

#include <cstdint>
#include <string_view>

#include "base/clock.h"
#include "decision/contact_history.h"
#include "domain/channel.h"

namespace clarion {

// Assumptions of this program, not measurements.
struct EvidenceRules {
  double half_life_days = 30;
  PerChannel<double> open_credit{{0.1, 0.1, 0.1}};
  PerChannel<double> visibility{{0.5, 1, 1}};  // share of responses that the channel's events show
  double silence_half_life_hours = 12;         // after this long half of those who will respond have
  // What is older weighs less than a 60th.
  [[nodiscard]] std::chrono::days window() const { return std::chrono::days(static_cast<int>(6 * half_life_days)); }
};

// One message that a carrier took and did not return.
struct MessageOutcome {
  Channel channel{};
  WallTime sent_at{};
  bool was_opened = false;
  bool was_answered = false;   // clicked or replied
  bool was_unwelcome = false;  // opted out or complained
};

// Messages and responses among them, each weighted.
struct EvidenceCounts {
  double sent = 0;
  double responded = 0;
};

class ResponseEvidence {
 public:
  explicit ResponseEvidence(WallTime now, EvidenceRules rules = {}) : now_(now), rules_(rules) {}
  void add(std::string_view contact_id, const MessageOutcome& outcome);

  // As of `at`, which is not before now(). Zeros for a contact without messages.
  [[nodiscard]] EvidenceCounts find(std::uint64_t contact_hash, Channel channel, WallTime at) const;
  [[nodiscard]] bool has(std::uint64_t contact_hash) const { return contacts_.contains(contact_hash); }
  // Opt-outs and complaints among all messages; zeros on a channel that has reported none.
  [[nodiscard]] EvidenceCounts unwelcome(Channel channel) const;
  // Some contact's response has been reported, so that silence says something.
  [[nodiscard]] bool reports_responses(Channel channel) const { return totals_[channel].responses > 0; }
  [[nodiscard]] std::size_t contacts() const { return contacts_.size(); }
  [[nodiscard]] WallTime now() const { return now_; }

 private:
  struct Sums {
    float sent = 0;
    float responded = 0;
  };
  struct Totals {
    std::int64_t responses = 0;
    std::int64_t unwelcome = 0;
    double weight = 0;
    double unwelcome_weight = 0;
  };

  WallTime now_;
  EvidenceRules rules_;
  boost::unordered_flat_map<std::uint64_t, PerChannel<Sums>, KeepHash> contacts_;
  PerChannel<Totals> totals_;
};

}  // namespace clarion
