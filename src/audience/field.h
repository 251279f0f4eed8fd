#pragma once
// Field: what is known of a contact one by one, and what a filter can ask for.
//
// A field is an enumerator here and a row in field_table.h: its name, its label and where its value stands. All that is
// said of fields below, and all that goes over every field, follows from that row.

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "base/clock.h"
#include "domain/contact.h"

namespace clarion {

enum class Field : std::uint8_t {
  Id,
  FirstName,
  LastName,
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
  PurchaseCount,
  BrowseCount,
  TotalSpentUsd,
  LastPurchaseAt,
  LastContactedAt,
  Sentiment,
  ComplaintAt,
  HasOpenComplaint,
  BestHour,
  ConsentSms,
  ConsentWhatsApp,
  ConsentEmail,  // text: "opted_in", "opted_out", "unknown"
  ConsentSmsAt,
  ConsentWhatsAppAt,
  ConsentEmailAt,  // time: when it was given or withdrawn
  ConsentSmsSource,
  ConsentWhatsAppSource,
  ConsentEmailSource,  // text: where
  PreferenceSms,
  PreferenceWhatsApp,
  PreferenceEmail,  // number in [0, 1]
  SentSms,
  SentWhatsApp,
  SentEmail,  // number
  RespondedSms,
  RespondedWhatsApp,
  RespondedEmail,  // number
};
inline constexpr std::size_t field_count = std::to_underlying(Field::RespondedEmail) + 1;
inline constexpr auto all_fields = [] {
  std::array<Field, field_count> fields{};
  for (std::size_t i = 0; i < field_count; ++i) fields[i] = static_cast<Field>(i);
  return fields;
}();
inline constexpr std::array sku_fields{Field::PurchasedSkus, Field::BrowsedSkus, Field::CartSkus};
[[nodiscard]] constexpr bool holds_skus(Field field) {
  return std::ranges::find(sku_fields, field) != sku_fields.end();
}

enum class FieldType : std::uint8_t { Text, Number, Time, TextList, Flag };
[[nodiscard]] std::string_view to_string(FieldType type);  // "text", "number", "time", "list", "flag"

[[nodiscard]] FieldType type_of(Field field);
// "city", "purchased_skus", "consent_sms": the name in JSON and SQL text.
[[nodiscard]] std::string_view to_string(Field field);
[[nodiscard]] std::optional<Field> find_field(std::string_view name);
// "City", "Bought", "SMS consent": the name for a person.
[[nodiscard]] std::string_view label_of(Field field);
// Whether its values are names and addresses of single people, which are not offered as a list to choose from.
[[nodiscard]] bool names_a_person(Field field);
// Which channel's it is; nullopt for what belongs to the whole contact.
[[nodiscard]] std::optional<Channel> channel_of(Field field);
// The same of another channel: (ConsentSms, Email) is ConsentEmail. REQUIRES: a field of a channel.
[[nodiscard]] Field on_channel(Field field, Channel channel);
// The state of a consent.
[[nodiscard]] bool is_consent(Field field);
// Its state, time or source.
[[nodiscard]] bool is_of_consent(Field field);
// A whole number that is never absent: what was not counted is 0.
[[nodiscard]] bool is_count(Field field);

// A value as a contact has it; monostate when it is not known. Consent is always a text, "unknown" too.
// Lives as long as the contact.
using FieldValue =
    std::variant<std::monostate, std::string_view, std::int32_t, double, bool, WallTime, std::span<const std::string>>;
[[nodiscard]] FieldValue value_of(Field field, const Contact& contact);

}  // namespace clarion
