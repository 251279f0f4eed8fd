#include "access/token.h"

#include <algorithm>

#include "access/digest.h"

namespace clarion {
namespace {

constexpr std::string_view prefix = "clarion_";
constexpr std::size_t id_characters = 12;
constexpr std::size_t secret_bytes = 32;
constexpr std::size_t secret_characters = 43;  // 32 bytes in base64url
constexpr std::size_t longest_name = 64;

bool is_letter_or_digit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool is_base64url(char c) {
  return is_letter_or_digit(c) || c == '-' || c == '_';
}

bool is_name(std::string_view name) {
  return !name.empty() && name.size() <= longest_name &&
         std::ranges::all_of(name, [](char c) { return is_letter_or_digit(c) || c == '.' || c == '_' || c == '-'; });
}

std::string random_id() {
  constexpr std::string_view digits = "abcdefghijkmnpqrstuvwxyz23456789";  // 32 of them: 5 bits each, none alike
  std::string id = random_bytes(id_characters);
  for (char& c : id) c = digits[static_cast<unsigned char>(c) % digits.size()];
  return id;
}

std::string text_of(std::string_view id, std::string_view secret) {
  return std::string(prefix) + std::string(id) + "_" + std::string(secret);
}

}  // namespace

Result<IssuedToken> issue_token(std::string name, ScopeSet scopes, WallTime now, const ScryptCost& cost) {
  if (!is_name(name)) {
    return fail(ErrorKind::Invalid, "the name of a token must be 1 to 64 letters, digits, '.', '_' or '-'");
  }
  if (scopes.is_empty()) return fail(ErrorKind::Invalid, "a token needs a scope: one or more of read, write, send");
  const std::string id = random_id();
  const std::string secret = base64url(random_bytes(secret_bytes));
  return IssuedToken{.text = text_of(id, secret),
                     .stored = {.id = id,
                                .name = std::move(name),
                                .scopes = scopes,
                                .secret_hash = hash_secret(secret, cost),
                                .created_at = now}};
}

std::optional<TokenParts> split_token(std::string_view text) {
  if (!text.starts_with(prefix) || text.size() != prefix.size() + id_characters + 1 + secret_characters) {
    return std::nullopt;
  }
  const std::string_view id = text.substr(prefix.size(), id_characters);
  const std::string_view secret = text.substr(prefix.size() + id_characters + 1);
  if (text[prefix.size() + id_characters] != '_' || !std::ranges::all_of(id, is_letter_or_digit) ||
      !std::ranges::all_of(secret, is_base64url)) {
    return std::nullopt;
  }
  return TokenParts{id, secret};
}

std::string make_process_token() {
  return text_of("process", base64url(random_bytes(secret_bytes)));
}

}  // namespace clarion
