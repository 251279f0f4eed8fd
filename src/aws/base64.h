#pragma once
// Base64 with the standard alphabet and padding (RFC 4648 section 4), by OpenSSL.

#include <string>
#include <string_view>

namespace clarion {

[[nodiscard]] std::string base64_encode(std::string_view bytes);

}  // namespace clarion
