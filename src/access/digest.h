#pragma once
// SHA-256, random bytes and base64url, by OpenSSL; and a comparison whose time tells nothing.

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

namespace clarion {

using Digest = std::array<unsigned char, 32>;
[[nodiscard]] Digest sha256(std::string_view bytes);

// From the system's generator. Throws std::runtime_error when there are none: nothing secret may be made then.
[[nodiscard]] std::string random_bytes(std::size_t count);

// RFC 4648 section 5, without padding.
[[nodiscard]] std::string base64url(std::string_view bytes);

// Equal content, found in a time that depends on the lengths only.
[[nodiscard]] bool equals_in_constant_time(std::string_view a, std::string_view b);

}  // namespace clarion
