#pragma once
// ScriptedSender: a carrier that does what the test says, and counts what it was handed.

#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "ports/channel_sender.h"

namespace clarion::testing {

class ScriptedSender final : public ChannelSender {
 public:
  struct Sent {
    TimePoint at{};
    std::string contact_id;
    AttemptId attempt;
    std::int32_t parts = 1;
  };

  ScriptedSender(Clock& clock, std::string identity) : clock_(clock), identity_(std::move(identity)) {}

  // Called when the message has arrived; Accepted when it is not set.
  std::function<SendOutcome(const Message&)> answer;
  Duration latency{};                 // between the two
  std::optional<SenderQuota> quota_;  // as the provider reports it
  std::vector<Sent> sent;             // in order of arrival
  std::int64_t under_way = 0;
  std::int64_t most_under_way = 0;

  // Messages that arrived at times in [from, to).
  [[nodiscard]] std::int64_t count_between(TimePoint from, TimePoint to) const;
  // The most in any window of this length that begins at an arrival not before `from`.
  [[nodiscard]] std::int64_t most_in_any(Duration window, TimePoint from) const;
  // How often each contact was written to.
  [[nodiscard]] std::map<std::string, int> per_contact() const;

  Task<SendOutcome> send(const Message& message) override;
  [[nodiscard]] std::string_view identity() const override { return identity_; }
  [[nodiscard]] std::optional<SenderQuota> quota() const override { return quota_; }

 private:
  Clock& clock_;
  std::string identity_;
};

}  // namespace clarion::testing
