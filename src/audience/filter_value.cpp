#include "audience/filter_value.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <utility>

#include "base/text.h"

namespace clarion {
namespace {

std::string_view consent_text(const Contact& contact, Channel channel) {
  switch (contact.consent[channel].state) {
    case ConsentState::OptedIn: return "opted_in";
    case ConsentState::OptedOut: return "opted_out";
    case ConsentState::Unknown: return "unknown";
  }
  return "unknown";
}

std::string_view text_of(Field field, const Contact& contact) {
  switch (field) {
    case Field::Id: return contact.id;
    case Field::FirstName: return contact.first_name;
    case Field::LastName: return contact.last_name;
    case Field::Phone: return contact.phone;
    case Field::Email: return contact.email;
    case Field::City: return contact.city;
    case Field::Country: return contact.country;
    case Field::TimeZone: return contact.time_zone;
    case Field::Language: return contact.language;
    case Field::ConsentSms: return consent_text(contact, Channel::Sms);
    case Field::ConsentWhatsApp: return consent_text(contact, Channel::WhatsApp);
    case Field::ConsentEmail: return consent_text(contact, Channel::Email);
    default: return {};
  }
}

const std::vector<std::string>& list_of(Field field, const Contact& contact) {
  switch (field) {
    case Field::Tags: return contact.tags;
    case Field::Interests: return contact.interests;
    case Field::PurchasedSkus: return contact.purchased_skus;
    case Field::BrowsedSkus: return contact.browsed_skus;
    default: return contact.cart_skus;
  }
}

std::optional<double> number_of(Field field, const Contact& contact) {
  const auto& engagement = contact.engagement;
  switch (field) {
    case Field::Age: return contact.age;
    case Field::PurchaseCount: return contact.purchase_count;
    case Field::BrowseCount: return contact.browse_count;
    case Field::TotalSpentUsd: return contact.total_spent_usd;
    case Field::Sentiment: return contact.sentiment;
    case Field::BestHour: return contact.best_hour;
    case Field::PreferenceSms: return engagement[Channel::Sms].preference;
    case Field::PreferenceWhatsApp: return engagement[Channel::WhatsApp].preference;
    case Field::PreferenceEmail: return engagement[Channel::Email].preference;
    case Field::SentSms: return engagement[Channel::Sms].sent;
    case Field::SentWhatsApp: return engagement[Channel::WhatsApp].sent;
    case Field::SentEmail: return engagement[Channel::Email].sent;
    case Field::RespondedSms: return engagement[Channel::Sms].responded;
    case Field::RespondedWhatsApp: return engagement[Channel::WhatsApp].responded;
    case Field::RespondedEmail: return engagement[Channel::Email].responded;
    default: return std::nullopt;
  }
}

std::optional<WallTime> time_of(Field field, const Contact& contact) {
  switch (field) {
    case Field::LastPurchaseAt: return contact.last_purchase_at;
    case Field::LastContactedAt: return contact.last_contacted_at;
    case Field::ComplaintAt: return contact.complaint_at;
    default: return std::nullopt;
  }
}

template <class T>
bool is_ordered(Operator op, const T& left, const T& right) {
  switch (op) {
    case Operator::Equal: return left == right;
    case Operator::NotEqual: return left != right;
    case Operator::Less: return left < right;
    case Operator::LessOrEqual: return left <= right;
    case Operator::Greater: return left > right;
    case Operator::GreaterOrEqual: return left >= right;
    default: return false;
  }
}

bool is_one_of(const std::string& folded, const FilterValue& value) {
  const auto* const texts = std::get_if<std::vector<std::string>>(&value);
  return texts != nullptr &&
         std::ranges::any_of(*texts, [&](const std::string& text) { return fold_text(text) == folded; });
}

bool text_holds(Operator op, const FilterValue& value, std::string_view actual) {
  if (actual.empty()) return false;
  const std::string folded = fold_text(actual);
  if (op == Operator::In) return is_one_of(folded, value);
  const auto* const text = std::get_if<std::string>(&value);
  if (text == nullptr) return false;
  const std::string wanted = fold_text(*text);
  if (op == Operator::Contains) return folded.contains(wanted);
  if (op == Operator::Equal) return folded == wanted;
  return op == Operator::NotEqual && folded != wanted;
}

bool list_holds(Operator op, const FilterValue& value, const std::vector<std::string>& actual) {
  return std::ranges::any_of(actual, [&](const std::string& element) {
    const std::string folded = fold_text(element);
    if (op == Operator::In) return is_one_of(folded, value);
    const auto* const text = std::get_if<std::string>(&value);
    return op == Operator::Contains && text != nullptr && folded == fold_text(*text);
  });
}

bool time_holds(Operator op, const FilterValue& value, WallTime actual, WallTime now) {
  if (const auto* const ago = std::get_if<DaysAgo>(&value)) {
    return is_ordered(op, actual, now - std::chrono::days(ago->days));
  }
  const auto* const time = std::get_if<WallTime>(&value);
  return time != nullptr && is_ordered(op, actual, *time);
}

bool is_present(Field field, const Contact& contact) {
  switch (type_of(field)) {
    case FieldType::Text: {
      const std::string_view text = text_of(field, contact);
      const bool is_consent = field >= Field::ConsentSms && field <= Field::ConsentEmail;
      return is_consent ? text != "unknown" : !text.empty();
    }
    case FieldType::Number: return number_of(field, contact).has_value();
    case FieldType::Time: return time_of(field, contact).has_value();
    case FieldType::TextList: return !list_of(field, contact).empty();
    case FieldType::Flag: break;
  }
  return false;
}

}  // namespace

bool comparison_holds(const Comparison& comparison, const Contact& contact, WallTime now) {
  const auto& [field, op, value] = comparison;
  if (op == Operator::Exists) {
    const auto* const wanted = std::get_if<bool>(&value);
    return wanted != nullptr && type_of(field) != FieldType::Flag && is_present(field, contact) == *wanted;
  }
  switch (type_of(field)) {
    case FieldType::Text: return text_holds(op, value, text_of(field, contact));
    case FieldType::TextList: return list_holds(op, value, list_of(field, contact));
    case FieldType::Number: {
      const auto actual = number_of(field, contact);
      const auto* const wanted = std::get_if<double>(&value);
      return actual && wanted != nullptr && is_ordered(op, *actual, *wanted);
    }
    case FieldType::Time: {
      const auto actual = time_of(field, contact);
      return actual && time_holds(op, value, *actual, now);
    }
    case FieldType::Flag: {
      const auto* const wanted = std::get_if<bool>(&value);
      return op == Operator::Equal && wanted != nullptr && contact.has_open_complaint == *wanted;
    }
  }
  return false;
}

std::string number_text(double number) {
  constexpr double largest_exact = 9007199254740992.0;  // 2^53
  if (std::trunc(number) == number && std::abs(number) < largest_exact) {
    return fmt::format("{}", static_cast<std::int64_t>(number));
  }
  return fmt::format("{}", number);
}

}  // namespace clarion
