#pragma once
// ApiClient: how a command speaks the HTTP API, to a running server or to the program itself.

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "net/http.h"

namespace clarion {

struct ApiCall {
  HttpMethod method = HttpMethod::Get;
  std::string path;  // "/api/campaigns/x"; path and query values are not encoded
  std::map<std::string, std::string> query = {};
  std::string body = {};
  std::vector<std::pair<std::string, std::string>> headers = {};
  // When set, gets the body of a 2xx answer in pieces and ApiReply::body stays empty.
  std::function<void(std::string_view)> sink = {};
};

struct ApiReply {
  int status = 0;
  std::string body;
  [[nodiscard]] bool is_success() const { return status >= 200 && status < 300; }
};

class ApiClient {
 public:
  virtual ~ApiClient() = default;
  // Any HTTP status is a value. Unavailable when the server cannot be reached or breaks off.
  virtual Result<ApiReply> call(ApiCall call) = 0;
};

// One connection a call to a server on this machine, with `token` where there is one.
[[nodiscard]] std::unique_ptr<ApiClient> make_loopback_client(std::string host, std::uint16_t port, std::string token);

// "/api/x?limit=5", percent-encoded.
[[nodiscard]] std::string encode_target(std::string_view path, const std::map<std::string, std::string>& query);

}  // namespace clarion
