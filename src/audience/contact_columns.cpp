#include "audience/contact_columns.h"

#include <type_traits>
#include <utility>

#include "audience/field_table.h"

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

namespace {

template <class T>
void store(CodedTextColumn& column, RowIndex row, const T& text) {
  column.set(row, text);
}
template <class T>
void store(PlainTextColumn& column, RowIndex /*row*/, const T& text) {
  column.append(text);
}
template <class T>
void store(TextListColumn& column, RowIndex /*row*/, const T& texts) {
  column.append(texts);
}
template <class Number, class T>
void store(NumberColumn<Number>& column, RowIndex row, const T& value) {
  if constexpr (std::is_same_v<T, WallTime>) {
    column.set(row, value.time_since_epoch().count());
  } else {
    column.set(row, static_cast<Number>(value));
  }
}

}  // namespace

template <class Columns, class Visit>
void ContactColumns::for_each_column(Columns& columns, Visit&& visit) {
  for_each_field([&]<class At>(At) {
    if constexpr (At::field != Field::Id) visit(At::place.in(columns));
  });
  visit(columns.present);
  for (const Channel channel : all_channels) {
    visit(columns.last_at[channel]);
  }
}

bool ContactColumns::append(const Contact& contact) {
  const RowIndex row = rows++;
  ids.prefetch(contact.id);

  PresentBits bits = 0;
  const auto store_known = [&](auto& column, const auto& value, PresentBits bit) {
    if (!value) return;
    bits |= bit;
    store(column, row, *value);
  };
  for_each_field([&]<class At>(At) {
    if constexpr (At::field == Field::Id) {
      return;
    } else if constexpr (is_optional<typename At::Value>) {
      store_known(At::place.in(*this), At::place.of(contact), At::present_bit);
    } else {
      store(At::place.in(*this), row, At::place.of(contact));
    }
  });
  for (const Channel channel : all_channels) {
    store_known(last_at[channel], contact.engagement[channel].last_at, bit_of(PresentBit::LastAt, channel));
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
  return std::visit(
      [this]<class Place>(const Place& place) -> const CodedTextColumn* {
        if constexpr (requires { requires std::is_same_v<typename Place::Column, CodedTextColumn>; }) {
          return &place.in(*this);
        }
        return nullptr;
      },
      row_of(field).place);
}

const TextListColumn* ContactColumns::text_list(Field field) const {
  const auto* const place = std::get_if<OfContact<std::vector<std::string>, TextListColumn>>(&row_of(field).place);
  return place == nullptr ? nullptr : &place->in(*this);
}

std::string_view ContactColumns::text(RowIndex row, Field field) const {
  return std::visit(
      [&]<class Place>(const Place& place) -> std::string_view {
        if constexpr (std::is_same_v<Place, OfRow>) {
          return id(row);
        } else if constexpr (std::is_same_v<typename Place::Value, std::string>) {
          return place.in(*this).at(row);
        } else if constexpr (std::is_same_v<typename Place::Value, ConsentState>) {
          return to_string(static_cast<ConsentState>(place.in(*this).at(row)));
        } else {
          return {};
        }
      },
      row_of(field).place);
}

}  // namespace clarion
