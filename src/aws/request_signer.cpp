#include "aws/request_signer.h"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <stdexcept>

#include "aws/canonical_uri.h"

namespace clarion {
namespace {

using Digest = std::array<unsigned char, 32>;

void require(bool ok, const char* what) {
  if (!ok) throw std::runtime_error(std::string("OpenSSL cannot compute ") + what);
}

const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

void append_hex(std::string& out, const Digest& digest) {
  constexpr std::string_view digits = "0123456789abcdef";
  for (const unsigned char byte : digest) {
    out += digits[byte >> 4U];
    out += digits[byte & 15U];
  }
}

// "20150830T123600Z".
std::array<char, 16> amz_date_of(WallTime at) {
  const auto day = std::chrono::floor<std::chrono::days>(at);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss time(std::chrono::floor<std::chrono::seconds>(at - day));
  std::array<char, 16> text{};
  std::size_t next = 0;
  const auto put = [&](unsigned value, std::size_t width) {
    for (std::size_t i = width; i-- > 0; value /= 10) text[next + i] = static_cast<char>('0' + value % 10);
    next += width;
  };
  put(static_cast<unsigned>(static_cast<int>(date.year())), 4);
  put(static_cast<unsigned>(date.month()), 2);
  put(static_cast<unsigned>(date.day()), 2);
  text[next++] = 'T';
  put(static_cast<unsigned>(time.hours().count()), 2);
  put(static_cast<unsigned>(time.minutes().count()), 2);
  put(static_cast<unsigned>(time.seconds().count()), 2);
  text[next] = 'Z';
  return text;
}

struct HeaderLine {
  std::string name;  // lower case
  std::string_view value;
};

// Trimmed, and every run of spaces inside is one.
void append_header_value(std::string& out, std::string_view value) {
  const auto first = value.find_first_not_of(" \t");
  if (first == std::string_view::npos) return;
  value = value.substr(first, value.find_last_not_of(" \t") - first + 1);
  bool was_space = false;
  for (const char c : value) {
    const bool is_space = c == ' ' || c == '\t';
    if (!is_space || !was_space) out += is_space ? ' ' : c;
    was_space = is_space;
  }
}

}  // namespace

// Handles and contexts are fetched once: fetching costs more than the hash itself.
struct RequestSigner::Crypto {
  EVP_MD* sha256 = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  EVP_MD_CTX* hashing = EVP_MD_CTX_new();
  EVP_MAC* hmac = EVP_MAC_fetch(nullptr, "HMAC", nullptr);
  EVP_MAC_CTX* keyed = nullptr;  // holds the day's key

  Crypto() {
    require(sha256 != nullptr && hashing != nullptr && hmac != nullptr, "SHA-256");
    keyed = new_context();
  }
  ~Crypto() {
    EVP_MAC_CTX_free(keyed);
    EVP_MAC_free(hmac);
    EVP_MD_CTX_free(hashing);
    EVP_MD_free(sha256);
  }
  Crypto(const Crypto&) = delete;
  Crypto& operator=(const Crypto&) = delete;

  EVP_MAC_CTX* new_context() const {
    EVP_MAC_CTX* context = EVP_MAC_CTX_new(hmac);
    require(context != nullptr, "HMAC");
    return context;
  }

  Digest hash(std::string_view text) const {
    Digest digest{};
    unsigned length = 0;
    require(EVP_DigestInit_ex(hashing, sha256, nullptr) == 1 &&
                EVP_DigestUpdate(hashing, text.data(), text.size()) == 1 &&
                EVP_DigestFinal_ex(hashing, digest.data(), &length) == 1,
            "SHA-256");
    return digest;
  }

  void set_key(std::string_view key) const {
    std::array<char, 7> name{'S', 'H', 'A', '2', '5', '6', '\0'};
    const std::array<OSSL_PARAM, 2> parameters{OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, name.data(), 0),
                                               OSSL_PARAM_construct_end()};
    require(EVP_MAC_init(keyed, bytes_of(key), key.size(), parameters.data()) == 1, "HMAC");
  }

