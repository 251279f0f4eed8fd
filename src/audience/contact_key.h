#pragma once
// The names under which a file may carry each part of a contact: those of the fields, others that they go by, and parts
// that are no fields.
//
// Names are compared without case, spaces and punctuation: "First Name", "first_name" and "firstName" are one.

#include <array>
#include <cstdint>
#include <string_view>

#include "audience/field.h"
#include "domain/channel.h"

namespace clarion {

enum class ContactPart : std::uint8_t {
  Unknown,           // no such part; the column is ignored and reported
  OfField,           // the field of the key
  FullName,          // split at the first space
  Purchases,         // a list of SKUs or a number of purchases
  LastAt,            // of a channel's engagement
  ConsentObject,     // {"sms": {"state", "source", "at"}, ...}
  EngagementObject,  // {"sms": {"preference", "sent", "responded", "last_at"}, ...}
  PreferenceObject,  // {"sms": 0.7, ...}
};

// A part, of which field and, for the others that exist per channel, of which channel.
struct ContactKey {
  ContactPart part = ContactPart::Unknown;
  Field field{};
  Channel channel = Channel::Sms;

  constexpr ContactKey() = default;
  constexpr ContactKey(Field of) : part(ContactPart::OfField), field(of) {}
  constexpr ContactKey(ContactPart of, Channel whose = Channel::Sms) : part(of), channel(whose) {}
  bool operator==(const ContactKey&) const = default;
};

[[nodiscard]] ContactKey find_contact_key(std::string_view name);

// A member of what a per-channel object holds, as that of SMS.
struct ChannelMember {
  ContactPart object;
  std::string_view name;
  ContactKey of_sms;
};
inline constexpr std::array<ChannelMember, 7> channel_members{{
    {ContactPart::ConsentObject, "state", Field::ConsentSms},
    {ContactPart::ConsentObject, "source", Field::ConsentSmsSource},
    {ContactPart::ConsentObject, "at", Field::ConsentSmsAt},
    {ContactPart::EngagementObject, "preference", Field::PreferenceSms},
    {ContactPart::EngagementObject, "sent", Field::SentSms},
    {ContactPart::EngagementObject, "responded", Field::RespondedSms},
    {ContactPart::EngagementObject, "last_at", ContactPart::LastAt},
}};
// The same of another channel.
[[nodiscard]] ContactKey on_channel(ContactKey of_sms, Channel channel);

}  // namespace clarion
