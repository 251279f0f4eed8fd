#include "aws/base64.h"

#include <openssl/evp.h>

namespace clarion {

std::string base64_encode(std::string_view bytes) {
  // OpenSSL writes a final NUL, which std::string has room for beyond its size.
  std::string text((bytes.size() + 2) / 3 * 4, '\0');
  EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()), reinterpret_cast<const unsigned char*>(bytes.data()),
                  static_cast<int>(bytes.size()));
  return text;
}

}  // namespace clarion
