#include "audience/contact_table.h"

#include <algorithm>
#include <map>
#include <numeric>

#include "audience/contact_columns.h"
#include "audience/opt_out_index.h"

namespace clarion {
namespace {

RowIndex index_of(ContactRow row) {
  return static_cast<RowIndex>(row);
}

void assign_list(const TextListColumn& column, RowIndex row, std::vector<std::string>& out) {
  const std::uint32_t* code = column.begin(row);
  out.resize(static_cast<std::size_t>(column.end(row) - code));
  for (std::string& text : out) text.assign(column.dictionary().text(*code++));
}

}  // namespace

ContactTable::ContactTable(std::unique_ptr<ContactColumns> columns) : columns_(std::move(columns)) {}
ContactTable::~ContactTable() = default;

std::size_t ContactTable::size() const {
  return columns_->rows;
}

std::size_t ContactTable::memory_bytes() const {
  return columns_->memory_bytes();
}

Contact ContactTable::get(ContactRow row) const {
  Contact contact;
  get(row, contact);
  return contact;
}

void ContactTable::get(ContactRow contact_row, Contact& reuse) const {
  const ContactColumns& from = *columns_;
  const RowIndex row = index_of(contact_row);
  reuse.id.assign(from.text(row, Field::Id));
  reuse.first_name.assign(from.first_name.at(row));
  reuse.last_name.assign(from.last_name.at(row));
  reuse.phone.assign(from.phone.at(row));
  reuse.email.assign(from.email.at(row));
  reuse.city.assign(from.city.at(row));
  reuse.country.assign(from.country.at(row));
  reuse.time_zone.assign(from.time_zone.at(row));
  reuse.language.assign(from.language.at(row));
  assign_list(from.tags, row, reuse.tags);
  assign_list(from.interests, row, reuse.interests);
  assign_list(from.purchased_skus, row, reuse.purchased_skus);
  assign_list(from.browsed_skus, row, reuse.browsed_skus);
  assign_list(from.cart_skus, row, reuse.cart_skus);

  const std::uint16_t present = from.present.at(row);
  const auto assign_optional = [&](auto& out, const auto& column, PresentBit bit, std::size_t channel = 0) {
    if ((present & bit_of(bit, channel)) == 0) {
      out.reset();
    } else if constexpr (requires { out->time_since_epoch(); }) {
      out = WallTime{std::chrono::milliseconds{column.at(row)}};
    } else {
      out = column.at(row);
    }
  };
  assign_optional(reuse.age, from.age, PresentBit::Age);
  assign_optional(reuse.last_purchase_at, from.last_purchase_at, PresentBit::LastPurchaseAt);
  assign_optional(reuse.last_contacted_at, from.last_contacted_at, PresentBit::LastContactedAt);
  assign_optional(reuse.sentiment, from.sentiment, PresentBit::Sentiment);
  assign_optional(reuse.complaint_at, from.complaint_at, PresentBit::ComplaintAt);
  assign_optional(reuse.best_hour, from.best_hour, PresentBit::BestHour);
  reuse.purchase_count = from.purchase_count.at(row);
  reuse.browse_count = from.browse_count.at(row);
  reuse.total_spent_usd = from.total_spent_usd.at(row);
  reuse.has_open_complaint = from.has_open_complaint.at(row) != 0;
  for (const Channel channel : all_channels) {
    const std::size_t index = clarion::index_of(channel);
    Consent& consent = reuse.consent[channel];
    Engagement& engagement = reuse.engagement[channel];
    consent.state = static_cast<ConsentState>(from.consent_state[channel].at(row));
    consent.source.assign(from.consent_source[channel].at(row));
    assign_optional(consent.at, from.consent_at[channel], PresentBit::ConsentAt, index);
    assign_optional(engagement.preference, from.preference[channel], PresentBit::Preference, index);
    engagement.sent = from.sent[channel].at(row);
    engagement.responded = from.responded[channel].at(row);
    assign_optional(engagement.last_at, from.last_at[channel], PresentBit::LastAt, index);
  }
}

std::string_view ContactTable::text(ContactRow row, Field field) const {
  return columns_->text(index_of(row), field);
}

std::optional<ContactRow> ContactTable::find(std::string_view id) const {
  const auto code = columns_->ids.find(id);
  constexpr RowIndex none = 0xffffffffU;
  if (!code || *code >= columns_->row_of_id.size() || columns_->row_of_id[*code] == none) return std::nullopt;
  return ContactRow{columns_->row_of_id[*code]};
}

std::optional<ContactRow> ContactTable::find_opted_out(Channel channel, std::string_view address) const {
  std::call_once(opt_outs_built_, [this] { opt_outs_ = std::make_unique<const OptOutIndex>(*columns_); });
  const auto row = opt_outs_->find(*columns_, channel, address);
  if (!row) return std::nullopt;
  return ContactRow{*row};
}

std::vector<ContactTable::ValueCount> ContactTable::values(Field field) const {
  std::vector<ValueCount> found;
  if (const CodedTextColumn* column = columns_->coded_text(field)) {
    for (std::uint32_t code = 1; code < column->dictionary().size(); ++code) {
      // A replaced row may have left a text behind that nobody has any more.
      if (column->counts()[code] > 0) found.push_back({column->dictionary().text(code), column->counts()[code]});
    }
  } else if (const TextListColumn* list = columns_->text_list(field)) {
    for (std::uint32_t code = 0; code < list->dictionary().size(); ++code) {
      if (list->count(code) > 0) found.push_back({list->dictionary().text(code), list->count(code)});
    }
  } else if (type_of(field) == FieldType::Text) {
    std::map<std::string_view, std::size_t> counts;
    for (RowIndex row = 0; row < columns_->rows; ++row) ++counts[columns_->text(row, field)];
    for (const auto& [value, count] : counts) {
      if (!value.empty()) found.push_back({value, count});
    }
  }
  std::ranges::sort(found, {}, &ValueCount::value);
  return found;
}

ContactTable::Builder::Builder() : columns_(std::make_unique<ContactColumns>()) {}
ContactTable::Builder::~Builder() = default;
ContactTable::Builder::Builder(Builder&&) noexcept = default;
ContactTable::Builder& ContactTable::Builder::operator=(Builder&&) noexcept = default;

void ContactTable::Builder::reserve(std::size_t contacts) {
  columns_->reserve(contacts);
}

bool ContactTable::Builder::add(const Contact& contact) {
  return columns_->append(contact);
}

std::shared_ptr<const ContactTable> ContactTable::Builder::build() && {
  columns_->finish();
  return std::shared_ptr<const ContactTable>(new ContactTable(std::move(columns_)));
}

}  // namespace clarion
