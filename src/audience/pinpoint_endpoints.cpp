#include "audience/pinpoint_endpoints.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <tuple>
#include <type_traits>
#include <utility>

#include "audience/field_table.h"
#include "base/text.h"

namespace clarion {
namespace {

// The channels of Pinpoint that are not ours: push, voice, in-app and the operator's own.
constexpr std::array<std::string_view, 11> foreign_channels{
    "PUSH", "GCM",   "APNS",  "APNS_SANDBOX", "APNS_VOIP", "APNS_VOIP_SANDBOX",
    "ADM",  "BAIDU", "VOICE", "IN_APP",       "CUSTOM"};

// What one person is, from two endpoints: the first text or value that is known, every element of the lists, the
// largest number.
void take(std::string& kept, std::string&& other) {
  if (kept.empty()) kept = std::move(other);
}

template <class T>
void take(std::optional<T>& kept, const std::optional<T>& other) {
  if (!kept) kept = other;
}

void take(std::vector<std::string>& kept, std::vector<std::string>&& others) {
  for (std::string& other : others) {
    if (std::ranges::find(kept, other) == kept.end()) kept.push_back(std::move(other));
  }
}

template <class T>
  requires std::is_arithmetic_v<T>
void take(T& kept, T other) {
  kept = std::max(kept, other);
}

bool is_kept_out(ContactKey key) {
  switch (key.part) {
    case ContactPart::OfField:
      return key == Field::Id || key == Field::Phone || key == Field::Email || is_of_consent(key.field);
    case ContactPart::ConsentObject:
    case ContactPart::EngagementObject:
    case ContactPart::PreferenceObject: return true;
    default: return false;
  }
}

// What was set of a row is held as each name, how many values a list has (or that it is none), and the values; texts
// behind their lengths.
constexpr std::size_t no_list = 0xffffffffU;

void put_number(std::string& held, std::size_t number) {
  const auto bytes = static_cast<std::uint32_t>(number);
  held.append(reinterpret_cast<const char*>(&bytes), sizeof(bytes));
}

void put_text(std::string& held, std::string_view text) {
  put_number(held, text.size());
  held += text;
}

std::size_t take_number(std::string_view& held) {
  std::uint32_t number = 0;
  std::memcpy(&number, held.data(), sizeof(number));
  held.remove_prefix(sizeof(number));
  return number;
}

std::string_view take_text(std::string_view& held) {
  const std::size_t size = take_number(held);
  const std::string_view text = held.substr(0, size);
  held.remove_prefix(size);
  return text;
}

}  // namespace

void PinpointEndpoints::begin() {
  held_.clear();
  clear();
}

void PinpointEndpoints::clear() {
  draft_.clear();
  endpoint_ = Endpoint{};
  is_refused_ = false;
}

// "User.UserAttributes.X", "Attributes.X" and "Metrics.X" may carry any part but an id, an address or consent.
std::optional<ContactKey> PinpointEndpoints::find_attribute(std::string_view name) {
  for (const std::string_view prefix : {"User.UserAttributes.", "Attributes.", "Metrics."}) {
    if (!name.starts_with(prefix)) continue;
    const ContactKey key = find_contact_key(name.substr(prefix.size()));
    if (key.part == ContactPart::Unknown || is_kept_out(key)) break;
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
    return draft_.set_text(Field::City, name, value);
  } else if (name == "Location.Country") {
    return draft_.set_text(Field::Country, name, value);
  } else if (name == "Demographic.Timezone") {
    return draft_.set_text(Field::TimeZone, name, value);
  } else if (name == "Demographic.Locale") {
    return draft_.set_text(Field::Language, name, value);
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
  is_ignored_ = false;
  apply(name, value);
  if (is_ignored_) return;
  put_text(held_, name);
  put_number(held_, no_list);
  put_text(held_, value);
}

std::optional<ContactKey> PinpointEndpoints::find_list(std::string_view name) {
  const auto key = find_attribute(name);
  const bool is_list = key && (key->part == ContactPart::Purchases ||
                               (key->part == ContactPart::OfField && type_of(key->field) == FieldType::TextList));
  return is_list ? key : std::nullopt;
}

void PinpointEndpoints::set_list(std::string_view name, const std::vector<std::string_view>& values) {
  if (is_refused_ || values.empty()) return;
  const auto key = find_list(name);
  if (!key) return set(name, values.front());
  apply_list(name, *key, values);
  put_text(held_, name);
  put_number(held_, values.size());
  for (const std::string_view value : values) put_text(held_, value);
}

void PinpointEndpoints::apply(std::string_view name, std::string_view value) {
  is_refused_ = !set_own(name, value);
}

void PinpointEndpoints::apply_list(std::string_view name, ContactKey key, const std::vector<std::string_view>& values) {
  is_refused_ = !draft_.start_list(key, name);
  for (const std::string_view value : values) is_refused_ = is_refused_ || !draft_.add_item(key, name, value);
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
  line_ = line;
  if (is_refused_ || !finish_row()) {
    output_.reject(line, draft_.error());
    return;
  }
  output_.hold(draft_.contact().id, held_);
}

void PinpointEndpoints::set_again(std::string_view held) {
  clear();
  std::vector<std::string_view> values;
  while (!held.empty()) {
    const std::string_view name = take_text(held);
    const std::size_t count = take_number(held);
    if (count == no_list) {
      apply(name, take_text(held));
      continue;
    }
    values.clear();
    for (std::size_t i = 0; i < count; ++i) values.push_back(take_text(held));
    if (const auto key = find_list(name)) apply_list(name, *key, values);
  }
  // It was a whole row when it was held, so it is one now.
  if (finish_row()) merge(std::move(draft_.contact()));
}

void PinpointEndpoints::merge(Contact&& contact) {
  User& user = user_;
  user.contact.id = contact.id;
  ++user.rows;
  Contact& kept = user.contact;
  // An address is the channel's to choose; everything else is taken from the first endpoint that has it.
  const std::string phone = std::exchange(contact.phone, {});
  const std::string email = std::exchange(contact.email, {});
  for_each_field([&]<class At>(At) {
    if constexpr (!is_of_channel<typename At::Place>) take(At::place.of(kept), std::move(At::place.of(contact)));
  });
  for (const Channel channel : all_channels) {
    Engagement& engagement = kept.engagement[channel];
    if (engagement == Engagement{}) engagement = contact.engagement[channel];
  }
  if (endpoint_.channel == "SMS") {
    endpoint_.address = phone;
    choose(Channel::Sms);
  } else if (endpoint_.channel == "EMAIL") {
    endpoint_.address = email;
    choose(Channel::Email);
  }
}

void PinpointEndpoints::choose(Channel channel) {
  if (endpoint_.opt_out == OptOut::All) {
    user_.is_withdrawn[channel] = true;
    user_.withdrawn_at[channel] = std::max(user_.withdrawn_at[channel], endpoint_.effective_at);
  }
  std::optional<Endpoint>& chosen = user_.chosen[channel];
  const auto rank = [](const Endpoint& endpoint) {
    return std::tuple(!endpoint.address.empty(), endpoint.is_active, endpoint.opt_out != OptOut::All,
                      endpoint.effective_at);
  };
  if (!chosen || rank(endpoint_) > rank(*chosen)) chosen = endpoint_;
}

void PinpointEndpoints::hand_over() {
  for (const Channel channel : all_channels) {
    const std::optional<Endpoint>& chosen = user_.chosen[channel];
    if (!chosen) continue;
    (channel == Channel::Email ? user_.contact.email : user_.contact.phone) = chosen->address;
    Consent& consent = user_.contact.consent[channel];
    consent.source = "pinpoint import";
    consent.at = chosen->effective_at;
    if (user_.is_withdrawn[channel]) {
      consent.state = ConsentState::OptedOut;
      consent.at = user_.withdrawn_at[channel];
    } else if (!chosen->is_active) {
      consent.state = ConsentState::OptedOut;
      consent.source = "pinpoint import: inactive endpoint";
    } else if (chosen->opt_out == OptOut::None) {
      consent.state = ConsentState::OptedIn;
    } else {
      consent = Consent{};
    }
  }
  output_.accept_held(user_.contact, user_.rows);
  user_ = User{};
}

void PinpointEndpoints::finish() {
  output_.held().visit([this](std::string_view row, bool is_first_of_user) {
    if (is_first_of_user && user_.rows > 0) hand_over();
    set_again(row);
  });
  if (user_.rows > 0) hand_over();
  if (const std::string fault = output_.held().fault(); !fault.empty()) output_.stop(line_, fault);
}

}  // namespace clarion
