#include "audience/contact_draft.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstring>

#include "audience/address_rules.h"
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

bool is_number(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

struct Range {
  double least;
  double most;
  bool is_whole;
};

// nullopt for parts that are no numbers.
std::optional<Range> range_of(ContactPart part) {
  switch (part) {
    case ContactPart::Age: return Range{0, 150, true};
    case ContactPart::BestHour: return Range{0, 23, true};
    case ContactPart::Purchases:
    case ContactPart::PurchaseCount:
    case ContactPart::BrowseCount:
    case ContactPart::Sent:
    case ContactPart::Responded: return Range{0, 1e9, true};
    case ContactPart::TotalSpentUsd: return Range{0, 1e12, false};
    case ContactPart::Sentiment: return Range{-1, 1, false};
    case ContactPart::Preference: return Range{0, 1, false};
    default: return std::nullopt;
  }
}

}  // namespace

std::string show_value(ContactPart part, std::string_view value) {
  if (value.empty()) return {};
  if (!is_valid_utf8(value)) return "(not UTF-8)";
  if (part == ContactPart::Phone || part == ContactPart::Email || value.contains('@')) {
    return mask_address(value.substr(0, 80));
  }
  std::string shown(value.substr(0, 40));
  while (!is_valid_utf8(shown)) shown.pop_back();
  std::ranges::replace_if(shown, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }, ' ');
  return value.size() > 40 ? shown + "..." : shown;
}

void ContactDraft::clear() {
  // Field by field, so that the strings keep their memory from row to row.
  for (std::string* text : {&contact_.id, &contact_.first_name, &contact_.last_name, &contact_.phone, &contact_.email,
                            &contact_.city, &contact_.country, &contact_.time_zone, &contact_.language}) {
    text->clear();
  }
  contact_.age.reset();
  contact_.purchase_count = 0;
  contact_.browse_count = 0;
  contact_.total_spent_usd = 0;
  contact_.last_purchase_at.reset();
  contact_.last_contacted_at.reset();
  contact_.sentiment.reset();
  contact_.complaint_at.reset();
  contact_.has_open_complaint = false;
  contact_.best_hour.reset();
  for (const Channel channel : all_channels) {
    Consent& consent = contact_.consent[channel];
    consent.state = ConsentState::Unknown;
    consent.source.clear();
    consent.at.reset();
    contact_.engagement[channel] = {};
  }
  used_ = {};
  has_purchase_count_ = false;
  has_browse_count_ = false;
}

bool ContactDraft::refuse(std::string_view column, std::string_view value, std::string reason) {
  error_ = RowError{show_value(ContactPart::Unknown, column), show_value(find_contact_key(column).part, value),
                    std::move(reason)};
  return false;
}

ContactDraft::OpenList ContactDraft::list_of(ContactPart part) {
  switch (part) {
    case ContactPart::Tags: return {&contact_.tags, &used_[0]};
    case ContactPart::Interests: return {&contact_.interests, &used_[1]};
    case ContactPart::Purchases:
    case ContactPart::PurchasedSkus: return {&contact_.purchased_skus, &used_[2]};
    case ContactPart::BrowsedSkus: return {&contact_.browsed_skus, &used_[3]};
    case ContactPart::CartSkus: return {&contact_.cart_skus, &used_[4]};
    default: return {};
  }
}

bool ContactDraft::set_label(std::string& out, std::string_view column, std::string_view text) {
  if (text.size() > max_label_bytes) {
    return refuse(column, text, fmt::format("{} must be at most {} bytes long", column, max_label_bytes));
  }
  if (has_control(text)) return refuse(column, text, fmt::format("{} must not contain control characters", column));
  out.assign(text);
  return true;
}

bool ContactDraft::set_time(std::optional<WallTime>& out, std::string_view column, std::string_view text) {
  out = parse_iso8601(text);
  if (out) return true;
  return refuse(column, text, fmt::format("{} must be a time such as 2026-11-22T20:15:30Z or a date", column));
}

bool ContactDraft::set_consent(Consent& consent, std::string_view column, std::string_view text) {
  if (text == "opted_in" || text == "opted_out") {
    consent.state = text == "opted_in" ? ConsentState::OptedIn : ConsentState::OptedOut;
    return true;
  }
  const std::string word = fold_text(text);
  if (word == "opted_in" || word == "opted-in" || word == "true" || word == "yes" || word == "1") {
    consent.state = ConsentState::OptedIn;
  } else if (word == "opted_out" || word == "opted-out" || word == "false" || word == "no" || word == "0") {
    consent.state = ConsentState::OptedOut;
  } else if (word == "unknown") {
    consent.state = ConsentState::Unknown;
  } else {
    return refuse(column, text, fmt::format("{} must be opted_in, opted_out or unknown", column));
  }
  return true;
}

