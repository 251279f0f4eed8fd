#pragma once
// Filter: the typed tree that a sentence, a JSON document and the page's conditions all become.
//
// Shape   Everyone | Compare(field, operator, value) | And(children) | Or(children) | Not(one child).
// Absent  a comparison with an unknown value is false, whatever the operator; only Exists looks at absence.
//         Consent always has a text: "unknown" can be compared with, and is the one that does not Exist.
// Number  within ±1,000,000,000, kept to six decimals, so that it reads back as it was printed.
// Text    compared after ICU case folding; cities, names and tags so "bangalore" finds "Bangalore".

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
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
inline constexpr std::size_t field_count = 36;

enum class FieldType : std::uint8_t { Text, Number, Time, TextList, Flag };

[[nodiscard]] FieldType type_of(Field field);
// "city", "purchased_skus", "consent_sms": the name in JSON and SQL text.
[[nodiscard]] std::string_view to_string(Field field);
[[nodiscard]] std::optional<Field> find_field(std::string_view name);

enum class Operator : std::uint8_t {
  Equal,
  NotEqual,
  Less,
  LessOrEqual,
  Greater,
  GreaterOrEqual,  // Text: only the first two; Flag: only Equal
  In,              // Text: one of a list; TextList: shares one with the list
  Contains,        // Text: substring; TextList: has this element
  Exists,          // value true or false; TextList: is not empty
};
[[nodiscard]] std::string_view to_string(Operator op);  // "=", "!=", "<", "<=", ">", ">=", "in", "contains", "exists"
[[nodiscard]] std::optional<Operator> find_operator(std::string_view name);

// A time relative to the moment of evaluation: Ago{90} is 90 days before it.
struct DaysAgo {
  std::int32_t days = 0;
  bool operator==(const DaysAgo&) const = default;
};

using FilterValue = std::variant<std::string, double, bool, WallTime, DaysAgo, std::vector<std::string>>;

inline constexpr double largest_filter_number = 1e9;
// Rounded to the six decimals that filters keep.
[[nodiscard]] double to_filter_number(double number);

struct Comparison {
  Field field{};
  Operator op{};
  FilterValue value;
  bool operator==(const Comparison&) const = default;
};

struct Filter {
  enum class Kind : std::uint8_t { Everyone, Compare, And, Or, Not };
  Kind kind = Kind::Everyone;
  Comparison comparison;         // Compare only
  std::vector<Filter> children;  // And, Or: at least one; Not: exactly one
  bool operator==(const Filter&) const = default;
};

[[nodiscard]] Filter compare(Field field, Operator op, FilterValue value);
[[nodiscard]] Filter all_of(std::vector<Filter> children);  // Everyone when empty; the child itself when one
[[nodiscard]] Filter any_of(std::vector<Filter> children);  // REQUIRES: not empty; the child itself when one
[[nodiscard]] Filter negate(Filter child);

// Invalid when an operator does not suit its field or a value its operator; the message starts with `path`, the
// name of the place: "filters.and[1].value must be a number".
[[nodiscard]] Result<void> check_comparison(const Comparison& comparison, std::string_view path);

// Whether `contact` matches: the definition that every faster evaluation is tested against.
[[nodiscard]] bool matches(const Filter& filter, const Contact& contact, WallTime now);

}  // namespace clarion
