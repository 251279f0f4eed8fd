#pragma once
// ContactDraft: one row on its way to a Contact; every value is checked as it comes in.
//
// Errors  the first value that breaks a rule ends the row; error() names column, value and rule.

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "audience/contact_key.h"
#include "audience/text_dictionary.h"
#include "domain/contact.h"

namespace clarion {

// Why a row was refused.
struct RowError {
  std::string column;
  std::string value;  // masked where it is personal
  std::string reason;
};

class ContactDraft {
 public:
  // Starts the next row.
  void clear();
  // Each takes one value of the column called `column` in the file; false when it breaks a rule. An empty text means
  // "not known".
  [[nodiscard]] bool set_text(ContactKey key, std::string_view column, std::string_view text);
  [[nodiscard]] bool set_number(ContactKey key, std::string_view column, double number);
  [[nodiscard]] bool set_flag(ContactKey key, std::string_view column, bool flag);
  // A list that is given element by element begins; what it had before is forgotten.
  [[nodiscard]] bool start_list(ContactKey key, std::string_view column);
  [[nodiscard]] bool add_item(ContactKey key, std::string_view column, std::string_view item);
  // Records a refusal and returns false.
  [[nodiscard]] bool refuse(std::string_view column, std::string_view value, std::string reason);
  // Checks what needs the whole row (id, addresses, zone of the country) and fills in what follows from the rest.
  [[nodiscard]] bool finish();

  [[nodiscard]] const Contact& contact() const { return contact_; }
  [[nodiscard]] Contact& contact() { return contact_; }
  [[nodiscard]] const RowError& error() const { return error_; }

 private:
  [[nodiscard]] bool set_time(std::optional<WallTime>& out, std::string_view column, std::string_view text);
  [[nodiscard]] bool set_number_text(ContactKey key, std::string_view column, std::string_view text);
  [[nodiscard]] bool set_consent(ConsentState& state, std::string_view column, std::string_view text);
  [[nodiscard]] bool set_label(std::string& out, std::string_view column, std::string_view text);
  [[nodiscard]] bool set_coded(std::string& out, Field field, std::string_view column, std::string_view text);
  [[nodiscard]] bool set_flag_text(ContactKey key, std::string_view column, std::string_view text);
  [[nodiscard]] bool split_list(ContactKey key, std::string_view column, std::string_view text);
  // A list and how many of its strings belong to this row; the others are kept for their memory until finish().
  struct OpenList {
    std::vector<std::string>* items = nullptr;
    std::size_t* used = nullptr;
  };
  [[nodiscard]] OpenList list_of(ContactKey key);

  Contact contact_;
  std::array<std::size_t, field_count> used_{};  // by field, for lists
  RowError error_;
  bool has_purchase_count_ = false;
  bool has_browse_count_ = false;
  // Texts that were read before, as written and as kept; bounded.
  struct KnownTexts {
    TextDictionary written;
    std::vector<std::string> kept = {""};  // by number of the written text
  };
  std::array<KnownTexts, 3> known_;  // countries, time zones, languages
};

// A value of this column as a report may show it: cut, without control characters, and masked where it is personal or
// looks like an address: "A***" for "Ana".
[[nodiscard]] std::string show_value(std::string_view column, std::string_view value);
// The name of a column as a report may show it.
[[nodiscard]] std::string show_name(std::string_view name);

}  // namespace clarion
