#include "aws/request_signer.h"

#include <openssl/sha.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <span>
#include <stdexcept>

#include "aws/canonical_uri.h"
#include "base/hex.h"

namespace clarion {
namespace {

using Digest = std::array<unsigned char, 32>;

void require(bool ok, const char* what) {
  if (!ok) throw std::runtime_error(std::string("OpenSSL cannot compute ") + what);
}

std::span<const unsigned char> bytes_of(std::string_view text) {
  return {reinterpret_cast<const unsigned char*>(text.data()), text.size()};
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

// A function object, so that algorithms inline it.
constexpr auto to_lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };

bool has_name_before(const SignedHeader& one, const SignedHeader& other) {
  return std::ranges::lexicographical_compare(one.name, other.name, {}, to_lower, to_lower);
}

bool have_one_name(const SignedHeader& one, const SignedHeader& other) {
  return std::ranges::equal(one.name, other.name, {}, to_lower, to_lower);
}

void append_lower(std::string& out, std::string_view name) {
  const std::size_t before = out.size();
  out.append(name);
  const std::span appended(out.begin() + static_cast<std::ptrdiff_t>(before), out.end());
  std::ranges::transform(appended, appended.begin(), to_lower);
}

// Trimmed, and every run of spaces inside is one.
void append_header_value(std::string& out, std::string_view value) {
  const auto first = value.find_first_not_of(" \t");
  if (first == std::string_view::npos) return;
  value = value.substr(first, value.find_last_not_of(" \t") - first + 1);
  if (!value.contains("  ") && !value.contains('\t')) {
    out.append(value);
    return;
  }
  bool was_space = false;
  for (const char c : value) {
    const bool is_space = c == ' ' || c == '\t';
    if (!is_space || !was_space) out += is_space ? ' ' : c;
    was_space = is_space;
  }
}

}  // namespace

// By OpenSSL's plain functions, although version 3 would rather be called through EVP: that allocates four times for
// each HMAC. HMAC is that of RFC 2104, begun with the key of the day once: each message goes on from copies of both
// beginnings.
struct RequestSigner::Crypto {
  SHA256_CTX inner{};
  SHA256_CTX outer{};

  static void begin(SHA256_CTX& context) { require(SHA256_Init(&context) == 1, "SHA-256"); }
  static void add(SHA256_CTX& context, std::span<const unsigned char> bytes) {
    require(SHA256_Update(&context, bytes.data(), bytes.size()) == 1, "SHA-256");
  }
  static Digest end(SHA256_CTX& context) {
    Digest digest{};
    require(SHA256_Final(digest.data(), &context) == 1, "SHA-256");
    return digest;
  }

  static Digest hash(std::string_view text) {
    SHA256_CTX context;
    begin(context);
    add(context, bytes_of(text));
    return end(context);
  }

  void set_key(std::string_view key) {
    std::array<unsigned char, SHA256_CBLOCK> block{};
    if (key.size() > block.size()) {
      const Digest digest = hash(key);
      std::ranges::copy(digest, block.begin());
    } else {
      std::ranges::copy(bytes_of(key), block.begin());
    }
    const auto begin_with = [&block](SHA256_CTX& context, unsigned char pad) {
      std::array<unsigned char, SHA256_CBLOCK> padded{};
      std::ranges::transform(block, padded.begin(), [pad](unsigned char byte) { return byte ^ pad; });
      begin(context);
      add(context, padded);
    };
    begin_with(inner, 0x36);
    begin_with(outer, 0x5c);
  }

  [[nodiscard]] Digest mac(std::string_view text) const {
    SHA256_CTX context = inner;
    add(context, bytes_of(text));
    const Digest digest = end(context);
    context = outer;
    add(context, digest);
    return end(context);
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

void RequestSigner::Shape::assign(const UnsignedRequest& request) {
  method = request.method;
  path = request.path;
  query = request.query;
  headers.clear();
  for (const SignedHeader& header : request.headers) headers.emplace_back(header.name, header.value);
}

bool RequestSigner::Shape::is_of(const UnsignedRequest& request) const {
  return method == request.method && path == request.path && query == request.query &&
         std::ranges::equal(headers, request.headers, [](const auto& mine, const SignedHeader& other) {
           return mine.first == other.name && mine.second == other.value;
         });
}

void RequestSigner::use_shape(const UnsignedRequest& request) {
  const std::string_view amz_date = signature_.amz_date;
  if (hash_at_ != 0 && shape_.is_of(request)) {
    canonical_.resize(hash_at_);
    canonical_.replace(date_at_, amz_date.size(), amz_date);
    return;
  }
  hash_at_ = 0;
  lines_.assign(request.headers.begin(), request.headers.end());
  lines_.push_back({"x-amz-date", amz_date});
  if (!credentials_.session_token.empty()) lines_.push_back({"x-amz-security-token", credentials_.session_token});
  // A handful of lines, mostly in order: insertion keeps equal names in theirs and needs no buffer.
  for (auto line = lines_.begin(); line != lines_.end(); ++line) {
    std::rotate(std::upper_bound(lines_.begin(), line, *line, has_name_before), line, line + 1);
  }

  canonical_.clear();
  signed_headers_.clear();
  canonical_.append(request.method).append(1, '\n');
  append_canonical_path(canonical_, request.path);
  canonical_ += '\n';
  append_canonical_query(canonical_, request.query);
  canonical_ += '\n';
  for (std::size_t i = 0; i < lines_.size(); ++i) {
    // Values of one name that comes several times are joined in their order.
    if (i > 0 && have_one_name(lines_[i], lines_[i - 1])) {
      canonical_.back() = ',';
    } else {
      if (!signed_headers_.empty()) signed_headers_ += ';';
      append_lower(signed_headers_, lines_[i].name);
      append_lower(canonical_, lines_[i].name);
      canonical_ += ':';
    }
    if (lines_[i].value.data() == amz_date.data()) date_at_ = canonical_.size();
    append_header_value(canonical_, lines_[i].value);
    canonical_ += '\n';
  }
  canonical_.append(1, '\n').append(signed_headers_).append(1, '\n');
  shape_.assign(request);
  hash_at_ = canonical_.size();
}

void RequestSigner::use_second(WallTime at) {
  const auto second = std::chrono::floor<std::chrono::seconds>(at);
  if (second_ == second) return;
  const std::array<char, 16> text = amz_date_of(at);
  signature_.amz_date.assign(text.data(), text.size());
  second_ = second;
}

const Signature& RequestSigner::sign(const UnsignedRequest& request, WallTime at) {
  use_second(at);
  const std::string_view amz_date = signature_.amz_date;
  use_day(amz_date.substr(0, 8));
  use_shape(request);
  append_hex(canonical_, crypto_->hash(request.body));

  to_sign_.assign("AWS4-HMAC-SHA256\n").append(amz_date).append(1, '\n').append(scope_).append(1, '\n');
  append_hex(to_sign_, crypto_->hash(canonical_));

  std::string& text = signature_.authorization;
  text.assign("AWS4-HMAC-SHA256 Credential=").append(credentials_.access_key_id).append(1, '/').append(scope_);
  text.append(", SignedHeaders=").append(signed_headers_).append(", Signature=");
  append_hex(text, crypto_->mac(to_sign_));
  return signature_;
}

}  // namespace clarion
