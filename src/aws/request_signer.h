#pragma once
// RequestSigner: AWS signature version 4 for one set of credentials, region and service.
//
// Algorithm  https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html. The path is
//            encoded a second time, as every service but S3 expects it. The day's key is derived once, and the two
//            hashes that its HMACs begin with are kept.
// Errors     sign() throws only when OpenSSL itself fails, which is a broken installation.
// Threads    not thread-safe: one signer for each executor.

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.h"

namespace clarion {

struct AwsCredentials {
  std::string access_key_id;
  std::string secret_access_key;
  std::string session_token;  // empty for long-lived keys
  bool operator==(const AwsCredentials&) const = default;
};

struct SignedHeader {
  std::string_view name;  // any case; sent as given
  std::string_view value;
};

// One request as it goes on the wire, except the headers that sign() adds.
struct UnsignedRequest {
  std::string_view method;
  std::string_view path = "/";             // percent-encoded, as on the wire, without the query
  std::string_view query = {};             // as on the wire, without "?"
  std::vector<SignedHeader> headers = {};  // every header to sign: host, content-type, x-amz-*
  std::string_view body = {};
};

// The headers to add: X-Amz-Date, X-Amz-Security-Token (when there is one) and Authorization.
struct Signature {
  std::string amz_date;  // "20150830T123600Z"
  std::string authorization;
};

class RequestSigner {
 public:
  RequestSigner(AwsCredentials credentials, std::string region, std::string service);
  ~RequestSigner();
  RequestSigner(RequestSigner&&) noexcept;
  RequestSigner& operator=(RequestSigner&&) noexcept;

  // Signs `request` for the instant `at`; what it returns holds until the next call. The session token is signed as
  // X-Amz-Security-Token; the caller sends it.
  [[nodiscard]] const Signature& sign(const UnsignedRequest& request, WallTime at);

  // The intermediate texts of the last sign(), for tests and for the log of a refused signature: no secret in them.
  [[nodiscard]] const std::string& canonical_request() const { return canonical_; }
  [[nodiscard]] const std::string& string_to_sign() const { return to_sign_; }
  [[nodiscard]] const AwsCredentials& credentials() const { return credentials_; }

 private:
  struct Crypto;
  // Everything of a request that is signed, except its body: the same for nearly all requests of a caller.
  struct Shape {
    std::string method;
    std::string path;
    std::string query;
    std::vector<std::pair<std::string, std::string>> headers;

    void assign(const UnsignedRequest& request);
    [[nodiscard]] bool is_of(const UnsignedRequest& request) const;
  };
  void use_second(WallTime at);
  void use_day(std::string_view date);
  // canonical_ of a request of this shape but for its body's hash, which is the last that it says.
  void use_shape(const UnsignedRequest& request);

  AwsCredentials credentials_;
  std::string region_;
  std::string service_;
  std::unique_ptr<Crypto> crypto_;
  std::chrono::sys_seconds second_ = std::chrono::sys_seconds::max();  // that amz_date of signature_ tells
  std::string day_;                                                    // "20150830", of the key in crypto_
  std::string scope_;                                                  // "20150830/us-east-1/ses/aws4_request"
  // Of the last sign(); what did not change serves the next, and so does their memory.
  Shape shape_;
  std::vector<SignedHeader> lines_;
  std::string signed_headers_;
  std::string canonical_;
  std::size_t date_at_ = 0;  // in canonical_, like the next
  std::size_t hash_at_ = 0;  // of the body; 0: there is no shape yet
  std::string to_sign_;
  Signature signature_;
};

}  // namespace clarion
