#include "audience/contact_key.h"

#include <array>
#include <string>
#include <unordered_map>

namespace clarion {
namespace {

struct Name {
  std::string_view name;
  ContactPart part;
};

constexpr std::array names{
    Name{"id", ContactPart::Id},
    Name{"customerid", ContactPart::Id},
    Name{"contactid", ContactPart::Id},
    Name{"userid", ContactPart::Id},
    Name{"firstname", ContactPart::FirstName},
    Name{"givenname", ContactPart::FirstName},
    Name{"lastname", ContactPart::LastName},
    Name{"surname", ContactPart::LastName},
    Name{"familyname", ContactPart::LastName},
    Name{"name", ContactPart::FullName},
    Name{"fullname", ContactPart::FullName},
    Name{"phone", ContactPart::Phone},
    Name{"phonenumber", ContactPart::Phone},
    Name{"mobile", ContactPart::Phone},
    Name{"email", ContactPart::Email},
    Name{"emailaddress", ContactPart::Email},
    Name{"city", ContactPart::City},
    Name{"location", ContactPart::City},
    Name{"country", ContactPart::Country},
    Name{"countrycode", ContactPart::Country},
    Name{"timezone", ContactPart::TimeZone},
    Name{"tz", ContactPart::TimeZone},
    Name{"language", ContactPart::Language},
    Name{"locale", ContactPart::Language},
    Name{"age", ContactPart::Age},
    Name{"tags", ContactPart::Tags},
    Name{"interests", ContactPart::Interests},
    Name{"purchasedskus", ContactPart::PurchasedSkus},
    Name{"purchases", ContactPart::Purchases},
    Name{"browsedskus", ContactPart::BrowsedSkus},
    Name{"cartskus", ContactPart::CartSkus},
    Name{"cart", ContactPart::CartSkus},
    Name{"cartitems", ContactPart::CartSkus},
    Name{"purchasecount", ContactPart::PurchaseCount},
    Name{"totalpurchases", ContactPart::PurchaseCount},
    Name{"browsecount", ContactPart::BrowseCount},
    Name{"totalspentusd", ContactPart::TotalSpentUsd},
    Name{"totalspent", ContactPart::TotalSpentUsd},
    Name{"lastpurchaseat", ContactPart::LastPurchaseAt},
    Name{"lastpurchase", ContactPart::LastPurchaseAt},
    Name{"lastpurchasedate", ContactPart::LastPurchaseAt},
    Name{"lastcontactedat", ContactPart::LastContactedAt},
    Name{"sentiment", ContactPart::Sentiment},
    Name{"sentimentscore", ContactPart::Sentiment},
    Name{"complaintat", ContactPart::ComplaintAt},
    Name{"hasopencomplaint", ContactPart::HasOpenComplaint},
    Name{"besthour", ContactPart::BestHour},
    Name{"consent", ContactPart::ConsentObject},
    Name{"engagement", ContactPart::EngagementObject},
    Name{"preferences", ContactPart::PreferenceObject},
    Name{"channelpreferences", ContactPart::PreferenceObject},
};

// What precedes and follows a channel's name: "consent_sms_at", "last_at_email".
struct ChannelName {
  std::string_view before;
  std::string_view after;
  ContactPart part;
};
constexpr std::array channel_names{
    ChannelName{"consent", "", ContactPart::ConsentState},        ChannelName{"", "consent", ContactPart::ConsentState},
    ChannelName{"consent", "source", ContactPart::ConsentSource}, ChannelName{"consent", "at", ContactPart::ConsentAt},
    ChannelName{"preference", "", ContactPart::Preference},       ChannelName{"sent", "", ContactPart::Sent},
    ChannelName{"responded", "", ContactPart::Responded},         ChannelName{"lastat", "", ContactPart::LastAt},
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
    for (const Name& entry : names) made.emplace(entry.name, ContactKey{entry.part});
    for (const ChannelName& entry : channel_names) {
      for (const Channel channel : all_channels) {
        made.emplace(std::string(entry.before) + std::string(to_string(channel)) + std::string(entry.after),
                     ContactKey{entry.part, channel});
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

ContactPart find_channel_part(ContactPart object, std::string_view name) {
  if (object == ContactPart::ConsentObject) {
    if (name == "state") return ContactPart::ConsentState;
    if (name == "source") return ContactPart::ConsentSource;
    if (name == "at") return ContactPart::ConsentAt;
  }
  if (object == ContactPart::EngagementObject) {
    if (name == "preference") return ContactPart::Preference;
    if (name == "sent") return ContactPart::Sent;
    if (name == "responded") return ContactPart::Responded;
    if (name == "last_at") return ContactPart::LastAt;
  }
  return ContactPart::Unknown;
}

}  // namespace clarion
