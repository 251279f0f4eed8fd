#pragma once
// ContactTable: every contact in columns, read-only once built; what filters run over.
//
// Memory   dictionary-encoded texts, postings for SKUs, tags and interests; about 250 to 400 bytes a contact
//          (bench/contacts_bench.cpp).
// Threads  immutable after build(): share it through std::shared_ptr<const ContactTable>.

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string_view>
#include <vector>

#include "audience/filter.h"
#include "domain/contact.h"

namespace clarion {

struct ContactColumns;
class OptOutIndex;

enum class ContactRow : std::uint32_t {};

class ContactTable {
 public:
  // A distinct value of a text column or list, and how many contacts have it.
  struct ValueCount {
    std::string_view value;
    std::size_t count = 0;
  };

  class Builder;
  ~ContactTable();
  ContactTable(const ContactTable&) = delete;
  ContactTable& operator=(const ContactTable&) = delete;

  [[nodiscard]] std::size_t size() const;
  // The contact as it was added. REQUIRES: row < size().
  [[nodiscard]] Contact get(ContactRow row) const;
  // The same into `reuse`, whose buffers are used again: what a loop over many rows should call.
  void get(ContactRow row, Contact& reuse) const;
  // The value of a Text field without a copy; empty when unknown or of another type. Lives as long as the table.
  // REQUIRES: row < size().
  [[nodiscard]] std::string_view text(ContactRow row, Field field) const;
  // REQUIRES: row < size().
  [[nodiscard]] ConsentState consent(ContactRow row, Channel channel) const;
  [[nodiscard]] std::optional<ContactRow> find(std::string_view id) const;
  // A contact who opted out of `channel` at this address (in its normal form), if there is one. The first call builds
  // the index, 8 bytes for every opt-out, which memory_bytes() does not count.
  [[nodiscard]] std::optional<ContactRow> find_opted_out(Channel channel, std::string_view address) const;
  // The rows that match, ascending. Same result as matches() on every contact.
  [[nodiscard]] std::vector<ContactRow> select(const Filter& filter, WallTime now) const;
  // Distinct values of a Text or TextList field, sorted by value; empty for other types.
  [[nodiscard]] std::vector<ValueCount> values(Field field) const;
  [[nodiscard]] std::size_t memory_bytes() const;

 private:
  explicit ContactTable(std::unique_ptr<ContactColumns> columns);
  std::unique_ptr<ContactColumns> columns_;
  mutable std::once_flag opt_outs_built_;
  mutable std::unique_ptr<const OptOutIndex> opt_outs_;  // set once, by find_opted_out()
};

// Collects contacts; the later of two with the same id replaces the earlier one.
class ContactTable::Builder {
 public:
  Builder();
  ~Builder();
  Builder(Builder&&) noexcept;
  Builder& operator=(Builder&&) noexcept;
  void reserve(std::size_t contacts);
  // True when the id was new.
  bool add(const Contact& contact);
  [[nodiscard]] std::shared_ptr<const ContactTable> build() &&;

 private:
  std::unique_ptr<ContactColumns> columns_;
};

}  // namespace clarion
