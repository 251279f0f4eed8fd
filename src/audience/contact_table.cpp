#include "audience/contact_table.h"

#include <algorithm>
#include <map>
#include <numeric>

#include "audience/contact_columns.h"
#include "audience/field_table.h"
#include "audience/opt_out_index.h"

namespace clarion {
namespace {

RowIndex index_of(ContactRow row) {
  return static_cast<RowIndex>(row);
}

// The value of `row` into `out`, whose memory is used again.
template <class Column>
void assign(const Column& column, RowIndex row, std::string& out) {
  out.assign(column.at(row));
}

void assign(const TextListColumn& column, RowIndex row, std::vector<std::string>& out) {
  const std::uint32_t* code = column.begin(row);
  out.resize(static_cast<std::size_t>(column.end(row) - code));
  for (std::string& text : out) text.assign(column.dictionary().text(*code++));
}

template <class Number, class T>
void assign(const NumberColumn<Number>& column, RowIndex row, T& out) {
  if constexpr (std::is_same_v<T, WallTime>) {
    out = WallTime{std::chrono::milliseconds{column.at(row)}};
  } else {
    out = static_cast<T>(column.at(row));
  }
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
  const PresentBits present = from.present.at(row);
  const auto assign_known = [&](const auto& column, auto& out, PresentBits bit) {
    if ((present & bit) == 0) {
      out.reset();
    } else {
      assign(column, row, out.emplace());
    }
  };
  for_each_field([&]<class At>(At) {
    auto& out = At::place.of(reuse);
    if constexpr (At::field == Field::Id) {
      out.assign(from.id(row));
    } else if constexpr (is_optional<typename At::Value>) {
      assign_known(At::place.in(from), out, At::present_bit);
    } else {
      assign(At::place.in(from), row, out);
    }
  });
  for (const Channel channel : all_channels) {
    assign_known(from.last_at[channel], reuse.engagement[channel].last_at, bit_of(PresentBit::LastAt, channel));
  }
}

std::string_view ContactTable::text(ContactRow row, Field field) const {
  return columns_->text(index_of(row), field);
}

ConsentState ContactTable::consent(ContactRow row, Channel channel) const {
  return static_cast<ConsentState>(columns_->consent_state[channel].at(index_of(row)));
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
