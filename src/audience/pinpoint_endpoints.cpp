#include "audience/pinpoint_endpoints.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <tuple>
#include <utility>

#include "base/text.h"

namespace clarion {
namespace {

// The channels of Pinpoint that are not ours: push, voice, in-app and the operator's own.
constexpr std::array<std::string_view, 11> foreign_channels{
    "PUSH", "GCM",   "APNS",  "APNS_SANDBOX", "APNS_VOIP", "APNS_VOIP_SANDBOX",
    "ADM",  "BAIDU", "VOICE", "IN_APP",       "CUSTOM"};

void take_if_empty(std::string& kept, std::string&& other) {
  if (kept.empty()) kept = std::move(other);
}

template <class T>
void take_if_empty(std::optional<T>& kept, const std::optional<T>& other) {
  if (!kept) kept = other;
}

void unite(std::vector<std::string>& kept, std::vector<std::string>&& others) {
  for (std::string& other : others) {
    if (std::ranges::find(kept, other) == kept.end()) kept.push_back(std::move(other));
  }
}

}  // namespace

void PinpointEndpoints::begin() {
  draft_.clear();
  endpoint_ = Endpoint{};
  is_refused_ = false;
}

// "User.UserAttributes.X", "Attributes.X" and "Metrics.X" may carry any part but an id, an address or consent.
std::optional<ContactKey> PinpointEndpoints::find_attribute(std::string_view name) {
  for (const std::string_view prefix : {"User.UserAttributes.", "Attributes.", "Metrics."}) {
    if (!name.starts_with(prefix)) continue;
    const ContactKey key = find_contact_key(name.substr(prefix.size()));
    const bool is_kept_out = key.part == ContactPart::Id || key.part == ContactPart::Phone ||
                             key.part == ContactPart::Email ||
                             (key.part >= ContactPart::ConsentState && key.part <= ContactPart::ConsentAt) ||
                             key.part >= ContactPart::ConsentObject;
    if (key.part == ContactPart::Unknown || is_kept_out) break;
    return key;
  }
  return std::nullopt;
}

bool PinpointEndpoints::set_own(std::string_view name, std::string_view value) {
  if (name == "Id") {
    endpoint_.id = value;
  } else if (name == "User.UserId") {
    endpoint_.user = value;
  } else if (name == "Address") {
    endpoint_.address = value;
  } else if (name == "ChannelType") {
    endpoint_.channel = value;
    if (value != "SMS" && value != "EMAIL" && std::ranges::find(foreign_channels, value) == foreign_channels.end()) {
      return draft_.refuse(name, value, "ChannelType must be one of Amazon Pinpoint's, such as SMS or EMAIL");
    }
  } else if (name == "EffectiveDate") {
    endpoint_.effective_at = parse_iso8601(value);
    if (!endpoint_.effective_at)
      return draft_.refuse(name, value, "EffectiveDate must be a time such as 2026-11-22T20:15:30Z");
  } else if (name == "EndpointStatus") {
    if (value != "ACTIVE" && value != "INACTIVE")
      return draft_.refuse(name, value, "EndpointStatus must be ACTIVE or INACTIVE");
    endpoint_.is_active = value == "ACTIVE";
  } else if (name == "OptOut") {
    if (value != "ALL" && value != "NONE") return draft_.refuse(name, value, "OptOut must be ALL or NONE");
    endpoint_.opt_out = value == "ALL" ? OptOut::All : OptOut::None;
  } else if (name == "Location.City") {
    return draft_.set_text({ContactPart::City}, name, value);
  } else if (name == "Location.Country") {
    return draft_.set_text({ContactPart::Country}, name, value);
  } else if (name == "Demographic.Timezone") {
    return draft_.set_text({ContactPart::TimeZone}, name, value);
  } else if (name == "Demographic.Locale") {
    return draft_.set_text({ContactPart::Language}, name, value);
  } else if (const auto key = find_attribute(name)) {
    return draft_.set_text(*key, name, value);
  } else {
    output_.ignore_column(name);
  }
  return true;
}

void PinpointEndpoints::set(std::string_view name, std::string_view value) {
  value = trim(value);
  if (is_refused_ || value.empty()) return;
  is_refused_ = !set_own(name, value);
}

void PinpointEndpoints::set_list(std::string_view name, const std::vector<std::string_view>& values) {
  if (is_refused_ || values.empty()) return;
  const auto key = find_attribute(name);
  const bool is_list = key && (key->part == ContactPart::Tags || key->part == ContactPart::Interests ||
                               (key->part >= ContactPart::PurchasedSkus && key->part <= ContactPart::Purchases));
  if (!is_list) return set(name, values.front());
  is_refused_ = !draft_.start_list(*key, name);
  for (const std::string_view value : values) is_refused_ = is_refused_ || !draft_.add_item(*key, name, value);
}

bool PinpointEndpoints::finish_row() {
  Contact& contact = draft_.contact();
  contact.id = endpoint_.user.empty() ? endpoint_.id : endpoint_.user;
  if (contact.id.empty()) return draft_.refuse("User.UserId", "", "neither User.UserId nor Id names the contact");
  if (endpoint_.channel.empty()) return draft_.refuse("ChannelType", "", "ChannelType is missing");
  if (endpoint_.channel == "SMS") contact.phone = endpoint_.address;
  if (endpoint_.channel == "EMAIL") contact.email = endpoint_.address;
  return draft_.finish();
}

void PinpointEndpoints::end(std::int64_t line) {
  if (is_refused_ || !finish_row()) {
    output_.reject(line, draft_.error());
    return;
  }
  output_.hold();
  merge(std::move(draft_.contact()));
}

void PinpointEndpoints::merge(Contact&& contact) {
  const auto [found, is_new] = positions_.try_emplace(contact.id, users_.size());
  if (is_new) users_.emplace_back().contact.id = contact.id;
  Channels& user = users_[found->second];
  ++user.rows;
  Contact& kept = user.contact;
  // An address is the channel's to choose; everything else is taken from the first endpoint that has it.
  const std::string phone = std::exchange(contact.phone, {});
  const std::string email = std::exchange(contact.email, {});
  take_if_empty(kept.first_name, std::move(contact.first_name));
  take_if_empty(kept.last_name, std::move(contact.last_name));
  take_if_empty(kept.city, std::move(contact.city));
  take_if_empty(kept.country, std::move(contact.country));
  take_if_empty(kept.time_zone, std::move(contact.time_zone));
  take_if_empty(kept.language, std::move(contact.language));
  take_if_empty(kept.age, contact.age);
  take_if_empty(kept.last_purchase_at, contact.last_purchase_at);
  take_if_empty(kept.last_contacted_at, contact.last_contacted_at);
  take_if_empty(kept.sentiment, contact.sentiment);
  take_if_empty(kept.complaint_at, contact.complaint_at);
  take_if_empty(kept.best_hour, contact.best_hour);
  unite(kept.tags, std::move(contact.tags));
  unite(kept.interests, std::move(contact.interests));
  unite(kept.purchased_skus, std::move(contact.purchased_skus));
  unite(kept.browsed_skus, std::move(contact.browsed_skus));
  unite(kept.cart_skus, std::move(contact.cart_skus));
  kept.purchase_count = std::max(kept.purchase_count, contact.purchase_count);
  kept.browse_count = std::max(kept.browse_count, contact.browse_count);
  kept.total_spent_usd = std::max(kept.total_spent_usd, contact.total_spent_usd);
  kept.has_open_complaint = kept.has_open_complaint || contact.has_open_complaint;
  for (const Channel channel : all_channels) {
    Engagement& engagement = kept.engagement[channel];
    if (engagement == Engagement{}) engagement = contact.engagement[channel];
  }
  if (endpoint_.channel == "SMS") {
    endpoint_.address = phone;
    choose(user, Channel::Sms);
  } else if (endpoint_.channel == "EMAIL") {
    endpoint_.address = email;
    choose(user, Channel::Email);
  }
}

void PinpointEndpoints::choose(Channels& user, Channel channel) {
  if (endpoint_.opt_out == OptOut::All) {
    user.is_withdrawn[channel] = true;
    user.withdrawn_at[channel] = std::max(user.withdrawn_at[channel], endpoint_.effective_at);
  }
  std::optional<Endpoint>& chosen = user.chosen[channel];
  const auto rank = [](const Endpoint& endpoint) {
    return std::tuple(!endpoint.address.empty(), endpoint.is_active, endpoint.opt_out != OptOut::All,
                      endpoint.effective_at);
  };
  if (!chosen || rank(endpoint_) > rank(*chosen)) chosen = endpoint_;
}

void PinpointEndpoints::finish() {
  for (Channels& user : users_) {
    for (const Channel channel : all_channels) {
      const std::optional<Endpoint>& chosen = user.chosen[channel];
      if (!chosen) continue;
      (channel == Channel::Email ? user.contact.email : user.contact.phone) = chosen->address;
      Consent& consent = user.contact.consent[channel];
      consent.source = "pinpoint import";
      consent.at = chosen->effective_at;
      if (user.is_withdrawn[channel]) {
        consent.state = ConsentState::OptedOut;
        consent.at = user.withdrawn_at[channel];
      } else if (!chosen->is_active) {
        consent.state = ConsentState::OptedOut;
        consent.source = "pinpoint import: inactive endpoint";
      } else if (chosen->opt_out == OptOut::None) {
        consent.state = ConsentState::OptedIn;
      } else {
        consent = Consent{};
      }
    }
    output_.accept_held(user.contact, user.rows);
  }
  users_.clear();
  positions_.clear();
}

}  // namespace clarion
