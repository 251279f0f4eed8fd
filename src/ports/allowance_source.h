#pragma once
// AllowanceSource: what the providers allow each sender and how much of it is used, for people who plan a campaign.
// What sending is held to is ChannelSender::quota(); nothing is decided by this.
//
// Threads  the engine's executor.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/task.h"
#include "domain/channel.h"

namespace clarion {

enum class AllowanceState : std::uint8_t { Fine, Warning, Stopped };
[[nodiscard]] constexpr std::string_view to_string(AllowanceState state) {
  return state == AllowanceState::Fine ? "fine" : state == AllowanceState::Warning ? "warning" : "stopped";
}

// One thing that a provider says.
struct Allowance {
  std::string figure;           // "recipients_in_24_hours": what the numbers count
  std::optional<double> limit;  // nullopt: none, or it is no number
  std::optional<double> used;   // nullopt: the provider does not say
  std::string text;             // where it is no number: "GREEN", "sandbox"
  AllowanceState state = AllowanceState::Fine;
  std::string note;    // one sentence: what it means, what to do; may be empty
  std::string source;  // "SES GetAccount"
  WallTime at{};       // when it was said; of published figures: when they were read
};

struct SenderAllowances {
  std::string identity;  // "pool-0123..."; empty: not set up
  bool is_simulated = false;
  std::vector<Allowance> figures;
  std::string problem;  // why something is missing, in one sentence; may be empty
};

class AllowanceSource {
 public:
  virtual ~AllowanceSource() = default;
  // As the providers said it, at most a minute ago.
  virtual Task<PerChannel<SenderAllowances>> read_allowances() = 0;
};

}  // namespace clarion
