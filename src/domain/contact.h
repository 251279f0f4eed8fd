#pragma once
// Contact: one person as the operator knows them, whole and validated.
//
// Units   phone is E.164 ("+14255550156"); country ISO 3166-1 alpha-2 upper case; time_zone an IANA name;
//         language BCP 47; money in USD; instants UTC.
// Absent  an empty string, nullopt or ConsentState::Unknown means "not known", never "no".

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "domain/channel.h"

namespace clarion {

enum class ConsentState : std::uint8_t { Unknown, OptedIn, OptedOut };

// "unknown", "opted_in", "opted_out".
[[nodiscard]] constexpr std::string_view to_string(ConsentState state) {
  constexpr std::array<std::string_view, 3> names{"unknown", "opted_in", "opted_out"};
  return names[static_cast<std::size_t>(state)];
}

struct Consent {
  ConsentState state = ConsentState::Unknown;
  std::string source;          // where it was given or withdrawn: "signup form", "pinpoint import"
  std::optional<WallTime> at;  // when
  bool operator==(const Consent&) const = default;
};

// What is known of one contact's behaviour on one channel.
struct Engagement {
  std::optional<double> preference;  // imported score in [0, 1]
  std::int32_t sent = 0;             // messages in the past
  std::int32_t responded = 0;        // opened, clicked or replied; <= sent
  std::optional<WallTime> last_at;   // the latest of them
  bool operator==(const Engagement&) const = default;
};

struct Contact {
  std::string id;
  std::string first_name;
  std::string last_name;
  std::string phone;
  std::string email;
  std::string city;
  std::string country;
  std::string time_zone;
  std::string language;
  std::optional<std::int32_t> age;

  std::vector<std::string> tags;
  std::vector<std::string> interests;
  std::vector<std::string> purchased_skus;
  std::vector<std::string> browsed_skus;
  std::vector<std::string> cart_skus;

  std::int32_t purchase_count = 0;
  std::int32_t browse_count = 0;
  double total_spent_usd = 0;
  std::optional<WallTime> last_purchase_at;
  std::optional<WallTime> last_contacted_at;

  std::optional<double> sentiment;       // in [-1, 1]; below 0 is unhappy
  std::optional<WallTime> complaint_at;  // the latest complaint
  bool has_open_complaint = false;
  std::optional<std::int32_t> best_hour;  // 0..23 in time_zone: when this person usually responds

  PerChannel<Consent> consent;
  PerChannel<Engagement> engagement;

  bool operator==(const Contact&) const = default;
};

// Where `channel` reaches this contact: the phone for SMS and WhatsApp, the email address for email; may be empty.
[[nodiscard]] inline const std::string& address_of(const Contact& contact, Channel channel) {
  return channel == Channel::Email ? contact.email : contact.phone;
}

}  // namespace clarion