  // HMAC of `text` with the key that is set; rewinds first, which keeps the key.
  Digest mac(std::string_view text) const {
    Digest digest{};
    std::size_t length = 0;
    require(EVP_MAC_init(keyed, nullptr, 0, nullptr) == 1 && EVP_MAC_update(keyed, bytes_of(text), text.size()) == 1 &&
                EVP_MAC_final(keyed, digest.data(), &length, digest.size()) == 1,
            "HMAC");
    return digest;
  }
};

RequestSigner::RequestSigner(AwsCredentials credentials, std::string region, std::string service)
    : credentials_(std::move(credentials)),
      region_(std::move(region)),
      service_(std::move(service)),
      crypto_(std::make_unique<Crypto>()) {}

RequestSigner::~RequestSigner() = default;
RequestSigner::RequestSigner(RequestSigner&&) noexcept = default;
RequestSigner& RequestSigner::operator=(RequestSigner&&) noexcept = default;

void RequestSigner::use_day(std::string_view date) {
  if (day_ == date) return;
  std::string key = "AWS4" + credentials_.secret_access_key;
  for (const std::string_view part :
       {date, std::string_view(region_), std::string_view(service_), std::string_view("aws4_request")}) {
    crypto_->set_key(key);
    const Digest derived = crypto_->mac(part);
    key.assign(derived.begin(), derived.end());
  }
  crypto_->set_key(key);
  day_ = date;
  scope_ = day_ + '/' + region_ + '/' + service_ + "/aws4_request";
}

void RequestSigner::write_canonical(const UnsignedRequest& request, std::string_view amz_date) {
  std::vector<HeaderLine> lines;
  lines.reserve(request.headers.size() + 2);
  const auto add = [&lines](std::string_view name, std::string_view value) {
    std::string lower(name);
    std::ranges::transform(lower, lower.begin(),
                           [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    lines.push_back({std::move(lower), value});
  };
  for (const SignedHeader& header : request.headers) add(header.name, header.value);
  add("x-amz-date", amz_date);
  if (!credentials_.session_token.empty()) add("x-amz-security-token", credentials_.session_token);
  // A handful of lines, mostly in order: insertion keeps equal names in theirs and needs no buffer.
  for (auto line = lines.begin(); line != lines.end(); ++line) {
    const auto place =
        std::upper_bound(lines.begin(), line, line->name,
                         [](const std::string& name, const HeaderLine& other) { return name < other.name; });
    std::rotate(place, line, line + 1);
  }

  canonical_.clear();
  signed_headers_.clear();
  canonical_.append(request.method).append(1, '\n');
  append_canonical_path(canonical_, request.path);
  canonical_ += '\n';
  append_canonical_query(canonical_, request.query);
  canonical_ += '\n';
  for (std::size_t i = 0; i < lines.size(); ++i) {
    // Values of one name that comes several times are joined in their order.
    if (i > 0 && lines[i].name == lines[i - 1].name) {
      canonical_.back() = ',';
    } else {
      canonical_.append(lines[i].name).append(1, ':');
      if (!signed_headers_.empty()) signed_headers_ += ';';
      signed_headers_ += lines[i].name;
    }
    append_header_value(canonical_, lines[i].value);
    canonical_ += '\n';
  }
  canonical_.append(1, '\n').append(signed_headers_).append(1, '\n');
  append_hex(canonical_, crypto_->hash(request.body));
}

Signature RequestSigner::sign(const UnsignedRequest& request, WallTime at) {
  const std::array<char, 16> date_text = amz_date_of(at);
  const std::string_view amz_date(date_text.data(), date_text.size());
  use_day(amz_date.substr(0, 8));
  write_canonical(request, amz_date);

  to_sign_.assign("AWS4-HMAC-SHA256\n").append(amz_date).append(1, '\n').append(scope_).append(1, '\n');
  append_hex(to_sign_, crypto_->hash(canonical_));

  Signature signature{.amz_date = std::string(amz_date), .authorization = {}};
  std::string& text = signature.authorization;
  text.reserve(256);
  text.append("AWS4-HMAC-SHA256 Credential=").append(credentials_.access_key_id).append(1, '/').append(scope_);
  text.append(", SignedHeaders=").append(signed_headers_).append(", Signature=");
  append_hex(text, crypto_->mac(to_sign_));
  return signature;
}

}  // namespace clarion
