#include "aws/sha256_hex.h"

#include <openssl/sha.h>

#include <array>

#include "base/hex.h"

namespace clarion {

std::string sha256_hex(std::string_view bytes) {
  std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
  SHA256(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), digest.data());
  std::string text;
  append_hex(text, digest);
  return text;
}

}  // namespace clarion
