#include "audience/contact_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "audience/contact_rows.h"
#include "audience/csv_rows.h"
#include "audience/json_rows.h"
#include "base/text.h"

namespace clarion {
namespace {

constexpr std::array<std::string_view, 5> format_names{"auto", "clarion", "csv", "pinpoint", "listmonk"};
// Enough to see an encoding, a compressed file or the first column name.
constexpr std::size_t head_bytes = 4096;
constexpr std::size_t least_head_bytes = 64;

// Why a file that begins like this can be no contacts; empty when it can.
std::string_view find_foreign(std::string_view head) {
  if (head.starts_with("\xff\xfe") || head.starts_with("\xfe\xff") || head.substr(0, 64).contains('\0')) {
    return "the file is UTF-16 or binary; save it as UTF-8 and import it again";
  }
  if (head.starts_with("\x1f\x8b"))
    return "the file is compressed with gzip; unpack it with gunzip and import it again";
  if (head.starts_with("PK\x03\x04")) return "the file is a zip archive or a spreadsheet; export it as CSV in UTF-8";
  return {};
}

// Whether `text` holds a line end outside quotation marks.
bool has_whole_line(std::string_view text) {
  bool is_quoted = false;
  for (const char c : text) {
    if (c == '"') is_quoted = !is_quoted;
    if (!is_quoted && (c == '\n' || c == '\r')) return true;
  }
  return false;
}

void add_name(std::vector<std::string>& names, std::string_view name) {
  constexpr std::size_t most_names = 100;
  const std::string shown = show_name(name);
  if (names.size() < most_names && std::ranges::find(names, shown) == names.end()) names.push_back(shown);
}

}  // namespace

std::string_view to_string(ContactFormat format) {
  return format_names[std::to_underlying(format)];
}

std::optional<ContactFormat> parse_contact_format(std::string_view name) {
  const auto* const found = std::ranges::find(format_names, name);
  if (found == format_names.end()) return std::nullopt;
  return static_cast<ContactFormat>(found - format_names.begin());
}

RowOutput::RowOutput(ContactReader::Sink sink, std::unique_ptr<HeldRows> held)
    : sink_(std::move(sink)), held_(held != nullptr ? std::move(held) : std::make_unique<MemoryHeldRows>()) {}

void RowOutput::accept(const Contact& contact) {
  ++summary_.read;
  ++(sink_.contact(contact) ? summary_.imported : summary_.replaced);
}

void RowOutput::hold(std::string_view id, std::string_view row) {
  ++summary_.read;
  held_->put(id, row);
}

void RowOutput::accept_held(const Contact& contact, std::int64_t rows) {
  summary_.merged += rows - 1;
  ++(sink_.contact(contact) ? summary_.imported : summary_.replaced);
}

void RowOutput::reject(std::int64_t line, RowError error) {
  ++summary_.read;
  ++summary_.rejected;
  if (!sink_.rejected) return;
  sink_.rejected({line, summary_.read, std::move(error.column), std::move(error.value), std::move(error.reason)});
}

void RowOutput::ignore_column(std::string_view name) {
  add_name(summary_.ignored_columns, name);
}

void RowOutput::repeat_column(std::string_view name) {
  add_name(summary_.repeated_columns, name);
}

void RowOutput::stop(std::int64_t line, std::string_view reason) {
  if (!summary_.stopped.empty()) return;
  // A file of one line is told apart by its rows.
  const std::string after = summary_.read > 0 ? fmt::format(", after row {}", summary_.read) : std::string();
  summary_.stopped = fmt::format("line {}{}: {}", line, after, reason);
}

struct ContactReader::State {
  State(ContactFormat asked, Sink sink, std::unique_ptr<HeldRows> held)
      : format(asked), output(std::move(sink), std::move(held)) {}

  // Whether the beginning of the file says what it is. When the format was told, the first byte or line is enough.
  [[nodiscard]] bool is_head_enough() const {
    const auto first = head.find_first_not_of(" \t\r\n");
    if (first == std::string::npos || head.size() < least_head_bytes) return head.size() > max_row_bytes;
    const bool is_json = head[first] == '[' || head[first] == '{';
    if (format != ContactFormat::Auto && (is_json || has_whole_line(std::string_view(head).substr(first)))) return true;
    return head.size() - first >= head_bytes;
  }

  // Chooses the reader once enough of the file is known. False while more is needed.
  bool start(bool is_end) {
    if (!is_end && !is_head_enough()) return false;
    std::string_view text = head;
    if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
    if (const auto foreign = find_foreign(text); !foreign.empty()) {
      output.stop(1, foreign);
      return true;
    }
    reader = make_reader(text);
    if (reader != nullptr) reader->feed(text);
    return true;
  }

  std::unique_ptr<RowReader> make_reader(std::string_view text) {
    const std::string_view content = trim(text);
    if (content.empty()) {
      if (text.size() > max_row_bytes) output.stop(1, "the file begins with more than 1 MiB of blanks");
      return nullptr;
    }
    const bool is_json = content.front() == '[' || content.front() == '{';
    if (is_json && (format == ContactFormat::Csv || format == ContactFormat::Listmonk)) {
      output.stop(1, fmt::format("the file is JSON; the format {} is CSV", to_string(format)));
      return nullptr;
    }
    if (!is_json && format == ContactFormat::Clarion) {
      output.stop(1, "the file must begin with [ (a JSON array) or { (one JSON object a line)");
      return nullptr;
    }
    if (is_json) return make_json_rows(text, format, output);
    return make_csv_rows(text, format, output);
  }

  ContactFormat format;
  RowOutput output;
  std::string head;
  std::unique_ptr<RowReader> reader;
  bool is_started = false;
};

ContactReader::ContactReader(ContactFormat format, Sink sink, std::unique_ptr<HeldRows> held)
    : state_(std::make_unique<State>(format, std::move(sink), std::move(held))) {}
ContactReader::~ContactReader() = default;

void ContactReader::feed(std::string_view chunk) {
  State& state = *state_;
  if (state.output.is_stopped()) return;
  if (state.is_started) {
    if (state.reader != nullptr) state.reader->feed(chunk);
    return;
  }
  state.head.append(chunk);
  state.is_started = state.start(false);
  if (state.is_started) state.head = {};
}

ImportSummary ContactReader::finish() {
  State& state = *state_;
  if (!state.is_started) state.is_started = state.start(true);
  if (state.reader != nullptr) state.reader->finish();
  return state.output.summary();
}

const ImportSummary& ContactReader::summary() const {
  return state_->output.summary();
}

}  // namespace clarion
