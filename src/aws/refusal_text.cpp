#include "aws/refusal_text.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace clarion {
namespace {

// In lower case. The first two introduce what AWS quotes; the others are found in every signed request.
constexpr std::array<std::string_view, 5> quotations{"the canonical string", "the string-to-sign",
                                                     "x-amz-security-token", "aws4-hmac-sha256", "signature="};
// Session tokens and web identity tokens are longer; names, ids and ARNs without their colons are shorter.
constexpr std::ptrdiff_t shortest_token = 100;

std::size_t find_quotation(std::string_view said) {
  const std::string lower = lower_case(said);
  std::size_t first = std::string::npos;
  for (const std::string_view mark : quotations) first = std::min(first, lower.find(mark));
  return first;
}

// Base64 of both alphabets, and the dots of a JSON web token.
bool is_of_token(char c) {
  const char lower = lower_case(c);
  return (lower >= 'a' && lower <= 'z') || (c >= '0' && c <= '9') || std::string_view("+/=-_.").contains(c);
}

}  // namespace

bool quotes_request(std::string_view said) {
  return find_quotation(said) != std::string::npos;
}

std::string without_quoted_request(std::string_view said) {
  said = said.substr(0, find_quotation(said));
  said = trim(said.substr(0, said.find_first_of("\r\n")));
  std::string text;
  for (auto at = said.begin(); at != said.end();) {
    const auto end = std::find_if_not(at, said.end(), is_of_token);
    if (end - at >= shortest_token) {
      text += "***";
    } else {
      text.append(at, end);
    }
    at = end;
    if (at != said.end()) text += *at++;
  }
  return text;
}

}  // namespace clarion
