#pragma once
// The names under which a file may carry each part of a contact.
//
// Names are compared without case, spaces and punctuation: "First Name", "first_name" and "firstName" are one.

#include <cstdint>
#include <string_view>

#include "domain/channel.h"

namespace clarion {

enum class ContactPart : std::uint8_t {
  Unknown,  // no such part; the column is ignored and reported
  Id,
  FirstName,
  LastName,
  FullName,  // split at the first space
  Phone,
  Email,
  City,
  Country,
  TimeZone,
  Language,
  Age,
  Tags,
  Interests,
  PurchasedSkus,
  BrowsedSkus,
  CartSkus,
  Purchases,  // a list of SKUs or a number of purchases
  PurchaseCount,
  BrowseCount,
  TotalSpentUsd,
  LastPurchaseAt,
  LastContactedAt,
  Sentiment,
  ComplaintAt,
  HasOpenComplaint,
  BestHour,
  ConsentState,
  ConsentSource,
  ConsentAt,
  Preference,
  Sent,
  Responded,
  LastAt,
  ConsentObject,     // {"sms": {"state", "source", "at"}, ...}
  EngagementObject,  // {"sms": {"preference", "sent", "responded", "last_at"}, ...}
  PreferenceObject,  // {"sms": 0.7, ...}
};

// A part and, for those that exist per channel, which channel's.
struct ContactKey {
  ContactPart part = ContactPart::Unknown;
  Channel channel = Channel::Sms;
  bool operator==(const ContactKey&) const = default;
};

[[nodiscard]] ContactKey find_contact_key(std::string_view name);
// The part that a member of a per-channel object names: "state", "source", "at", "preference", "sent", ...
[[nodiscard]] ContactPart find_channel_part(ContactPart object, std::string_view name);

}  // namespace clarion
