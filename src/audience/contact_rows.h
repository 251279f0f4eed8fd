#pragma once
// What the readers of single formats share: where rows go, and what a format has to do.

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "audience/contact_draft.h"
#include "audience/contact_reader.h"

namespace clarion {

inline constexpr std::size_t max_row_bytes = std::size_t{1} << 20U;

// Counts rows and hands them on.
class RowOutput {
 public:
  RowOutput(ContactReader::Sink sink, std::unique_ptr<HeldRows> held);
  // A row that is a whole contact.
  void accept(const Contact& contact);
  // A row that will be part of the contact with this id; all of them at the end of the file; and that contact.
  void hold(std::string_view id, std::string_view row);
  [[nodiscard]] HeldRows& held() { return *held_; }
  void accept_held(const Contact& contact, std::int64_t rows);
  void reject(std::int64_t line, RowError error);
  // Who has opted out says so whatever is wrong with the row.
  [[nodiscard]] bool wants_opted_out() const { return sink_.opted_out != nullptr; }
  void keep_opted_out(const Contact& contact) { sink_.opted_out(contact); }
  void ignore_column(std::string_view name);
  // A column that says what an earlier one said, which counts.
  void repeat_column(std::string_view name);
  // The rest of the file cannot be read.
  void stop(std::int64_t line, std::string_view reason);
  [[nodiscard]] bool is_stopped() const { return !summary_.stopped.empty(); }
  [[nodiscard]] ImportSummary& summary() { return summary_; }

 private:
  ContactReader::Sink sink_;
  std::unique_ptr<HeldRows> held_;
  ImportSummary summary_;
};

// One format: bytes in, rows into a RowOutput.
class RowReader {
 public:
  virtual ~RowReader() = default;
  virtual void feed(std::string_view chunk) = 0;
  virtual void finish() = 0;
};

}  // namespace clarion
