#pragma once
// JsonElements: a stream of JSON documents cut apart, one a line or the elements of one array, without parsing them.
//
// Every element is handed over with simdjson's padding behind it. What is inside is not checked here.

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace clarion {

class JsonElements {
 public:
  enum class Layout : std::uint8_t { Lines, Array };

  struct Sink {
    // `element` lives until the callback returns; `padded_bytes` of memory may be read from its beginning.
    std::function<void(std::string_view element, std::size_t padded_bytes, std::int64_t line)> element;
    std::function<void(std::int64_t line)> oversized;  // an element above max_row_bytes was dropped
    std::function<void(std::int64_t line, std::string_view reason)> broken;  // nothing after this can be read
  };

  // REQUIRES for Array: the first byte that is not blank is '['.
  JsonElements(Layout layout, Sink sink) : layout_(layout), sink_(std::move(sink)) {}
  void feed(std::string_view chunk);
  void finish();

 private:
  // Why `c` cannot follow what precedes it between two elements; empty when it can.
  [[nodiscard]] std::string_view find_misplaced(char c) const;
  void take_lines();
  void take_array();
  void emit(std::size_t begin, std::size_t end, std::int64_t line);
  void drop_consumed(std::size_t count);

  Layout layout_;
  Sink sink_;
  std::string buffer_;
  std::size_t scanned_ = 0;  // bytes of buffer_ that were looked at and need not be again
  std::int64_t line_ = 1;    // of the first byte of buffer_
  bool is_skipping_ = false;

  // Array only.
  enum class Place : std::uint8_t { BeforeArray, Between, InElement, AfterArray, Broken };
  Place place_ = Place::BeforeArray;
  // What precedes the place between two elements.
  enum class Before : std::uint8_t { Bracket, Element, Comma };
  Before before_ = Before::Bracket;
  std::size_t element_begin_ = 0;
  std::size_t depth_ = 0;
  bool in_string_ = false;
  bool is_escaped_ = false;
};

}  // namespace clarion
