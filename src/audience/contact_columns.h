#pragma once
// The columns behind ContactTable: one vector per field, a row being the same index in each of them.
//
// Absent  an optional value that is absent has its bit clear in `present` and a zero in its column.
// Memory  a column only grows to the last row with a value other than zero, so unused fields cost nothing.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "audience/field.h"
#include "audience/text_dictionary.h"
#include "domain/contact.h"

namespace clarion {

using RowIndex = std::uint32_t;

// Numbers, with zeros at the end left out.
template <class T>
class NumberColumn {
 public:
  void set(RowIndex row, T value) {
    if (value == T{}) return;
    if (row == values_.size()) {
      values_.push_back(value);
    } else {
      values_.resize(static_cast<std::size_t>(row) + 1);
      values_[row] = value;
    }
  }
  [[nodiscard]] T at(RowIndex row) const { return row < values_.size() ? values_[row] : T{}; }
  // Keeps only the rows of `live`, ascending, in that order.
  void keep(const std::vector<RowIndex>& live) {
    std::vector<T> kept;
    kept.reserve(live.size());
    for (const RowIndex row : live) kept.push_back(at(row));
    values_ = std::move(kept);
  }
  void reserve(std::size_t rows) { values_.reserve(rows); }
  void finish() { trim_capacity(values_); }
  [[nodiscard]] std::size_t memory_bytes() const { return values_.capacity() * sizeof(T); }

 private:
  std::vector<T> values_;
};

// Texts that repeat: a code per row into a dictionary.
class CodedTextColumn {
 public:
  void set(RowIndex row, std::string_view text) { codes_.set(row, dictionary_.intern(text)); }
  [[nodiscard]] std::uint32_t code(RowIndex row) const { return codes_.at(row); }
  [[nodiscard]] std::string_view at(RowIndex row) const { return dictionary_.text(codes_.at(row)); }
  [[nodiscard]] const TextDictionary& dictionary() const { return dictionary_; }
  // How many rows have each code. Known after finish().
  [[nodiscard]] const std::vector<std::uint32_t>& counts() const { return counts_; }
  void keep(const std::vector<RowIndex>& live) { codes_.keep(live); }
  void reserve(std::size_t rows) { codes_.reserve(rows); }
  void finish(RowIndex rows);
  [[nodiscard]] std::size_t memory_bytes() const;

 private:
  TextDictionary dictionary_;
  NumberColumn<std::uint32_t> codes_;
  std::vector<std::uint32_t> counts_;
};

// Texts that rarely repeat (addresses): their bytes one after the other.
class PlainTextColumn {
 public:
  void append(std::string_view text) {
    bytes_.append(text);
    ends_.push_back(bytes_.size());
  }
  [[nodiscard]] std::string_view at(RowIndex row) const {
    const std::uint64_t begin = row == 0 ? 0 : ends_[row - 1];
    return std::string_view(bytes_).substr(begin, ends_[row] - begin);
  }
  void keep(const std::vector<RowIndex>& live);
  void reserve(std::size_t rows) { ends_.reserve(rows); }
  void finish();
  [[nodiscard]] std::size_t memory_bytes() const { return bytes_.capacity() + ends_.capacity() * 8; }

 private:
  std::string bytes_;
  std::vector<std::uint64_t> ends_;
};

// Lists of texts: codes per row in the order given, and per code the rows that have it (postings).
class TextListColumn {
 public:
  void append(const std::vector<std::string>& texts);
  // The codes of one row, as [begin, end).
  [[nodiscard]] const std::uint32_t* begin(RowIndex row) const {
    return codes_.data() + (row == 0 ? 0 : ends_[row - 1]);
  }
  [[nodiscard]] const std::uint32_t* end(RowIndex row) const { return codes_.data() + ends_[row]; }
  [[nodiscard]] const TextDictionary& dictionary() const { return dictionary_; }
  // The rows that have `code`, ascending, each once. Known after finish().
  [[nodiscard]] const RowIndex* posting_begin(std::uint32_t code) const { return postings_.data() + starts_[code]; }
  [[nodiscard]] const RowIndex* posting_end(std::uint32_t code) const { return postings_.data() + starts_[code + 1]; }
  [[nodiscard]] std::size_t count(std::uint32_t code) const { return starts_[code + 1] - starts_[code]; }
  // How many rows have at least one element.
  [[nodiscard]] std::size_t filled_rows() const { return filled_rows_; }
  void keep(const std::vector<RowIndex>& live);
  void reserve(std::size_t rows) { ends_.reserve(rows); }
  void finish();
  [[nodiscard]] std::size_t memory_bytes() const;

 private:
  TextDictionary dictionary_;
  std::vector<std::uint32_t> codes_;
  std::vector<std::uint64_t> ends_;
  std::vector<std::uint64_t> starts_;  // of postings_, one more than there are codes
  std::vector<RowIndex> postings_;
  std::size_t filled_rows_ = 0;
};

// Which values of a row are known: one bit for each that may be absent. Those of fields have the bits that
// field_table.h gives them, the others have one per channel.
using PresentBits = std::uint16_t;
enum class PresentBit : std::uint8_t { LastAt = 0, FirstField = 3 };

[[nodiscard]] constexpr PresentBits bit_of(PresentBit bit, Channel channel) {
  return static_cast<PresentBits>(1U << (static_cast<unsigned>(bit) + index_of(channel)));
}

struct ContactColumns {
  RowIndex rows = 0;
  bool has_replaced = false;  // some rows are no longer the latest of their id

  TextDictionary ids;                // code = order of first appearance
  std::vector<RowIndex> row_of_id;   // by id code
  std::vector<std::uint32_t> id_of;  // by row

  CodedTextColumn first_name, last_name, city, country, time_zone, language;
  PlainTextColumn phone, email;
  TextListColumn tags, interests, purchased_skus, browsed_skus, cart_skus;

  NumberColumn<PresentBits> present;
  NumberColumn<std::int32_t> age, purchase_count, browse_count, best_hour;
  NumberColumn<double> total_spent_usd, sentiment;
  NumberColumn<std::int64_t> last_purchase_at, last_contacted_at, complaint_at;  // ms since 1970 UTC
  NumberColumn<std::uint8_t> has_open_complaint;

  PerChannel<NumberColumn<std::uint8_t>> consent_state;
  PerChannel<CodedTextColumn> consent_source;
  PerChannel<NumberColumn<std::int64_t>> consent_at;
  PerChannel<NumberColumn<double>> preference;
  PerChannel<NumberColumn<std::int32_t>> sent, responded;
  PerChannel<NumberColumn<std::int64_t>> last_at;

  // Appends one contact; true when its id is new.
  bool append(const Contact& contact);
  // Drops replaced rows, counts values and builds postings. Called once, after the last append().
  void finish();
  void reserve(std::size_t contacts);
  [[nodiscard]] std::size_t memory_bytes() const;

  [[nodiscard]] std::string_view id(RowIndex row) const { return ids.text(id_of[row]); }
  // nullptr when `field` is not stored that way.
  [[nodiscard]] const CodedTextColumn* coded_text(Field field) const;
  [[nodiscard]] const TextListColumn* text_list(Field field) const;
  // The value of a Text field; empty for other types and for what is not known.
  [[nodiscard]] std::string_view text(RowIndex row, Field field) const;

 private:
  // Calls `visit(column)` for every column but the ids.
  template <class Columns, class Visit>
  static void for_each_column(Columns& columns, Visit&& visit);
};

}  // namespace clarion
