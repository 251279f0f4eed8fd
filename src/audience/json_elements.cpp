#include "audience/json_elements.h"

#include <simdjson.h>

#include <algorithm>

#include "audience/contact_rows.h"
#include "base/text.h"

namespace clarion {
namespace {

bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

}  // namespace

void JsonElements::feed(std::string_view chunk) {
  if (place_ == Place::Broken) return;
  const std::size_t needed = buffer_.size() + chunk.size() + simdjson::SIMDJSON_PADDING;
  if (buffer_.capacity() < needed) buffer_.reserve(std::max(needed, buffer_.capacity() * 2));
  buffer_.append(chunk);
  layout_ == Layout::Lines ? take_lines() : take_array();
}

void JsonElements::emit(std::size_t begin, std::size_t end, std::int64_t line) {
  const std::string_view element = trim(std::string_view(buffer_).substr(begin, end - begin));
  if (element.empty()) return;
  const auto offset = static_cast<std::size_t>(element.data() - buffer_.data());
  sink_.element(element, buffer_.capacity() - offset, line);
}

void JsonElements::drop_consumed(std::size_t count) {
  buffer_.erase(0, count);
  scanned_ -= count;
}

void JsonElements::take_lines() {
  std::size_t begin = 0;
  while (true) {
    const auto end = buffer_.find('\n', scanned_);
    if (end == std::string::npos) break;
    if (is_skipping_) {
      is_skipping_ = false;
    } else if (end - begin > max_row_bytes) {
      sink_.oversized(line_);
    } else {
      emit(begin, end, line_);
    }
    ++line_;
    begin = scanned_ = end + 1;
  }
  scanned_ = buffer_.size();
  if (!is_skipping_ && scanned_ - begin > max_row_bytes) {
    sink_.oversized(line_);
    is_skipping_ = true;
  }
  drop_consumed(is_skipping_ ? scanned_ : begin);
}

std::string_view JsonElements::find_misplaced(char c) const {
  if (c == ',') return before_ == Before::Element ? "" : "there is a comma without an element before it";
  if (c == ']') return before_ == Before::Comma ? "there is a comma without an element behind it" : "";
  return before_ == Before::Element ? "there is no comma between two elements" : "";
}

void JsonElements::take_array() {
  std::size_t i = scanned_;
  std::size_t counted = i;  // line_ is that of this byte
  const auto count_lines = [&](std::size_t until) {
    const auto at = buffer_.begin();
    line_ += std::count(at + static_cast<std::ptrdiff_t>(counted), at + static_cast<std::ptrdiff_t>(until), '\n');
    counted = until;
  };
  std::int64_t element_line = line_;
  const auto end_element = [&](std::size_t end) {
    emit(element_begin_, end, element_line);
    place_ = Place::Between;
    before_ = Before::Element;
  };
  // Lines inside the open element were not counted yet, so that its own line is still known.
  if (place_ == Place::InElement) counted = element_begin_;
  for (; i < buffer_.size() && place_ != Place::Broken; ++i) {
    const char c = buffer_[i];
    if (place_ == Place::InElement) {
      if (in_string_) {
        if (is_escaped_) {
          is_escaped_ = false;
        } else if (c == '\\') {
          is_escaped_ = true;
        } else if (c == '"') {
          in_string_ = false;
          if (depth_ == 0) end_element(i + 1);
        }
      } else if (c == '"') {
        in_string_ = true;
      } else if (c == '{' || c == '[') {
        ++depth_;
      } else if (depth_ == 0 && (c == ',' || c == ']' || is_blank(c))) {
        // A bare number or word ends where the next thing begins.
        end_element(i);
        if (c == ',') before_ = Before::Comma;
        if (c == ']') place_ = Place::AfterArray;
      } else if (depth_ > 0 && (c == '}' || c == ']') && --depth_ == 0) {
        end_element(i + 1);
      }
      continue;
    }
    if (is_blank(c)) continue;
    if (place_ == Place::BeforeArray) {
      place_ = Place::Between;
    } else if (place_ == Place::Between) {
      if (const auto reason = find_misplaced(c); !reason.empty()) {
        count_lines(i);
        place_ = Place::Broken;
        sink_.broken(line_, reason);
        continue;
      }
      if (c == ',') {
        before_ = Before::Comma;
        continue;
      }
      if (c == ']') {
        place_ = Place::AfterArray;
        continue;
      }
      count_lines(i);
      element_line = line_;
      element_begin_ = i;
      place_ = Place::InElement;
      in_string_ = c == '"';
      depth_ = c == '{' || c == '[' ? 1 : 0;
    } else {
      count_lines(i);
      place_ = Place::Broken;
      sink_.broken(line_, "there is text after the end of the array");
    }
  }
  scanned_ = i;
  if (place_ == Place::InElement) {
    if (scanned_ - element_begin_ > max_row_bytes) {
      place_ = Place::Broken;
      sink_.broken(element_line, "the element that begins here is longer than 1 MiB or never ends");
      return;
    }
    const std::size_t begin = element_begin_;
    element_begin_ = 0;
    drop_consumed(begin);
  } else {
    count_lines(i);
    drop_consumed(i);
  }
}

void JsonElements::finish() {
  if (layout_ == Layout::Lines) {
    if (!is_skipping_) emit(0, buffer_.size(), line_);
    return;
  }
  if (place_ == Place::InElement) sink_.broken(line_, "the file ends inside the element that begins here");
  if (place_ == Place::Between || place_ == Place::BeforeArray) {
    sink_.broken(line_, "the file ends before the array is closed with ]");
  }
}

}  // namespace clarion
