#include "engine/opt_in_rules.h"

#include <algorithm>

#include "domain/delivery.h"

namespace clarion {
namespace {

bool is_own(std::string_view reason, std::string_view source) {
  if (reason != "opt_out") return false;
  return parse_delivery_id(source).has_value() ||
         std::ranges::find(event_source_names, source) != event_source_names.end();
}

// When the address was last released on the channel, whoever did it. None: never, or before entries were kept.
std::optional<WallTime> last_release(Channel channel, std::span<const ConsentEntry> entries) {
  std::optional<WallTime> last;
  for (const ConsentEntry& entry : entries) {
    if (entry.channel == channel && entry.event == ConsentEvent::Released) last = std::max(last, entry.recorded_at);
  }
  return last;
}

}  // namespace

bool is_lifted_by_opt_in(const Suppression& suppression, std::span<const ConsentEntry> entries, WallTime said_at) {
  if (!is_own(suppression.reason, suppression.source) || suppression.at >= said_at) return false;
  const auto released = last_release(suppression.channel, entries);
  return std::ranges::none_of(entries, [&](const ConsentEntry& entry) {
    if (entry.channel != suppression.channel || entry.event != ConsentEvent::Suppressed) return false;
    if (is_own(entry.reason, entry.source)) return entry.at.value_or(said_at) >= said_at;
    return !released || entry.recorded_at >= released;
  });
}

const ConsentEntry* find_suppressed_since(std::span<const ConsentEntry> before, std::span<const ConsentEntry> later,
                                          Channel channel) {
  const auto found = std::ranges::find_if(later, [&](const ConsentEntry& entry) {
    return entry.channel == channel && entry.event == ConsentEvent::Suppressed &&
           std::ranges::find(before, entry) == before.end();
  });
  return found == later.end() ? nullptr : &*found;
}

bool is_taken_back(Channel channel, std::span<const ConsentEntry> entries, WallTime said_at) {
  return std::ranges::any_of(entries, [&](const ConsentEntry& entry) {
    return entry.channel == channel && entry.event == ConsentEvent::Released && entry.reason == opt_in_reason &&
           entry.at > said_at;
  });
}

}  // namespace clarion
