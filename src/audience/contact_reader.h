#pragma once
// ContactReader: the bytes of a file in, checked contacts and refused rows out; memory stays flat.
//
// Formats  JSON array, NDJSON, CSV (RFC 4180), Amazon Pinpoint segment exports (JSON lines or CSV), listmonk CSV.
// Rows     each row is taken, merged into a contact (Pinpoint: one row an endpoint) or rejected: read = imported +
//          replaced + merged + rejected.
// Memory   a row may have 1 MiB. Pinpoint exports spread one person over the file, so their rows are held until
//          finish(), wherever HeldRows keeps them.

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "audience/held_rows.h"
#include "domain/contact.h"

namespace clarion {

enum class ContactFormat : std::uint8_t {
  Auto,      // told by the first bytes and the column names
  Clarion,   // JSON array or NDJSON
  Csv,       // with a header line
  Pinpoint,  // JSON lines or CSV with dotted headers
  Listmonk,  // subscriber CSV
};
[[nodiscard]] std::string_view to_string(ContactFormat format);  // "auto", "clarion", ..., "listmonk"
[[nodiscard]] std::optional<ContactFormat> parse_contact_format(std::string_view name);

struct RejectedRow {
  std::int64_t line = 0;  // where the row begins, 1 is the first
  std::int64_t row = 0;   // which one it is, 1 is the first: of JSON the element, of a CSV without its header
  std::string column;     // empty when the whole row is wrong
  std::string value;      // masked where it is personal
  std::string reason;     // one sentence
};

struct ImportSummary {
  std::int64_t read = 0;
  std::int64_t imported = 0;  // contacts whose id was new
  std::int64_t replaced = 0;  // contacts whose id was there already
  std::int64_t merged = 0;    // rows that became part of a contact counted above
  std::int64_t rejected = 0;
  // Of the rows above, those that left a consent on record as it was, because they say nothing of it or what is older.
  std::int64_t opt_outs_kept = 0;
  std::int64_t opt_ins_kept = 0;
  ContactFormat format = ContactFormat::Auto;  // what was found; Auto for an empty file
  std::vector<std::string> ignored_columns;    // names that mean nothing here, in order of appearance; at most 100
  std::vector<std::string> repeated_columns;   // those that say what an earlier one said, which counts; at most 100
  std::string stopped;             // why the rest of the file was not read, with line and row; empty when all of it was
  std::string rejected_file = {};  // of import_contacts(): where the refused rows are; empty when nowhere

  [[nodiscard]] bool adds_up() const { return read == imported + replaced + merged + rejected; }
};

class ContactReader {
 public:
  struct Sink {
    std::function<bool(const Contact&)> contact;            // returns whether the id was new
    std::function<void(const RejectedRow&)> rejected = {};  // may be empty
    // May be empty: of each refused JSON row who has opted out (KeptContactReader::read_opted_out).
    std::function<void(const Contact&)> opted_out = {};
  };

  // `held` is for rows that belong together; without one they are held in memory.
  ContactReader(ContactFormat format, Sink sink, std::unique_ptr<HeldRows> held = nullptr);
  ~ContactReader();
  // The next bytes of the file, of any length; cut anywhere.
  void feed(std::string_view chunk);
  // The end of the file. Call once; nothing may be fed afterwards.
  ImportSummary finish();
  // The counts so far.
  [[nodiscard]] const ImportSummary& summary() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace clarion
