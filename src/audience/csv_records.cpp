#include "audience/csv_records.h"

#include <algorithm>
#include <array>

#include "audience/contact_rows.h"

namespace clarion {
namespace {

// A search for a closing mark reads up to max_row_bytes, so a file full of open ones must not be searched for ever.
constexpr std::int32_t most_unclosed = 100;

}  // namespace

char find_delimiter(std::string_view head) {
  std::array<std::size_t, 3> counts{};
  constexpr std::string_view delimiters = ",;\t";
  bool is_quoted = false;
  for (const char c : head) {
    if (c == '"') is_quoted = !is_quoted;
    if (is_quoted) continue;
    if (c == '\n' || c == '\r') break;
    if (const auto at = delimiters.find(c); at != std::string_view::npos) ++counts[at];
  }
  return delimiters[static_cast<std::size_t>(std::ranges::max_element(counts) - counts.begin())];
}

CsvRecords::Parsed CsvRecords::parse(std::size_t begin, bool is_end) {
  text_.clear();
  ends_.clear();
  const std::size_t size = buffer_.size();
  std::size_t i = begin;
  while (true) {
    if (i < size && buffer_[i] == '"') {
      ++i;
      while (true) {
        const std::size_t quote = buffer_.find('"', i);
        if (quote == std::string::npos) return Parsed::NeedsMore;
        text_.append(buffer_, i, quote - i);
        i = quote + 1;
        if (i == size || buffer_[i] != '"') break;
        text_.push_back('"');
        ++i;
      }
      if (i < size && buffer_[i] != delimiter_ && buffer_[i] != '\r' && buffer_[i] != '\n') {
        const std::size_t end = buffer_.find('\n', i);
        if (end == std::string::npos && !is_end) return Parsed::NeedsMore;
        next_ = end == std::string::npos ? size : end + 1;
        return Parsed::Malformed;
      }
    } else {
      std::size_t end = i;
      while (end < size && buffer_[end] != delimiter_ && buffer_[end] != '\n' && buffer_[end] != '\r') ++end;
      text_.append(buffer_, i, end - i);
      i = end;
    }
    ends_.push_back(text_.size());
    if (i == size) {
      if (!is_end) return Parsed::NeedsMore;
      break;
    }
    if (buffer_[i] == delimiter_) {
      ++i;
      continue;
    }
    if (buffer_[i] == '\r') {
      if (i + 1 == size && !is_end) return Parsed::NeedsMore;
      if (i + 1 < size && buffer_[i + 1] == '\n') ++i;
    }
    ++i;
    break;
  }
  next_ = i;
  fields_.clear();
  std::size_t from = 0;
  for (const std::size_t end : ends_) {
    fields_.push_back(std::string_view(text_).substr(from, end - from));
    from = end;
  }
  return Parsed::Whole;
}

void CsvRecords::count_lines(std::size_t begin, std::size_t end) {
  for (std::size_t i = begin; i < end; ++i) {
    if (buffer_[i] == '\n' || (buffer_[i] == '\r' && (i + 1 == buffer_.size() || buffer_[i + 1] != '\n'))) ++line_;
  }
}

std::size_t CsvRecords::skip_line(std::size_t begin) {
  if (++unclosed_ > most_unclosed) {
    is_broken_ = true;
    sink_.broken(line_, "too many quotation marks are never closed");
    return buffer_.size();
  }
  sink_.malformed(line_, "a quotation mark opens here and is never closed, or the row is longer than 1 MiB");
  const std::size_t end = buffer_.find_first_of("\r\n", begin);
  is_in_long_line_ = end == std::string::npos;
  if (is_in_long_line_) return buffer_.size();
  return buffer_.compare(end, 2, "\r\n") == 0 ? end + 2 : end + 1;
}

void CsvRecords::take_records(bool is_end) {
  std::size_t begin = 0;
  if (is_in_long_line_) {
    const std::size_t end = buffer_.find_first_of("\r\n");
    is_in_long_line_ = end == std::string::npos;
    begin = is_in_long_line_ ? buffer_.size() : end + 1;
    if (!is_in_long_line_ && buffer_.compare(end, 2, "\r\n") == 0) ++begin;
    count_lines(0, begin);
  }
  while (begin < buffer_.size() && !is_broken_) {
    const Parsed parsed = parse(begin, is_end);
    if (parsed == Parsed::NeedsMore) {
      if (!is_end && buffer_.size() - begin <= max_row_bytes) break;
      const std::size_t next = skip_line(begin);
      count_lines(begin, next);
      begin = next;
      continue;
    }
    if (parsed == Parsed::Malformed) {
      sink_.malformed(line_, "there is text after a closing quotation mark");
    } else if (fields_.size() > 1 || !fields_[0].empty()) {
      sink_.record(fields_, line_);
    }
    count_lines(begin, next_);
    begin = next_;
  }
  buffer_.erase(0, begin);
}

void CsvRecords::feed(std::string_view chunk) {
  if (is_broken_) return;
  buffer_.append(chunk);
  take_records(false);
}

void CsvRecords::finish() {
  take_records(true);
}

}  // namespace clarion
