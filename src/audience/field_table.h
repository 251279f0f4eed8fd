#pragma once
// The table of fields: one row each, in the order of Field.
//
// A row says where the value stands, in a Contact and in which column. Its type, how it is compared, stored, read back
// and printed follow from the types of those two; a place of a new kind has to be taught to each std::visit and
// for_each_field, which do not compile before.

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "audience/contact_columns.h"
#include "audience/field.h"
#include "domain/contact.h"

namespace clarion {

// A value of the whole contact.
template <class T, class C>
struct OfContact {
  using Value = T;
  using Column = C;
  Value Contact::* value;
  Column ContactColumns::* column;
  [[nodiscard]] constexpr auto& of(auto& contact) const { return contact.*value; }
  [[nodiscard]] constexpr auto& in(auto& columns) const { return columns.*column; }
};

// A value that each channel has of its own.
template <class Part, class T, class C>
struct OfChannel {
  using Whole = Part;
  using Value = T;
  using Column = C;
  Channel channel;
  PerChannel<Part> Contact::* part;
  Value Part::* value;
  PerChannel<Column> ContactColumns::* column;
  [[nodiscard]] constexpr auto& of(auto& contact) const { return (contact.*part)[channel].*value; }
  [[nodiscard]] constexpr auto& in(auto& columns) const { return (columns.*column)[channel]; }
};

// The id: it has no column but a dictionary, since rows are found by it.
struct OfRow {
  using Value = std::string;
  [[nodiscard]] constexpr auto& of(auto& contact) const { return contact.id; }
};

using FieldPlace = std::variant<
    OfRow, OfContact<std::string, CodedTextColumn>, OfContact<std::string, PlainTextColumn>,
    OfContact<std::vector<std::string>, TextListColumn>, OfContact<std::int32_t, NumberColumn<std::int32_t>>,
    OfContact<double, NumberColumn<double>>, OfContact<std::optional<std::int32_t>, NumberColumn<std::int32_t>>,
    OfContact<std::optional<double>, NumberColumn<double>>,
    OfContact<std::optional<WallTime>, NumberColumn<std::int64_t>>, OfContact<bool, NumberColumn<std::uint8_t>>,
    OfChannel<Consent, ConsentState, NumberColumn<std::uint8_t>>,
    OfChannel<Consent, std::optional<WallTime>, NumberColumn<std::int64_t>>,
    OfChannel<Consent, std::string, CodedTextColumn>,
    OfChannel<Engagement, std::optional<double>, NumberColumn<double>>,
    OfChannel<Engagement, std::int32_t, NumberColumn<std::int32_t>>>;

// What a file may say; both ends are allowed.
struct NumberRange {
  double least = 0;
  double most = 0;
};

struct FieldRow {
  Field field;
  std::string_view name;
  std::string_view label;
  FieldPlace place;
  NumberRange range{};  // numbers only
  bool names_a_person = false;
};

inline constexpr std::array<FieldRow, field_count> field_table = [] {
  using C = Contact;
  using K = ContactColumns;
  constexpr auto consent = [](Channel channel) {
    return OfChannel{channel, &C::consent, &Consent::state, &K::consent_state};
  };
  constexpr auto consent_at = [](Channel channel) {
    return OfChannel{channel, &C::consent, &Consent::at, &K::consent_at};
  };
  constexpr auto consent_source = [](Channel channel) {
    return OfChannel{channel, &C::consent, &Consent::source, &K::consent_source};
  };
  constexpr auto preference = [](Channel channel) {
    return OfChannel{channel, &C::engagement, &Engagement::preference, &K::preference};
  };
  constexpr auto sent = [](Channel channel) { return OfChannel{channel, &C::engagement, &Engagement::sent, &K::sent}; };
  constexpr auto responded = [](Channel channel) {
    return OfChannel{channel, &C::engagement, &Engagement::responded, &K::responded};
  };
  using enum Field;
  constexpr NumberRange no_range;
  constexpr NumberRange count{0, 1e9};
  constexpr bool is_personal = true;
  return std::array<FieldRow, field_count>{{
      {Id, "id", "Customer id", OfRow{}, no_range, is_personal},
      {FirstName, "first_name", "First name", OfContact{&C::first_name, &K::first_name}, no_range, is_personal},
      {LastName, "last_name", "Last name", OfContact{&C::last_name, &K::last_name}, no_range, is_personal},
      {Phone, "phone", "Phone", OfContact{&C::phone, &K::phone}, no_range, is_personal},
      {Email, "email", "Email address", OfContact{&C::email, &K::email}, no_range, is_personal},
      {City, "city", "City", OfContact{&C::city, &K::city}},
      {Country, "country", "Country", OfContact{&C::country, &K::country}},
      {TimeZone, "time_zone", "Time zone", OfContact{&C::time_zone, &K::time_zone}},
      {Language, "language", "Language", OfContact{&C::language, &K::language}},
      {Age, "age", "Age", OfContact{&C::age, &K::age}, {0, 150}},
      {Tags, "tags", "Tag", OfContact{&C::tags, &K::tags}},
      {Interests, "interests", "Interest", OfContact{&C::interests, &K::interests}},
      {PurchasedSkus, "purchased_skus", "Bought", OfContact{&C::purchased_skus, &K::purchased_skus}},
      {BrowsedSkus, "browsed_skus", "Viewed", OfContact{&C::browsed_skus, &K::browsed_skus}},
      {CartSkus, "cart_skus", "In the cart", OfContact{&C::cart_skus, &K::cart_skus}},
      {PurchaseCount, "purchase_count", "Purchases", OfContact{&C::purchase_count, &K::purchase_count}, count},
      {BrowseCount, "browse_count", "Product views", OfContact{&C::browse_count, &K::browse_count}, count},
      {TotalSpentUsd,
       "total_spent_usd",
       "Total spent (USD)",
       OfContact{&C::total_spent_usd, &K::total_spent_usd},
       {0, 1e12}},
      {LastPurchaseAt, "last_purchase_at", "Last purchase", OfContact{&C::last_purchase_at, &K::last_purchase_at}},
      {LastContactedAt, "last_contacted_at", "Last contacted", OfContact{&C::last_contacted_at, &K::last_contacted_at}},
      {Sentiment, "sentiment", "Sentiment", OfContact{&C::sentiment, &K::sentiment}, {-1, 1}},
      {ComplaintAt, "complaint_at", "Latest complaint", OfContact{&C::complaint_at, &K::complaint_at}},
      {HasOpenComplaint, "has_open_complaint", "Open complaint",
       OfContact{&C::has_open_complaint, &K::has_open_complaint}},
      {BestHour, "best_hour", "Best hour", OfContact{&C::best_hour, &K::best_hour}, {0, 23}},
      {ConsentSms, "consent_sms", "SMS consent", consent(Channel::Sms)},
      {ConsentWhatsApp, "consent_whatsapp", "WhatsApp consent", consent(Channel::WhatsApp)},
      {ConsentEmail, "consent_email", "Email consent", consent(Channel::Email)},
      {ConsentSmsAt, "consent_sms_at", "Date of SMS consent", consent_at(Channel::Sms)},
      {ConsentWhatsAppAt, "consent_whatsapp_at", "Date of WhatsApp consent", consent_at(Channel::WhatsApp)},
      {ConsentEmailAt, "consent_email_at", "Date of email consent", consent_at(Channel::Email)},
      {ConsentSmsSource, "consent_sms_source", "Source of SMS consent", consent_source(Channel::Sms)},
      {ConsentWhatsAppSource, "consent_whatsapp_source", "Source of WhatsApp consent",
       consent_source(Channel::WhatsApp)},
      {ConsentEmailSource, "consent_email_source", "Source of email consent", consent_source(Channel::Email)},
      {PreferenceSms, "preference_sms", "Preference for SMS", preference(Channel::Sms), {0, 1}},
      {PreferenceWhatsApp, "preference_whatsapp", "Preference for WhatsApp", preference(Channel::WhatsApp), {0, 1}},
      {PreferenceEmail, "preference_email", "Preference for email", preference(Channel::Email), {0, 1}},
      {SentSms, "sent_sms", "SMS sent", sent(Channel::Sms), count},
      {SentWhatsApp, "sent_whatsapp", "WhatsApp messages sent", sent(Channel::WhatsApp), count},
      {SentEmail, "sent_email", "Emails sent", sent(Channel::Email), count},
      {RespondedSms, "responded_sms", "SMS responses", responded(Channel::Sms), count},
      {RespondedWhatsApp, "responded_whatsapp", "WhatsApp responses", responded(Channel::WhatsApp), count},
      {RespondedEmail, "responded_email", "Email opens and clicks", responded(Channel::Email), count},
  }};
}();

[[nodiscard]] constexpr const FieldRow& row_of(Field field) {
  return field_table[std::to_underlying(field)];
}

template <class T>
inline constexpr bool is_optional = false;
template <class T>
inline constexpr bool is_optional<std::optional<T>> = true;
template <class Place>
inline constexpr bool is_of_channel = requires(Place place) { place.channel; };

template <class Value>
[[nodiscard]] constexpr FieldType type_of_value() {
  if constexpr (is_optional<Value>) {
    return type_of_value<typename Value::value_type>();
  } else if constexpr (std::is_same_v<Value, std::string> || std::is_same_v<Value, ConsentState>) {
    return FieldType::Text;
  } else if constexpr (std::is_same_v<Value, std::vector<std::string>>) {
    return FieldType::TextList;
  } else if constexpr (std::is_same_v<Value, WallTime>) {
    return FieldType::Time;
  } else if constexpr (std::is_same_v<Value, bool>) {
    return FieldType::Flag;
  } else {
    static_assert(std::is_arithmetic_v<Value>);
    return FieldType::Number;
  }
}

// By field, the bit of ContactColumns::present that says whether it is known; 0 for what is never absent.
inline constexpr auto present_bits = [] {
  std::array<PresentBits, field_count> bits{};
  auto next = static_cast<unsigned>(PresentBit::FirstField);
  for (const FieldRow& row : field_table) {
    const bool may_be_absent =
        std::visit([]<class Place>(const Place&) { return is_optional<typename Place::Value>; }, row.place);
    if (may_be_absent) bits[std::to_underlying(row.field)] = static_cast<PresentBits>(1U << next++);
    if (next > sizeof(PresentBits) * 8) throw "PresentBits is too narrow for all fields that may be absent";
  }
  return bits;
}();

// One row as a constant, for loops that must cost no more than code written out field by field.
template <std::size_t index>
struct FieldAt {
  static constexpr Field field = field_table[index].field;
  static constexpr std::string_view name = field_table[index].name;
  static constexpr NumberRange range = field_table[index].range;
  static constexpr auto place = std::get<field_table[index].place.index()>(field_table[index].place);
  static constexpr PresentBits present_bit = present_bits[index];
  using Place = std::remove_const_t<decltype(place)>;
  using Value = Place::Value;
  static constexpr FieldType type = type_of_value<Value>();
};

// Calls `visit(FieldAt<index>{})` for every field, in order.
template <class Visit>
constexpr void for_each_field(Visit&& visit) {
  [&]<std::size_t... index>(std::index_sequence<index...>) {
    (visit(FieldAt<index>{}), ...);
  }(std::make_index_sequence<field_count>{});
}

// What `visit(FieldAt<index>{})` returns for that one field.
template <class Visit>
constexpr auto with_field(Field field, Visit&& visit) {
  decltype(visit(FieldAt<0>{})) result{};
  [&]<std::size_t... index>(std::index_sequence<index...>) {
    (void)((field == static_cast<Field>(index) && (result = visit(FieldAt<index>{}), true)) || ...);
  }(std::make_index_sequence<field_count>{});
  return result;
}

// The table is indexed by Field, the fields of one kind stand in the order of the channels, and numbers have a range.
consteval bool is_well_made() {
  bool is_right = true;
  for (std::size_t i = 0; i < field_count; ++i) is_right = is_right && field_table[i].field == static_cast<Field>(i);
  for_each_field([&]<class At>(At) {
    is_right = is_right && (At::type == FieldType::Number) == (At::range.least < At::range.most);
    if constexpr (is_of_channel<typename At::Place>) {
      const std::string_view of_sms = field_table[std::to_underlying(At::field) - index_of(At::place.channel)].name;
      // "consent_email_at" is "consent_sms_at" with another channel in it.
      const std::string_view channel = to_string(At::place.channel);
      const std::size_t channel_at = At::name.find(channel);
      is_right = is_right && channel_at != std::string_view::npos &&
                 of_sms.substr(0, channel_at) == At::name.substr(0, channel_at) &&
                 of_sms.substr(channel_at).starts_with("sms") &&
                 of_sms.substr(channel_at + 3) == At::name.substr(channel_at + channel.size());
    }
  });
  return is_right;
}
static_assert(is_well_made());

}  // namespace clarion
