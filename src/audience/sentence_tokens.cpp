#include "audience/sentence_tokens.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "base/text.h"

namespace clarion {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool is_ascii_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

// Marks outside ASCII that people and word processors type, and what they stand for.
constexpr std::array<std::pair<std::string_view, std::string_view>, 17> foreign_marks{{
    {"\u00a0", " "},
    {"\u2009", " "},
    {"\u3000", " "},
    {"\u2018", "'"},
    {"\u2019", "'"},
    {"\u201c", "\""},
    {"\u201d", "\""},
    {"\u2013", "-"},
    {"\u2014", "-"},
    {"\u2026", "."},
    {"\u2265", ">="},
    {"\u2264", "<="},
    {"\u20ac", "€"},
    {"\u00a3", "£"},
    {"\u20b9", "₹"},
    {"\u2022", ","},
    {"\ufeff", " "},
}};

struct Glyph {
  std::string_view mark;  // empty for a letter or digit
  std::size_t bytes = 1;
};

Glyph glyph_at(std::string_view text, std::size_t at) {
  const char c = text[at];
  if (static_cast<unsigned char>(c) >= 0x80) {
    for (const auto& [written, meant] : foreign_marks) {
      if (text.substr(at).starts_with(written)) return {.mark = meant, .bytes = written.size()};
    }
    return {.mark = {}, .bytes = 1};
  }
  if (is_digit(c) || is_ascii_letter(c)) return {.mark = {}, .bytes = 1};
  if (c == ' ' || c == '\t' || c == '\n' || c == '\r') return {.mark = " ", .bytes = 1};
  const std::string_view pair = text.substr(at, 2);
  if (pair == ">=" || pair == "<=" || pair == "!=") return {.mark = pair, .bytes = 2};
  return {.mark = text.substr(at, 1), .bytes = 1};
}

bool is_letter_at(std::string_view text, std::size_t at) {
  return at < text.size() && glyph_at(text, at).mark.empty();
}

bool is_digit_at(std::string_view text, std::size_t at) {
  return at < text.size() && is_digit(text[at]);
}

class TokenReader {
 public:
  explicit TokenReader(std::string_view text) : text_(text) {}

  std::vector<Token> read() {
    while (at_ < text_.size()) {
      const Glyph glyph = glyph_at(text_, at_);
      if (glyph.mark == " ") {
        at_ += glyph.bytes;
      } else if (is_digit(text_[at_])) {
        read_digits();
      } else if (glyph.mark.empty() || is_phone_number()) {
        read_word(at_ + glyph.bytes);
      } else {
        read_mark(glyph);
      }
    }
    return std::move(tokens_);
  }

 private:
  [[nodiscard]] bool is_phone_number() const {
    constexpr std::size_t fewest_digits = 7;
    if (text_[at_] != '+') return false;
    for (std::size_t i = 1; i <= fewest_digits; ++i) {
      if (!is_digit_at(text_, at_ + i)) return false;
    }
    return true;
  }

  void push(Token token, std::size_t end) {
    token.begin = at_;
    token.end = end;
    token.text = text_.substr(at_, end - at_);
    if (token.plain.empty()) token.plain = plain_words(token.text);
    if (token.plain.empty()) token.plain = token.text;
    tokens_.push_back(std::move(token));
    at_ = end;
  }

  void read_mark(const Glyph& glyph) {
    const std::size_t end = at_ + glyph.bytes;
    // "$500" is one number.
    if (glyph.mark == "$" && is_digit_at(text_, end)) {
      const std::size_t begin = at_;
      at_ = end;
      read_digits();
      Token& number = tokens_.back();
      number.is_money = number.kind == Token::Kind::Number;
      number.begin = begin;
      number.text = text_.substr(begin, number.end - begin);
      return;
    }
    Token token{.kind = Token::Kind::Mark, .text = {}, .plain = std::string(glyph.mark)};
    push(std::move(token), end);
  }

