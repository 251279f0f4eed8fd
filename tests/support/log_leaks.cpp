#include "support/log_leaks.h"

#include <algorithm>
#include <cctype>
#include <ranges>

namespace clarion::testing {
namespace {

constexpr std::size_t shortest_secret = 8;  // below that a value is a word that may stand anywhere

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_word(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '-';
}

// "clarion_<id>_<secret>": twenty characters of the secret would be enough to be alarmed.
bool has_token(std::string_view line) {
  constexpr std::string_view prefix = "clarion_";
  for (auto at = line.find(prefix); at != std::string_view::npos; at = line.find(prefix, at + 1)) {
    const auto rest = line.substr(at + prefix.size());
    const auto end = std::ranges::find_if_not(rest, is_word);
    const std::string_view word(rest.begin(), end);
    const auto bar = word.find('_');
    if (bar != std::string_view::npos && word.size() - bar > 20) return true;
  }
  return false;
}

// "+" and eight digits; masked numbers have stars among theirs.
bool has_phone(std::string_view line) {
  for (auto at = line.find('+'); at != std::string_view::npos; at = line.find('+', at + 1)) {
    const auto rest = line.substr(at + 1);
    if (std::ranges::find_if_not(rest, is_digit) - rest.begin() >= 8) return true;
  }
  return false;
}

// A mailbox whose last character before "@" is no star.
bool has_mailbox(std::string_view line) {
  for (auto at = line.find('@'); at != std::string_view::npos; at = line.find('@', at + 1)) {
    if (at > 0 && at + 1 < line.size() && is_word(line[at - 1]) && is_word(line[at + 1])) return true;
  }
  return false;
}

}  // namespace

std::string find_leak(std::string_view log, const std::map<std::string, std::string>& environment) {
  for (const auto part : std::views::split(log, '\n')) {
    const std::string_view line(part);
    bool is_leak = has_token(line) || (line.starts_with('{') && (has_phone(line) || has_mailbox(line)));
    for (const auto& [name, value] : environment) {
      const bool is_secret = name.contains("SECRET") || name.contains("TOKEN");
      is_leak = is_leak || (is_secret && value.size() >= shortest_secret && line.contains(value));
    }
    if (is_leak) return std::string(line);
  }
  return {};
}

}  // namespace clarion::testing
