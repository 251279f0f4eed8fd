#pragma once
// The slow hash under which the secret half of a token is stored.
//
// Algorithm  scrypt (RFC 7914). A token's secret has 256 random bits, so nobody could try them all against a fast hash
//            either; the slow one is for the day on which somebody stores a secret of their own choosing.
// Cost       N = 2^14, r = 8, p = 5: 16 MiB, a few tenths of a second. One of the equal settings of the OWASP Password
//            Storage Cheat Sheet (2025-06), the one with the least memory, because the server computes it too.
// Form       "$scrypt$ln=14,r=8,p=5$<salt>$<hash>", so that the cost can be raised and old hashes still be checked. The
//            characters of <salt> are the salt; <hash> is base64url.
// Threads    pure; it takes long, so never on an event loop.

#include <string>
#include <string_view>

namespace clarion {

struct ScryptCost {
  unsigned log2_n = 14;
  unsigned block_size = 8;   // r
  unsigned parallelism = 5;  // p
};

// With a salt of its own each time. Throws std::runtime_error when OpenSSL cannot.
[[nodiscard]] std::string hash_secret(std::string_view secret, const ScryptCost& cost = {});
// False also for a hash that is not of the form above, or whose cost is beyond 64 MiB or p = 16.
[[nodiscard]] bool matches_hash(std::string_view secret, std::string_view hash);

}  // namespace clarion