  // A word may hold marks between its letters: SKU-LAPTOP-1, L'Aquila, ana@example.com, U.S.
  [[nodiscard]] std::size_t end_of_word(std::size_t end) const {
    constexpr std::string_view inner = "-_'.@/&";
    while (end < text_.size()) {
      const Glyph glyph = glyph_at(text_, end);
      const bool is_inner =
          glyph.mark.empty() || (inner.contains(glyph.mark.front()) && is_letter_at(text_, end + glyph.bytes));
      if (!is_inner) break;
      end += glyph.bytes;
    }
    return end;
  }

  void read_word(std::size_t from) {
    std::size_t end = end_of_word(from);
    const std::string_view whole = text_.substr(at_, end - at_);
    const std::size_t dash = whole.find('-');
    if (dash != std::string_view::npos) {
      const std::string first = fold_text(whole.substr(0, dash));
      const std::string last = fold_text(whole.substr(whole.rfind('-') + 1));
      // "over-40s", "non-buyers", "Hindi-speaking": two words each.
      if (first == "over" || first == "under" || first == "non") {
        end = at_ + dash;
      } else if (last == "speaking" || last == "based") {
        end = at_ + whole.rfind('-');
      }
    }
    push({.kind = Token::Kind::Word, .text = {}, .plain = {}}, end);
  }

  void read_digits() {
    std::size_t end = at_;
    while (is_digit_at(text_, end)) ++end;
    constexpr std::size_t iso_date_bytes = 10;
    if (const auto date = parse_iso8601(text_.substr(at_, iso_date_bytes));
        date && end == at_ + 4 && !is_letter_at(text_, at_ + iso_date_bytes)) {
      push({.kind = Token::Kind::Date, .text = {}, .plain = {}, .date = *date}, at_ + iso_date_bytes);
      return;
    }
    std::string digits(text_.substr(at_, end - at_));
    while (end + 3 < text_.size() && text_[end] == ',' && is_digit_at(text_, end + 1) && is_digit_at(text_, end + 2) &&
           is_digit_at(text_, end + 3) && !is_digit_at(text_, end + 4)) {
      digits += text_.substr(end + 1, 3);
      end += 4;
    }
    if (end < text_.size() && text_[end] == '.' && is_digit_at(text_, end + 1)) {
      digits += '.';
      for (++end; is_digit_at(text_, end); ++end) digits += text_[end];
    }
    double factor = 1;
    if (end < text_.size() && (text_[end] == 'k' || text_[end] == 'K') && !is_letter_at(text_, end + 1)) {
      factor = 1000;
      ++end;
    }
    const bool is_range = end < text_.size() && text_[end] == '-' && is_digit_at(text_, end + 1);
    if (!is_range && end_of_word(end) != end) {
      // "40s", "3x", "2nd", "12ab-7": a word that begins with digits.
      read_word(end);
      return;
    }
    Token token{.kind = Token::Kind::Number, .text = {}, .plain = {}};
    std::from_chars(digits.data(), digits.data() + digits.size(), token.number);
    token.number *= factor;
    if (end < text_.size() && text_[end] == '$') {
      token.is_money = true;
      ++end;
    } else if (end < text_.size() && text_[end] == '%') {
      token.is_percent = true;
      ++end;
    }
    push(std::move(token), end);
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::vector<Token> tokens_;
};

}  // namespace

std::vector<Token> read_tokens(std::string_view text) {
  return TokenReader(text).read();
}

std::string plain_words(std::string_view text) {
  const std::string folded = fold_text(text);
  std::string plain;
  for (std::size_t at = 0; at < folded.size();) {
    const Glyph glyph = glyph_at(folded, at);
    if (glyph.mark.empty()) {
      plain += folded.substr(at, glyph.bytes);
    } else if (glyph.mark != "'" && !plain.empty() && plain.back() != ' ') {
      plain += ' ';
    }
    at += glyph.bytes;
  }
  if (plain.ends_with(' ')) plain.pop_back();
  return plain;
}

std::vector<std::string> split_words(std::string_view spaced) {
  std::vector<std::string> words;
  while (!spaced.empty()) {
    const std::size_t space = std::min(spaced.find(' '), spaced.size());
    if (space > 0) words.emplace_back(spaced.substr(0, space));
    spaced.remove_prefix(std::min(space + 1, spaced.size()));
  }
  return words;
}

}  // namespace clarion
