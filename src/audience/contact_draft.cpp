#include "audience/contact_draft.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstring>

#include "audience/address_rules.h"
#include "audience/field_table.h"
#include "audience/phone_shapes.h"
#include "audience/place_rules.h"
#include "base/mask.h"
#include "base/text.h"

namespace clarion {
namespace {

constexpr std::size_t max_label_bytes = 512;
constexpr std::size_t max_id_bytes = 128;
constexpr std::size_t max_items = 1000;

// Eight bytes at a time; the last eight may overlap those before.
bool has_control(std::string_view text) {
  constexpr std::uint64_t ones = 0x0101010101010101ULL;
  constexpr std::uint64_t high = ones * 0x80;
  // The high bit of a byte of the result is set when the byte is below 0x20 or is 0x7f. A borrow may set it in a
  // higher byte too, which only happens when one is set rightly.
  const auto find_control = [](std::uint64_t word) {
    return (((word - ones * 0x20) | ((word ^ ones * 0x7f) - ones)) & ~word) & high;
  };
  if (text.size() < 8) {
    return std::ranges::any_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
  }
  std::uint64_t word = 0;
  std::uint64_t found = 0;
  for (std::size_t i = 0; i + 8 < text.size(); i += 8) {
    std::memcpy(&word, text.data() + i, 8);
    found |= find_control(word);
  }
  std::memcpy(&word, text.data() + text.size() - 8, 8);
  return (found | find_control(word)) != 0;
}

// Cells of spreadsheets have line ends in them: each, with the blanks around it, is one blank here.
std::string fold_line_ends(std::string_view text) {
  std::string folded;
  while (true) {
    const auto end = text.find_first_of("\r\n");
    folded += trim(text.substr(0, end));
    if (end == std::string_view::npos) return folded;
    text = trim(text.substr(end));
    folded += ' ';
  }
}

bool is_number(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

template <class Value>
struct NumberIn {
  using Type = Value;
};
template <class Value>
struct NumberIn<std::optional<Value>> {
  using Type = Value;
};
template <class Value>
using NumberOf = NumberIn<Value>::Type;

// What a column is for: "User.UserAttributes.FirstName" is for the first name.
ContactKey key_of(std::string_view column) {
  const ContactKey key = find_contact_key(column);
  if (key.part != ContactPart::Unknown) return key;
  return find_contact_key(column.substr(column.rfind('.') + 1));
}

bool is_personal(ContactKey key) {
  if (key.part == ContactPart::FullName) return true;
  return key.part == ContactPart::OfField && (names_a_person(key.field) || key.field == Field::City);
}

// In a file whose columns have shifted a number may stand anywhere. A date has eight digits.
bool looks_like_phone(std::string_view value) {
  constexpr std::ptrdiff_t least_digits = 9;
  return value.find_first_not_of("+0123456789 ()-./") == std::string_view::npos &&
         std::ranges::count_if(value, [](char c) { return c >= '0' && c <= '9'; }) >= least_digits;
}

std::string show_beginning(std::string_view text) {
  constexpr std::size_t most_bytes = 40;
  if (!is_valid_utf8(text)) return "(not UTF-8)";
  std::string shown(text.substr(0, most_bytes));
  while (!is_valid_utf8(shown)) shown.pop_back();
  std::ranges::replace_if(shown, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }, ' ');
  return text.size() > most_bytes ? shown + "..." : shown;
}

}  // namespace

std::string show_value(std::string_view column, std::string_view value) {
  if (value.empty() || !is_valid_utf8(value)) return show_beginning(value);
  const ContactKey key = key_of(column);
  if (key == Field::Phone || key == Field::Email || value.contains('@') || looks_like_phone(value)) {
    return mask_address(value.substr(0, 80));
  }
  const bool stands_for_a_container = value == "{...}" || value == "[...]";
  if (!is_personal(key) || stands_for_a_container) return show_beginning(value);
  std::size_t end = 1;  // of the first character
  while (end < value.size() && (static_cast<unsigned char>(value[end]) & 0xC0U) == 0x80U) ++end;
  return show_beginning(value.substr(0, end)) + "***";
}

std::string show_name(std::string_view name) {
  return show_beginning(name);
}

void ContactDraft::clear() {
  // Field by field, so that the strings keep their memory from row to row, and the lists until finish().
  for_each_field([&]<class At>(At) {
    auto& value = At::place.of(contact_);
    if constexpr (At::type == FieldType::TextList) {
      return;
    } else if constexpr (requires { value.clear(); }) {
      value.clear();
    } else {
      value = {};
    }
  });
  for (const Channel channel : all_channels) contact_.engagement[channel].last_at.reset();
  used_ = {};
  has_purchase_count_ = false;
  has_browse_count_ = false;
}

bool ContactDraft::refuse(std::string_view column, std::string_view value, std::string reason) {
  error_ = RowError{show_name(column), show_value(column, value), std::move(reason)};
  return false;
}

ContactDraft::OpenList ContactDraft::list_of(ContactKey key) {
  if (key.part == ContactPart::Purchases) key = Field::PurchasedSkus;
  if (key.part != ContactPart::OfField) return {};
  return with_field(key.field, [&]<class At>(At) -> OpenList {
    if constexpr (At::type != FieldType::TextList)
      return {};
    else
      return {&At::place.of(contact_), &used_[std::to_underlying(At::field)]};
  });
}

bool ContactDraft::set_label(std::string& out, std::string_view column, std::string_view text) {
  if (text.size() > max_label_bytes) {
    return refuse(column, text, fmt::format("{} must be at most {} bytes long", column, max_label_bytes));
  }
  if (!has_control(text)) {
    out.assign(text);
    return true;
  }
  if (text.find_first_of("\r\n") != std::string_view::npos) return set_label(out, column, fold_line_ends(text));
  return refuse(column, text, fmt::format("{} must not contain control characters", column));
}

bool ContactDraft::set_time(std::optional<WallTime>& out, std::string_view column, std::string_view text) {
  out = parse_iso8601(text);
  if (out) return true;
  return refuse(column, text, fmt::format("{} must be a time such as 2026-11-22T20:15:30Z or a date", column));
}

bool ContactDraft::set_consent(ConsentState& state, std::string_view column, std::string_view text) {
  if (text == "opted_in" || text == "opted_out") {
    state = text == "opted_in" ? ConsentState::OptedIn : ConsentState::OptedOut;
    return true;
  }
  const std::string word = fold_text(text);
  if (word == "opted_in" || word == "opted-in" || word == "true" || word == "yes" || word == "1") {
    state = ConsentState::OptedIn;
  } else if (word == "opted_out" || word == "opted-out" || word == "false" || word == "no" || word == "0") {
    state = ConsentState::OptedOut;
  } else if (word == "unknown") {
    state = ConsentState::Unknown;
  } else {
    return refuse(column, text, fmt::format("{} must be opted_in, opted_out or unknown", column));
  }
  return true;
}

bool ContactDraft::set_coded(std::string& out, Field field, std::string_view column, std::string_view text) {
  const std::size_t kind = field == Field::Country ? 0 : field == Field::TimeZone ? 1 : 2;
  KnownTexts& known = known_[kind];
  const auto number = known.written.find(text);
  if (number) {
    out.assign(known.kept[*number]);
    return true;
  }
  std::optional<std::string> kept;
  if (kind == 0) kept = find_country(text);
  if (kind == 1 && is_time_zone(text)) kept = std::string(text);
  if (kind == 2) kept = find_language(text);
  if (!kept) {
    constexpr std::array<std::string_view, 3> rules{"an ISO 3166 country such as DE",
                                                    "an IANA time zone such as Asia/Kolkata",
                                                    "a language tag such as en or pt-BR"};
    return refuse(column, text, fmt::format("{} must be {}", column, rules[kind]));
  }
  out.assign(*kept);
  if (known.kept.size() >= 10'000) known = {};
  known.written.intern(text);
  known.kept.push_back(std::move(*kept));
  return true;
}

bool ContactDraft::set_text(ContactKey key, std::string_view column, std::string_view text) {
  text = trim(text);
  if (text.empty()) return true;
  switch (key.part) {
    case ContactPart::Unknown: return true;
    case ContactPart::OfField: break;
    case ContactPart::FullName: {
      const auto space = text.find_first_of(" \r\n");
      if (contact_.first_name.empty() && !set_label(contact_.first_name, column, text.substr(0, space))) return false;
      if (space == std::string_view::npos || !contact_.last_name.empty()) return true;
      return set_label(contact_.last_name, column, trim(text.substr(space)));
    }
    case ContactPart::Purchases:
      return is_number(text) ? set_number_text(key, column, text) : split_list(key, column, text);
    case ContactPart::LastAt: return set_time(contact_.engagement[key.channel].last_at, column, text);
    case ContactPart::ConsentObject:
    case ContactPart::EngagementObject:
    case ContactPart::PreferenceObject:
      return refuse(column, text, fmt::format("{} must be an object with the members sms, whatsapp and email", column));
  }
  return with_field(key.field, [&]<class At>(At) {
    auto& out = At::place.of(contact_);
    if constexpr (At::field == Field::Country || At::field == Field::TimeZone || At::field == Field::Language) {
      return set_coded(out, At::field, column, text);
    } else if constexpr (std::is_same_v<typename At::Value, ConsentState>) {
      return set_consent(out, column, text);
    } else if constexpr (At::type == FieldType::Text) {
      return set_label(out, column, text);
    } else if constexpr (At::type == FieldType::Time) {
      return set_time(out, column, text);
    } else if constexpr (At::type == FieldType::TextList) {
      return split_list(key, column, text);
    } else if constexpr (At::type == FieldType::Flag) {
      return set_flag_text(key, column, text);
    } else {
      return set_number_text(key, column, text);
    }
  });
}

bool ContactDraft::set_flag_text(ContactKey key, std::string_view column, std::string_view text) {
  const std::string word = fold_text(text);
  if (word == "true" || word == "yes" || word == "1") return set_flag(key, column, true);
  if (word == "false" || word == "no" || word == "0") return set_flag(key, column, false);
  return refuse(column, text, fmt::format("{} must be true or false", column));
}

bool ContactDraft::set_number_text(ContactKey key, std::string_view column, std::string_view text) {
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) {
    return refuse(column, text, fmt::format("{} must be a number", column));
  }
  return set_number(key, column, number);
}

bool ContactDraft::set_number(ContactKey key, std::string_view column, double number) {
  if (key.part == ContactPart::Unknown) return true;
  if (key.part == ContactPart::Purchases) key = Field::PurchaseCount;
  // An id or a phone number that lost its quotation marks is still exact when it is whole and below 2^53.
  if ((key == Field::Id || key == Field::Phone) && number == std::floor(number) && number >= 0 && number < 9e15) {
    return set_text(key, column, fmt::format("{:.0f}", number));
  }
  if (key.part != ContactPart::OfField || type_of(key.field) != FieldType::Number) {
    return refuse(column, fmt::format("{}", number), fmt::format("{} must not be a number", column));
  }
  const auto [least, most] = row_of(key.field).range;
  if (!(number >= least && number <= most)) {
    return refuse(column, fmt::format("{}", number), fmt::format("{} must be between {} and {}", column, least, most));
  }
  const bool is_taken = with_field(key.field, [&]<class At>(At) {
    if constexpr (At::type == FieldType::Number) {
      using Number = NumberOf<typename At::Value>;
      if (std::is_integral_v<Number> && number != std::floor(number)) return false;
      At::place.of(contact_) = static_cast<Number>(number);
    }
    return true;
  });
  if (!is_taken) return refuse(column, fmt::format("{}", number), fmt::format("{} must be a whole number", column));
  has_purchase_count_ = has_purchase_count_ || key == Field::PurchaseCount;
  has_browse_count_ = has_browse_count_ || key == Field::BrowseCount;
  return true;
}

bool ContactDraft::set_flag(ContactKey key, std::string_view column, bool flag) {
  if (key.part == ContactPart::Unknown) return true;
  const bool is_taken = key.part == ContactPart::OfField && with_field(key.field, [&]<class At>(At) {
                          if constexpr (At::type == FieldType::Flag) {
                            At::place.of(contact_) = flag;
                            return true;
                          } else if constexpr (std::is_same_v<typename At::Value, ConsentState>) {
                            At::place.of(contact_) = flag ? ConsentState::OptedIn : ConsentState::OptedOut;
                            return true;
                          } else {
                            return false;
                          }
                        });
  return is_taken || refuse(column, flag ? "true" : "false", fmt::format("{} must not be true or false", column));
}

bool ContactDraft::split_list(ContactKey key, std::string_view column, std::string_view text) {
  if (!start_list(key, column)) return false;
  while (true) {
    const auto end = text.find(';');
    if (!add_item(key, column, text.substr(0, end))) return false;
    if (end == std::string_view::npos) return true;
    text.remove_prefix(end + 1);
  }
}

bool ContactDraft::start_list(ContactKey key, std::string_view column) {
  const OpenList list = list_of(key);
  if (list.items == nullptr) return refuse(column, "[...]", fmt::format("{} must not be a list", column));
  *list.used = 0;
  return true;
}

bool ContactDraft::add_item(ContactKey key, std::string_view column, std::string_view item) {
  const OpenList list = list_of(key);
  if (list.items == nullptr) return refuse(column, item, fmt::format("{} must not be a list", column));
  item = trim(item);
  if (item.empty()) return true;
  if (*list.used >= max_items) {
    return refuse(column, item, fmt::format("{} must have at most {} elements", column, max_items));
  }
  if (*list.used == list.items->size()) list.items->emplace_back();
  return set_label((*list.items)[(*list.used)++], column, item);
}

bool ContactDraft::finish() {
  Contact& contact = contact_;
  for_each_field([&]<class At>(At) {
    if constexpr (At::type == FieldType::TextList) {
      At::place.of(contact).resize(used_[std::to_underlying(At::field)]);
    }
  });
  if (contact.id.empty()) return refuse("id", "", "id is missing");
  if (has_control(contact.id)) return refuse("id", contact.id, "id must not contain control characters");
  if (contact.id.size() > max_id_bytes) {
    return refuse("id", contact.id, fmt::format("id must be at most {} bytes long", max_id_bytes));
  }
  if (!contact.phone.empty() && judge_e164(contact.phone) != PhoneJudgement::Valid) {
    auto phone = read_phone(contact.phone, contact.country);
    if (!phone) return refuse("phone", contact.phone, "phone cannot be used: " + phone.error().message);
    contact.phone = std::move(*phone);
  }
  if (!contact.email.empty() && !is_plain_email(contact.email)) {
    auto email = read_email(contact.email);
    if (!email) return refuse("email", contact.email, "email cannot be used: " + email.error().message);
    contact.email = std::move(*email);
  }
  if (contact.time_zone.empty() && !contact.country.empty()) {
    contact.time_zone.assign(time_zone_of_country(contact.country));
  }
  if (!has_purchase_count_) contact.purchase_count = static_cast<std::int32_t>(contact.purchased_skus.size());
  if (!has_browse_count_) contact.browse_count = static_cast<std::int32_t>(contact.browsed_skus.size());
  for (const Channel channel : all_channels) {
    const Engagement& engagement = contact.engagement[channel];
    if (engagement.responded > engagement.sent) {
      return refuse(fmt::format("responded_{}", to_string(channel)), fmt::format("{}", engagement.responded),
                    fmt::format("responded_{0} must not be above sent_{0} ({1})", to_string(channel), engagement.sent));
    }
  }
  return true;
}

}  // namespace clarion
