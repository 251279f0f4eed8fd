#pragma once
// Base64 with the standard alphabet and padding (RFC 4648 section 4), by OpenSSL.

#include <optional>
#include <string>
#include <string_view>

namespace clarion {

[[nodiscard]] std::string base64_encode(std::string_view bytes);
// nullopt when `text` is not base64 with its padding.
[[nodiscard]] std::optional<std::string> base64_decode(std::string_view text);

}  // namespace clarion
