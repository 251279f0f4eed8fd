#pragma once
// What a service says of a request it refuses, without the secrets it quotes.
//
// A refusal of a signature quotes the whole canonical request, session token included; one of a malformed header quotes
// the header. Such texts become reasons, log lines and records.

#include <string>
#include <string_view>

namespace clarion {

// The first line of `said`, up to where it begins to quote a request; words as long as session tokens (100 characters
// and more) as "***".
[[nodiscard]] std::string without_quoted_request(std::string_view said);

// True when `said` holds parts of a signed request.
[[nodiscard]] bool quotes_request(std::string_view said);

}  // namespace clarion
