#include "domain/delivery.h"

#include <array>
#include <charconv>

namespace clarion {
namespace {

constexpr std::array<std::string_view, delivery_state_count> state_names{"waiting", "sending", "accepted", "delivered",
                                                                         "failed",  "skipped", "in_doubt"};
constexpr std::array<std::string_view, 10> event_names{
    "delivered",  "opened",    "clicked", "replied",         "bounced",
    "complained", "opted_out", "failed",  "settled_arrived", "settled_not_arrived"};

// Crockford's base 32 in lower case: no letter looks like a digit, so ids survive being read aloud.
constexpr std::string_view base32_digits = "0123456789abcdefghjkmnpqrstvwxyz";
constexpr std::string_view id_prefix = "d-";

template <class Enum, std::size_t N>
std::optional<Enum> parse_name(const std::array<std::string_view, N>& names, std::string_view name) {
  for (std::size_t i = 0; i < N; ++i) {
    if (names[i] == name) return static_cast<Enum>(i);
  }
  return std::nullopt;
}

}  // namespace

std::string to_string(DeliveryId id) {
  std::array<char, 13> digits{};
  std::size_t first = digits.size();
  auto rest = static_cast<std::uint64_t>(id);
  do {
    digits[--first] = base32_digits[rest & 31U];
    rest >>= 5U;
  } while (rest != 0);
  return std::string(id_prefix).append(digits.data() + first, digits.size() - first);
}

std::optional<DeliveryId> parse_delivery_id(std::string_view text) {
  if (!text.starts_with(id_prefix)) return std::nullopt;
  text.remove_prefix(id_prefix.size());
  if (text.empty() || text.size() > 13) return std::nullopt;
  std::uint64_t value = 0;
  for (const char c : text) {
    const auto digit = base32_digits.find(c);
    if (digit == std::string_view::npos || value >> 58U != 0) return std::nullopt;
    value = (value << 5U) | digit;
  }
  return DeliveryId{static_cast<std::int64_t>(value)};
}

std::string to_string(AttemptId id) {
  return to_string(id.delivery) + '.' + std::to_string(id.attempt);
}

std::optional<AttemptId> parse_attempt_id(std::string_view text) {
  const auto dot = text.find('.');
  if (dot == std::string_view::npos) return std::nullopt;
  const auto delivery = parse_delivery_id(text.substr(0, dot));
  const std::string_view number = text.substr(dot + 1);
  std::int32_t attempt = 0;
  const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), attempt);
  if (!delivery || error != std::errc{} || end != number.data() + number.size() || attempt < 1) return std::nullopt;
  return AttemptId{*delivery, attempt};
}

std::string_view to_string(DeliveryState state) {
  return state_names[static_cast<std::size_t>(state)];
}

std::optional<DeliveryState> parse_delivery_state(std::string_view name) {
  return parse_name<DeliveryState>(state_names, name);
}

std::string_view to_string(DeliveryEventKind kind) {
  return event_names[static_cast<std::size_t>(kind)];
}

std::optional<DeliveryEventKind> parse_delivery_event_kind(std::string_view name) {
  return parse_name<DeliveryEventKind>(event_names, name);
}

StateCounts& StateCounts::operator+=(const StateCounts& other) {
  planned += other.planned;
  waiting += other.waiting;
  sending += other.sending;
  accepted += other.accepted;
  delivered += other.delivered;
  failed += other.failed;
  skipped += other.skipped;
  in_doubt += other.in_doubt;
  return *this;
}

}  // namespace clarion
