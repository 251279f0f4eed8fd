#include "access/secret_hash.h"

#include <fmt/format.h>
#include <openssl/core_names.h>
#include <openssl/kdf.h>
#include <openssl/params.h>

#include <array>
#include <charconv>
#include <cstdint>
#include <memory>
#include <optional>
#include <stdexcept>

#include "access/digest.h"

namespace clarion {
namespace {

constexpr std::size_t salt_bytes = 16;
constexpr std::size_t hash_bytes = 32;
constexpr std::uint64_t most_memory = std::uint64_t{64} * 1024 * 1024;
constexpr unsigned most_parallelism = 16;

bool is_affordable(const ScryptCost& cost) {
  if (cost.log2_n < 1 || cost.log2_n > 20 || cost.block_size < 1 || cost.block_size > 32) return false;
  const std::uint64_t memory = (std::uint64_t{128} * cost.block_size) << cost.log2_n;
  return memory <= most_memory && cost.parallelism >= 1 && cost.parallelism <= most_parallelism;
}

struct FreeKdf {
  void operator()(EVP_KDF* kdf) const { EVP_KDF_free(kdf); }
  void operator()(EVP_KDF_CTX* context) const { EVP_KDF_CTX_free(context); }
};

std::string scrypt(std::string_view secret, std::string_view salt, const ScryptCost& cost) {
  const std::unique_ptr<EVP_KDF, FreeKdf> kdf(EVP_KDF_fetch(nullptr, "SCRYPT", nullptr));
  const std::unique_ptr<EVP_KDF_CTX, FreeKdf> context(kdf ? EVP_KDF_CTX_new(kdf.get()) : nullptr);
  std::string pass(secret);
  std::string salted(salt);
  std::uint64_t n = std::uint64_t{1} << cost.log2_n;
  std::uint32_t r = cost.block_size;
  std::uint32_t p = cost.parallelism;
  std::uint64_t memory = most_memory * 2;  // OpenSSL counts a little more than the big block
  const std::array<OSSL_PARAM, 7> parameters{
      OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_PASSWORD, pass.data(), pass.size()),
      OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_SALT, salted.data(), salted.size()),
      OSSL_PARAM_construct_uint64(OSSL_KDF_PARAM_SCRYPT_N, &n),
      OSSL_PARAM_construct_uint32(OSSL_KDF_PARAM_SCRYPT_R, &r),
      OSSL_PARAM_construct_uint32(OSSL_KDF_PARAM_SCRYPT_P, &p),
      OSSL_PARAM_construct_uint64(OSSL_KDF_PARAM_SCRYPT_MAXMEM, &memory),
      OSSL_PARAM_construct_end()};
  std::array<unsigned char, hash_bytes> hash{};
  const bool is_done = context && EVP_KDF_derive(context.get(), hash.data(), hash.size(), parameters.data()) == 1;
  OPENSSL_cleanse(pass.data(), pass.size());
  if (!is_done) throw std::runtime_error("OpenSSL could not compute scrypt");
  return base64url({reinterpret_cast<const char*>(hash.data()), hash.size()});
}

// Takes `before` and the number after it off the front of `text`.
std::optional<unsigned> take_number(std::string_view& text, std::string_view before) {
  unsigned number = 0;
  if (!text.starts_with(before)) return std::nullopt;
  text.remove_prefix(before.size());
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{}) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return number;
}

}  // namespace

std::string hash_secret(std::string_view secret, const ScryptCost& cost) {
  if (!is_affordable(cost)) throw std::runtime_error("a cost of scrypt that no check would accept");
  const std::string salt = base64url(random_bytes(salt_bytes));
  return fmt::format("$scrypt$ln={},r={},p={}${}${}", cost.log2_n, cost.block_size, cost.parallelism, salt,
                     scrypt(secret, salt, cost));
}

bool matches_hash(std::string_view secret, std::string_view hash) {
  const auto n = take_number(hash, "$scrypt$ln=");
  const auto r = take_number(hash, ",r=");
  const auto p = take_number(hash, ",p=");
  if (!n || !r || !p || !hash.starts_with('$')) return false;
  const ScryptCost cost{.log2_n = *n, .block_size = *r, .parallelism = *p};
  const auto middle = hash.find('$', 1);
  if (middle == std::string_view::npos || !is_affordable(cost)) return false;
  const std::string computed = scrypt(secret, hash.substr(1, middle - 1), cost);
  return equals_in_constant_time(computed, hash.substr(middle + 1));
}

}  // namespace clarion
