#include "audience/contact_key.h"

#include <array>
#include <string>
#include <unordered_map>

namespace clarion {
namespace {

// What a field is called beside its own name.
struct OtherName {
  std::string_view name;
  ContactKey key;
};

constexpr std::array other_names{
    OtherName{"customerid", Field::Id},
    OtherName{"contactid", Field::Id},
    OtherName{"userid", Field::Id},
    OtherName{"givenname", Field::FirstName},
    OtherName{"surname", Field::LastName},
    OtherName{"familyname", Field::LastName},
    OtherName{"phonenumber", Field::Phone},
    OtherName{"mobile", Field::Phone},
    OtherName{"emailaddress", Field::Email},
    OtherName{"location", Field::City},
    OtherName{"countrycode", Field::Country},
    OtherName{"tz", Field::TimeZone},
    OtherName{"locale", Field::Language},
    OtherName{"cart", Field::CartSkus},
    OtherName{"cartitems", Field::CartSkus},
    OtherName{"totalpurchases", Field::PurchaseCount},
    OtherName{"totalspent", Field::TotalSpentUsd},
    OtherName{"lastpurchase", Field::LastPurchaseAt},
    OtherName{"lastpurchasedate", Field::LastPurchaseAt},
    OtherName{"sentimentscore", Field::Sentiment},
    OtherName{"name", ContactPart::FullName},
    OtherName{"fullname", ContactPart::FullName},
    OtherName{"purchases", ContactPart::Purchases},
    OtherName{"consent", ContactPart::ConsentObject},
    OtherName{"engagement", ContactPart::EngagementObject},
    OtherName{"preferences", ContactPart::PreferenceObject},
    OtherName{"channelpreferences", ContactPart::PreferenceObject},
};

// What precedes and follows a channel's name: "sms_consent", "consent_sms_at", "last_at_email".
struct ChannelName {
  std::string_view before;
  std::string_view after;
  ContactKey of_sms;
};
constexpr std::array channel_names{
    ChannelName{"", "consent", Field::ConsentSms},
    ChannelName{"lastat", "", ContactPart::LastAt},
};

std::string compact(std::string_view name) {
  std::string letters;
  for (const char c : name) {
    if (c >= 'A' && c <= 'Z') {
      letters.push_back(static_cast<char>(c - 'A' + 'a'));
    } else if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || static_cast<unsigned char>(c) >= 0x80) {
      letters.push_back(c);
    }
  }
  return letters;
}

const std::unordered_map<std::string, ContactKey>& keys_by_name() {
  static const auto keys = [] {
    std::unordered_map<std::string, ContactKey> made;
    for (const Field field : all_fields) made.emplace(compact(to_string(field)), field);
    for (const OtherName& entry : other_names) made.emplace(entry.name, entry.key);
    for (const ChannelName& entry : channel_names) {
      for (const Channel channel : all_channels) {
        made.emplace(std::string(entry.before) + std::string(to_string(channel)) + std::string(entry.after),
                     on_channel(entry.of_sms, channel));
      }
    }
    return made;
  }();
  return keys;
}

}  // namespace

ContactKey find_contact_key(std::string_view name) {
  const auto found = keys_by_name().find(compact(name));
  return found == keys_by_name().end() ? ContactKey{} : found->second;
}

ContactKey on_channel(ContactKey of_sms, Channel channel) {
  if (of_sms.part == ContactPart::OfField) return on_channel(of_sms.field, channel);
  return {of_sms.part, channel};
}

}  // namespace clarion