bool ContactDraft::set_coded(std::string& out, ContactPart part, std::string_view column, std::string_view text) {
  const std::size_t kind = part == ContactPart::Country ? 0 : part == ContactPart::TimeZone ? 1 : 2;
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
    case ContactPart::Id: return set_label(contact_.id, column, text);
    case ContactPart::FirstName: return set_label(contact_.first_name, column, text);
    case ContactPart::LastName: return set_label(contact_.last_name, column, text);
    case ContactPart::FullName: {
      const auto space = text.find(' ');
      if (contact_.first_name.empty() && !set_label(contact_.first_name, column, text.substr(0, space))) return false;
      if (space == std::string_view::npos || !contact_.last_name.empty()) return true;
      return set_label(contact_.last_name, column, trim(text.substr(space)));
    }
    case ContactPart::Phone: return set_label(contact_.phone, column, text);
    case ContactPart::Email: return set_label(contact_.email, column, text);
    case ContactPart::City: return set_label(contact_.city, column, text);
    case ContactPart::Country: return set_coded(contact_.country, key.part, column, text);
    case ContactPart::TimeZone: return set_coded(contact_.time_zone, key.part, column, text);
    case ContactPart::Language: return set_coded(contact_.language, key.part, column, text);
    case ContactPart::LastPurchaseAt: return set_time(contact_.last_purchase_at, column, text);
    case ContactPart::LastContactedAt: return set_time(contact_.last_contacted_at, column, text);
    case ContactPart::ComplaintAt: return set_time(contact_.complaint_at, column, text);
    case ContactPart::ConsentAt: return set_time(contact_.consent[key.channel].at, column, text);
    case ContactPart::LastAt: return set_time(contact_.engagement[key.channel].last_at, column, text);
    case ContactPart::ConsentState: return set_consent(contact_.consent[key.channel], column, text);
    case ContactPart::ConsentSource: return set_label(contact_.consent[key.channel].source, column, text);
    case ContactPart::HasOpenComplaint: {
      const std::string word = fold_text(text);
      if (word == "true" || word == "yes" || word == "1") return set_flag(key, column, true);
      if (word == "false" || word == "no" || word == "0") return set_flag(key, column, false);
      return refuse(column, text, fmt::format("{} must be true or false", column));
    }
    case ContactPart::Purchases:
      if (is_number(text)) return set_number_text(key, column, text);
      return split_list(key, column, text);
    default: break;
  }
  if (list_of(key.part).items != nullptr) return split_list(key, column, text);
  if (range_of(key.part)) return set_number_text(key, column, text);
  return refuse(column, text, fmt::format("{} must be an object with the members sms, whatsapp and email", column));
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
  const auto range = range_of(key.part);
  if (!range) {
    if (key.part == ContactPart::Unknown) return true;
    // An id or a phone number that lost its quotation marks is still exact when it is whole and below 2^53.
    if ((key.part == ContactPart::Id || key.part == ContactPart::Phone) && number == std::floor(number) &&
        number >= 0 && number < 9e15) {
      return set_text(key, column, fmt::format("{:.0f}", number));
    }
    return refuse(column, fmt::format("{}", number), fmt::format("{} must not be a number", column));
  }
  if (!(number >= range->least && number <= range->most)) {
    return refuse(column, fmt::format("{}", number),
                  fmt::format("{} must be between {} and {}", column, range->least, range->most));
  }
  if (range->is_whole && number != std::floor(number)) {
    return refuse(column, fmt::format("{}", number), fmt::format("{} must be a whole number", column));
  }
  const auto whole = static_cast<std::int32_t>(range->is_whole ? number : 0);
  Engagement& engagement = contact_.engagement[key.channel];
  switch (key.part) {
    case ContactPart::Age: contact_.age = whole; break;
    case ContactPart::BestHour: contact_.best_hour = whole; break;
    case ContactPart::Purchases:
    case ContactPart::PurchaseCount:
      contact_.purchase_count = whole;
      has_purchase_count_ = true;
      break;
    case ContactPart::BrowseCount:
      contact_.browse_count = whole;
      has_browse_count_ = true;
      break;
    case ContactPart::TotalSpentUsd: contact_.total_spent_usd = number; break;
    case ContactPart::Sentiment: contact_.sentiment = number; break;
    case ContactPart::Preference: engagement.preference = number; break;
    case ContactPart::Sent: engagement.sent = whole; break;
    case ContactPart::Responded: engagement.responded = whole; break;
    default: break;
  }
  return true;
}

bool ContactDraft::set_flag(ContactKey key, std::string_view column, bool flag) {
  switch (key.part) {
    case ContactPart::Unknown: return true;
    case ContactPart::HasOpenComplaint: contact_.has_open_complaint = flag; return true;
    case ContactPart::ConsentState:
      contact_.consent[key.channel].state = flag ? ConsentState::OptedIn : ConsentState::OptedOut;
      return true;
    default: break;
  }
  return refuse(column, flag ? "true" : "false", fmt::format("{} must not be true or false", column));
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
  const OpenList list = list_of(key.part);
  if (list.items == nullptr) return refuse(column, "[...]", fmt::format("{} must not be a list", column));
  *list.used = 0;
  return true;
}

bool ContactDraft::add_item(ContactKey key, std::string_view column, std::string_view item) {
  const OpenList list = list_of(key.part);
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
  contact.tags.resize(used_[0]);
  contact.interests.resize(used_[1]);
  contact.purchased_skus.resize(used_[2]);
  contact.browsed_skus.resize(used_[3]);
  contact.cart_skus.resize(used_[4]);
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
