#pragma once
// ConsentLog: what was said, and when, of whether somebody may be written to; entry by entry, none ever changed or
// taken away.
//
// Of whom  contacts by their id, whose consent imports change; addresses, which are suppressed and released whoever
//          holds them.
// Twice    what is appended again after an error may be there twice: readers tell it by everything but recorded_at.
// Errors   Unavailable.
// Threads  call from any executor; the Task resumes on the caller's.

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "base/task.h"
#include "domain/channel.h"
#include "ports/suppression_store.h"

namespace clarion {

enum class ConsentEvent : std::uint8_t { OptedIn, OptedOut, Suppressed, Released };

// "opted_in", "opted_out", "suppressed", "released".
[[nodiscard]] constexpr std::string_view to_string(ConsentEvent event) {
  constexpr std::array<std::string_view, 4> names{"opted_in", "opted_out", "suppressed", "released"};
  return names[static_cast<std::size_t>(event)];
}

struct ConsentEntry {
  std::string subject;  // contact_subject() or address_subject()
  Channel channel{};
  ConsentEvent event{};
  std::string reason;                   // of a suppression: "opt_out", "complaint"; else empty
  std::string source;                   // "web form", a delivery id, a person's note
  std::optional<WallTime> at;           // when it was said
  std::optional<WallTime> recorded_at;  // none: it was on record before entries were kept
  bool operator==(const ConsentEntry&) const = default;
};

[[nodiscard]] inline std::string contact_subject(std::string_view id) {
  return "contact:" + std::string(id);
}
// REQUIRES: the address in the form that SuppressionStore keeps.
[[nodiscard]] inline std::string address_subject(std::string_view address) {
  return "address:" + std::string(address);
}

[[nodiscard]] inline ConsentEntry entry_of(const Suppression& suppression, std::optional<WallTime> recorded_at) {
  return {.subject = address_subject(suppression.address),
          .channel = suppression.channel,
          .event = ConsentEvent::Suppressed,
          .reason = suppression.reason,
          .source = suppression.source,
          .at = suppression.at,
          .recorded_at = recorded_at};
}

class ConsentLog {
 public:
  virtual ~ConsentLog() = default;
  virtual Task<Result<void>> append(std::vector<ConsentEntry> entries) = 0;
  // Those of all these subjects, in any order.
  virtual Task<Result<std::vector<ConsentEntry>>> list(std::vector<std::string> subjects) = 0;
};

}  // namespace clarion
