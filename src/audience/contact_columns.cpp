#include "audience/contact_columns.h"

#include <utility>

namespace clarion {

void CodedTextColumn::finish(RowIndex rows) {
  codes_.finish();
  dictionary_.finish();
  counts_.assign(dictionary_.size(), 0);
  for (RowIndex row = 0; row < rows; ++row) ++counts_[codes_.at(row)];
}

std::size_t CodedTextColumn::memory_bytes() const {
  return dictionary_.memory_bytes() + codes_.memory_bytes() + counts_.capacity() * sizeof(std::uint32_t);
}

void PlainTextColumn::keep(const std::vector<RowIndex>& live) {
  PlainTextColumn kept;
  kept.bytes_.reserve(bytes_.size());
  kept.ends_.reserve(live.size());
  for (const RowIndex row : live) kept.append(at(row));
  *this = std::move(kept);
}

void PlainTextColumn::finish() {
  trim_capacity(bytes_);
  trim_capacity(ends_);
}

void TextListColumn::append(const std::vector<std::string>& texts) {
  for (const std::string& text : texts) codes_.push_back(dictionary_.intern(text));
  ends_.push_back(codes_.size());
}

void TextListColumn::keep(const std::vector<RowIndex>& live) {
  std::vector<std::uint32_t> codes;
  std::vector<std::uint64_t> ends;
  codes.reserve(codes_.size());
  ends.reserve(live.size());
  for (const RowIndex row : live) {
    codes.insert(codes.end(), begin(row), end(row));
    ends.push_back(codes.size());
  }
  codes_ = std::move(codes);
  ends_ = std::move(ends);
}

void TextListColumn::finish() {
  trim_capacity(codes_);
  trim_capacity(ends_);
  dictionary_.finish();
  const auto rows = static_cast<RowIndex>(ends_.size());
  // A list that names a value twice counts once, so the last row seen per value is remembered.
  constexpr RowIndex none = 0xffffffffU;
  std::vector<RowIndex> last(dictionary_.size(), none);
  starts_.assign(dictionary_.size() + 1ULL, 0);
  filled_rows_ = 0;
  for (RowIndex row = 0; row < rows; ++row) {
    if (begin(row) != end(row)) ++filled_rows_;
    for (const std::uint32_t* code = begin(row); code != end(row); ++code) {
      if (std::exchange(last[*code], row) != row) ++starts_[*code + 1ULL];
    }
  }
  for (std::size_t code = 1; code < starts_.size(); ++code) starts_[code] += starts_[code - 1];
  postings_.resize(starts_.back());
  std::vector<std::uint64_t> next(starts_.begin(), starts_.end() - 1);
  last.assign(dictionary_.size(), none);
  for (RowIndex row = 0; row < rows; ++row) {
    for (const std::uint32_t* code = begin(row); code != end(row); ++code) {
      if (std::exchange(last[*code], row) != row) postings_[next[*code]++] = row;
    }
  }
}

std::size_t TextListColumn::memory_bytes() const {
  return dictionary_.memory_bytes() + (codes_.capacity() + postings_.capacity()) * 4 +
         (ends_.capacity() + starts_.capacity()) * 8;
}

template <class Columns, class Visit>
void ContactColumns::for_each_column(Columns& columns, Visit&& visit) {
  visit(columns.first_name);
  visit(columns.last_name);
  visit(columns.city);
  visit(columns.country);
  visit(columns.time_zone);
  visit(columns.language);
  visit(columns.phone);
  visit(columns.email);
  visit(columns.tags);
  visit(columns.interests);
  visit(columns.purchased_skus);
  visit(columns.browsed_skus);
  visit(columns.cart_skus);
  visit(columns.present);
  visit(columns.age);
  visit(columns.purchase_count);
  visit(columns.browse_count);
  visit(columns.best_hour);
  visit(columns.total_spent_usd);
  visit(columns.sentiment);
  visit(columns.last_purchase_at);
  visit(columns.last_contacted_at);
  visit(columns.complaint_at);
  visit(columns.has_open_complaint);
  for (const Channel channel : all_channels) {
    visit(columns.consent_state[channel]);
    visit(columns.consent_source[channel]);
    visit(columns.consent_at[channel]);
    visit(columns.preference[channel]);
    visit(columns.sent[channel]);
    visit(columns.responded[channel]);
    visit(columns.last_at[channel]);
  }
}

bool ContactColumns::append(const Contact& contact) {
  const RowIndex row = rows++;
  ids.prefetch(contact.id);

  first_name.set(row, contact.first_name);
  last_name.set(row, contact.last_name);
  city.set(row, contact.city);
  country.set(row, contact.country);
  time_zone.set(row, contact.time_zone);
  language.set(row, contact.language);
  phone.append(contact.phone);
  email.append(contact.email);
  tags.append(contact.tags);
  interests.append(contact.interests);
  purchased_skus.append(contact.purchased_skus);
  browsed_skus.append(contact.browsed_skus);
  cart_skus.append(contact.cart_skus);

  std::uint16_t bits = 0;
  const auto set_optional = [&](auto& column, const auto& value, PresentBit bit, std::size_t channel = 0) {
    if (!value) return;
    bits = static_cast<std::uint16_t>(bits | bit_of(bit, channel));
    if constexpr (requires { value->time_since_epoch(); }) {
      column.set(row, value->time_since_epoch().count());
    } else {
      column.set(row, *value);
    }
  };
  set_optional(age, contact.age, PresentBit::Age);
  set_optional(last_purchase_at, contact.last_purchase_at, PresentBit::LastPurchaseAt);
  set_optional(last_contacted_at, contact.last_contacted_at, PresentBit::LastContactedAt);
  set_optional(sentiment, contact.sentiment, PresentBit::Sentiment);
  set_optional(complaint_at, contact.complaint_at, PresentBit::ComplaintAt);
  set_optional(best_hour, contact.best_hour, PresentBit::BestHour);
  purchase_count.set(row, contact.purchase_count);
  browse_count.set(row, contact.browse_count);
  total_spent_usd.set(row, contact.total_spent_usd);
  has_open_complaint.set(row, contact.has_open_complaint ? 1 : 0);
  for (const Channel channel : all_channels) {
    const std::size_t index = index_of(channel);
    const Consent& consent = contact.consent[channel];
    const Engagement& engagement = contact.engagement[channel];
    consent_state[channel].set(row, static_cast<std::uint8_t>(consent.state));
    consent_source[channel].set(row, consent.source);
    set_optional(consent_at[channel], consent.at, PresentBit::ConsentAt, index);
    set_optional(preference[channel], engagement.preference, PresentBit::Preference, index);
    sent[channel].set(row, engagement.sent);
    responded[channel].set(row, engagement.responded);
    set_optional(last_at[channel], engagement.last_at, PresentBit::LastAt, index);
  }
  present.set(row, bits);

  // Last, so that the prefetch had time to arrive.
  const std::uint32_t id = ids.intern(contact.id);
  constexpr RowIndex none = 0xffffffffU;
  if (row_of_id.size() <= id) row_of_id.resize(id + 1ULL, none);
  const bool is_new = std::exchange(row_of_id[id], row) == none;
  has_replaced = has_replaced || !is_new;
  id_of.push_back(id);
  return is_new;
}

void ContactColumns::finish() {
  if (has_replaced) {
    std::vector<RowIndex> live;
    for (RowIndex row = 0; row < rows; ++row) {
      if (row_of_id[id_of[row]] == row) live.push_back(row);
    }
    for_each_column(*this, [&](auto& column) { column.keep(live); });
    std::vector<std::uint32_t> kept_ids;
    kept_ids.reserve(live.size());
    for (const RowIndex row : live) {
      row_of_id[id_of[row]] = static_cast<RowIndex>(kept_ids.size());
      kept_ids.push_back(id_of[row]);
    }
    id_of = std::move(kept_ids);
    rows = static_cast<RowIndex>(live.size());
    has_replaced = false;
  }
  ids.finish();
  trim_capacity(id_of);
  trim_capacity(row_of_id);
  for_each_column(*this, [&](auto& column) {
    if constexpr (requires { column.finish(rows); }) {
      column.finish(rows);
    } else {
      column.finish();
    }
  });
}

void ContactColumns::reserve(std::size_t contacts) {
  ids.reserve(contacts);
  id_of.reserve(contacts);
  row_of_id.reserve(contacts);
  // Memory that a column never writes to is never real, and finish() gives it back.
  for_each_column(*this, [contacts](auto& column) { column.reserve(contacts); });
}

std::size_t ContactColumns::memory_bytes() const {
  std::size_t bytes = ids.memory_bytes() + (id_of.capacity() + row_of_id.capacity()) * 4;
  for_each_column(*this, [&](const auto& column) { bytes += column.memory_bytes(); });
  return bytes;
}

const CodedTextColumn* ContactColumns::coded_text(Field field) const {
  switch (field) {
    case Field::FirstName: return &first_name;
    case Field::LastName: return &last_name;
    case Field::City: return &city;
    case Field::Country: return &country;
    case Field::TimeZone: return &time_zone;
    case Field::Language: return &language;
    default: return nullptr;
  }
}

const TextListColumn* ContactColumns::text_list(Field field) const {
  switch (field) {
    case Field::Tags: return &tags;
    case Field::Interests: return &interests;
    case Field::PurchasedSkus: return &purchased_skus;
    case Field::BrowsedSkus: return &browsed_skus;
    case Field::CartSkus: return &cart_skus;
    default: return nullptr;
  }
}

std::string_view ContactColumns::text(RowIndex row, Field field) const {
  switch (field) {
    case Field::Id: return ids.text(id_of[row]);
    case Field::Phone: return phone.at(row);
    case Field::Email: return email.at(row);
    case Field::ConsentSms: return to_string(static_cast<ConsentState>(consent_state[Channel::Sms].at(row)));
    case Field::ConsentWhatsApp: return to_string(static_cast<ConsentState>(consent_state[Channel::WhatsApp].at(row)));
    case Field::ConsentEmail: return to_string(static_cast<ConsentState>(consent_state[Channel::Email].at(row)));
    default: break;
  }
  const CodedTextColumn* column = coded_text(field);
  return column == nullptr ? std::string_view{} : column->at(row);
}

}  // namespace clarion
