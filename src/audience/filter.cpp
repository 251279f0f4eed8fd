#include "audience/filter.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "audience/filter_value.h"

namespace clarion {
namespace {

struct FieldEntry {
  Field field;
  FieldType type;
  std::string_view name;
};

constexpr std::array<FieldEntry, field_count> fields{{
    {Field::Id, FieldType::Text, "id"},
    {Field::FirstName, FieldType::Text, "first_name"},
    {Field::LastName, FieldType::Text, "last_name"},
    {Field::Phone, FieldType::Text, "phone"},
    {Field::Email, FieldType::Text, "email"},
    {Field::City, FieldType::Text, "city"},
    {Field::Country, FieldType::Text, "country"},
    {Field::TimeZone, FieldType::Text, "time_zone"},
    {Field::Language, FieldType::Text, "language"},
    {Field::Age, FieldType::Number, "age"},
    {Field::Tags, FieldType::TextList, "tags"},
    {Field::Interests, FieldType::TextList, "interests"},
    {Field::PurchasedSkus, FieldType::TextList, "purchased_skus"},
    {Field::BrowsedSkus, FieldType::TextList, "browsed_skus"},
    {Field::CartSkus, FieldType::TextList, "cart_skus"},
    {Field::PurchaseCount, FieldType::Number, "purchase_count"},
    {Field::BrowseCount, FieldType::Number, "browse_count"},
    {Field::TotalSpentUsd, FieldType::Number, "total_spent_usd"},
    {Field::LastPurchaseAt, FieldType::Time, "last_purchase_at"},
    {Field::LastContactedAt, FieldType::Time, "last_contacted_at"},
    {Field::Sentiment, FieldType::Number, "sentiment"},
    {Field::ComplaintAt, FieldType::Time, "complaint_at"},
    {Field::HasOpenComplaint, FieldType::Flag, "has_open_complaint"},
    {Field::BestHour, FieldType::Number, "best_hour"},
    {Field::ConsentSms, FieldType::Text, "consent_sms"},
    {Field::ConsentWhatsApp, FieldType::Text, "consent_whatsapp"},
    {Field::ConsentEmail, FieldType::Text, "consent_email"},
    {Field::PreferenceSms, FieldType::Number, "preference_sms"},
    {Field::PreferenceWhatsApp, FieldType::Number, "preference_whatsapp"},
    {Field::PreferenceEmail, FieldType::Number, "preference_email"},
    {Field::SentSms, FieldType::Number, "sent_sms"},
    {Field::SentWhatsApp, FieldType::Number, "sent_whatsapp"},
    {Field::SentEmail, FieldType::Number, "sent_email"},
    {Field::RespondedSms, FieldType::Number, "responded_sms"},
    {Field::RespondedWhatsApp, FieldType::Number, "responded_whatsapp"},
    {Field::RespondedEmail, FieldType::Number, "responded_email"},
}};

constexpr bool fields_are_in_order() {
  for (std::size_t i = 0; i < field_count; ++i) {
    if (std::to_underlying(fields[i].field) != i) return false;
  }
  return true;
}
static_assert(fields_are_in_order(), "the table is indexed by Field");

constexpr std::array<std::string_view, 9> operator_names{"=", "!=", "<", "<=", ">", ">=", "in", "contains", "exists"};

bool is_consent(Field field) {
  return field == Field::ConsentSms || field == Field::ConsentWhatsApp || field == Field::ConsentEmail;
}

bool is_consent_state(std::string_view text) {
  return text == "opted_in" || text == "opted_out" || text == "unknown";
}

bool suits(FieldType type, Operator op) {
  switch (op) {
    case Operator::Equal: return type != FieldType::TextList;
    case Operator::NotEqual: return type != FieldType::TextList && type != FieldType::Flag;
    case Operator::Less:
    case Operator::LessOrEqual:
    case Operator::Greater:
    case Operator::GreaterOrEqual: return type == FieldType::Number || type == FieldType::Time;
    case Operator::In:
    case Operator::Contains: return type == FieldType::Text || type == FieldType::TextList;
    case Operator::Exists: return type != FieldType::Flag;
  }
  return false;
}

std::string_view operators_of(FieldType type) {
  switch (type) {
    case FieldType::Text: return "=, !=, in, contains or exists";
    case FieldType::Number:
    case FieldType::Time: return "=, !=, <, <=, >, >= or exists";
    case FieldType::TextList: return "in, contains or exists";
    case FieldType::Flag: return "=";
  }
  return "";
}

Result<void> check_consent_text(Field field, std::string_view text, std::string_view path) {
  if (!is_consent(field) || is_consent_state(text)) return {};
  return fail(ErrorKind::Invalid, fmt::format("{}.value must be \"opted_in\", \"opted_out\" or \"unknown\" for {}",
                                              path, to_string(field)));
}

}  // namespace

FieldType type_of(Field field) {
  return fields[std::to_underlying(field)].type;
}

std::string_view to_string(Field field) {
  return fields[std::to_underlying(field)].name;
}

std::optional<Field> find_field(std::string_view name) {
  const auto* const found = std::ranges::find(fields, name, &FieldEntry::name);
  if (found == fields.end()) return std::nullopt;
  return found->field;
}

std::string_view to_string(Operator op) {
  return operator_names[std::to_underlying(op)];
}

std::optional<Operator> find_operator(std::string_view name) {
  const auto* const found = std::ranges::find(operator_names, name);
  if (found == operator_names.end()) return std::nullopt;
  return static_cast<Operator>(found - operator_names.begin());
}

double to_filter_number(double number) {
  constexpr double decimals = 1e6;
  const double rounded = std::round(number * decimals) / decimals;
  return rounded == 0 ? 0 : rounded;  // never -0
}

Filter compare(Field field, Operator op, FilterValue value) {
  return {.kind = Filter::Kind::Compare,
          .comparison = {.field = field, .op = op, .value = std::move(value)},
          .children = {}};
}

Filter all_of(std::vector<Filter> children) {
  if (children.empty()) return {};
  if (children.size() == 1) return std::move(children.front());
  return {.kind = Filter::Kind::And, .comparison = {}, .children = std::move(children)};
}

Filter any_of(std::vector<Filter> children) {
  if (children.size() == 1) return std::move(children.front());
  return {.kind = Filter::Kind::Or, .comparison = {}, .children = std::move(children)};
}

Filter negate(Filter child) {
  Filter result{.kind = Filter::Kind::Not, .comparison = {}, .children = {}};
  result.children.push_back(std::move(child));
  return result;
}

Result<void> check_comparison(const Comparison& comparison, std::string_view path) {
  const auto [field, op, value] = comparison;
  const FieldType type = type_of(field);
  const auto must_be = [&](std::string_view what) {
    return fail(ErrorKind::Invalid, fmt::format("{}.value must be {}", path, what));
  };
  if (!suits(type, op)) {
    return fail(ErrorKind::Invalid, fmt::format("{}.operator \"{}\" does not suit {}; use {}", path, to_string(op),
                                                to_string(field), operators_of(type)));
  }
  if (op == Operator::Exists || type == FieldType::Flag) {
    if (!std::holds_alternative<bool>(value)) return must_be("true or false");
    return {};
  }
  if (op == Operator::In) {
    const auto* const texts = std::get_if<std::vector<std::string>>(&value);
    if (texts == nullptr) return must_be("a list of texts");
    if (texts->empty()) return must_be("a list of at least one text");
    for (const std::string& text : *texts) {
      if (auto checked = check_consent_text(field, text, path); !checked) return checked;
    }
    return {};
  }
  switch (type) {
    case FieldType::Number: {
      const auto* const number = std::get_if<double>(&value);
      if (number == nullptr || !std::isfinite(*number)) return must_be("a number");
      if (std::abs(*number) > largest_filter_number) return must_be("a number from -1000000000 to 1000000000");
      return {};
    }
    case FieldType::Time:
      if (!std::holds_alternative<WallTime>(value) && !std::holds_alternative<DaysAgo>(value)) {
        return must_be("a time such as \"2026-06-01T00:00:00Z\" or {\"days_ago\": 90}");
      }
      return {};
    case FieldType::Text:
    case FieldType::TextList: {
      const auto* const text = std::get_if<std::string>(&value);
      if (text == nullptr) return must_be("a text");
      return op == Operator::Contains ? Result<void>{} : check_consent_text(field, *text, path);
    }
    case FieldType::Flag: break;
  }
  return {};
}

bool matches(const Filter& filter, const Contact& contact, WallTime now) {
  const auto match_child = [&](const Filter& child) { return matches(child, contact, now); };
  switch (filter.kind) {
    case Filter::Kind::Everyone: return true;
    case Filter::Kind::Compare: return comparison_holds(filter.comparison, contact, now);
    case Filter::Kind::And: return std::ranges::all_of(filter.children, match_child);
    case Filter::Kind::Or: return std::ranges::any_of(filter.children, match_child);
    case Filter::Kind::Not: return !match_child(filter.children.front());
  }
  return false;
}

}  // namespace clarion
