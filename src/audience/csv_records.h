#pragma once
// CsvRecords: RFC 4180 text cut into records and fields; also LF or CR alone as line end, and quoted line ends.
//
// Errors  a record that breaks the rules is reported and the next one goes on: after text behind a closing quotation
//         mark at the next line end, after a quotation mark that is never closed at the line after the one it opens on,
//         as after a record that is too long.

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace clarion {

class CsvRecords {
 public:
  struct Sink {
    // The fields live until the callback returns. Blank lines are left out.
    std::function<void(const std::vector<std::string_view>& fields, std::int64_t line)> record;
    std::function<void(std::int64_t line, std::string_view reason)> malformed;
    std::function<void(std::int64_t line, std::string_view reason)> broken;  // nothing after this is read
  };

  CsvRecords(char delimiter, Sink sink) : delimiter_(delimiter), sink_(std::move(sink)) {}
  void feed(std::string_view chunk);
  void finish();

 private:
  enum class Parsed : std::uint8_t { Whole, NeedsMore, Malformed };
  // Reads the record at `begin` into fields_; `next_` is where the following one begins.
  Parsed parse(std::size_t begin, bool is_end);
  void take_records(bool is_end);
  // Gives up on the record at `begin` and returns where to go on: after its first line.
  std::size_t skip_line(std::size_t begin);
  void count_lines(std::size_t begin, std::size_t end);

  char delimiter_;
  Sink sink_;
  std::string buffer_;
  std::int64_t line_ = 1;  // of the first byte of buffer_ that is not consumed
  std::size_t next_ = 0;
  std::int32_t unclosed_ = 0;
  bool is_broken_ = false;
  bool is_in_long_line_ = false;  // of a record that was given up; it is no other record
  std::string text_;              // of all fields, unquoted
  std::vector<std::size_t> ends_;
  std::vector<std::string_view> fields_;
};

// The delimiter that the first line of `head` uses: comma, semicolon or tab.
[[nodiscard]] char find_delimiter(std::string_view head);

}  // namespace clarion
