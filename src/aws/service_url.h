#pragma once
// ServiceUrl: an http or https address somebody configured, split into what a connection and a request line need.

#include <string>
#include <string_view>

#include "base/result.h"
#include "ports/http_transport.h"

namespace clarion {

struct ServiceUrl {
  HttpOrigin origin;
  std::string path;  // "/ses", without trailing slash; empty: none
  std::string query;
};

// "http://127.0.0.1:4566/ses". Invalid, with a sentence about `name` (a variable or key), when it is no such URL, or
// carries a user, a password or a fragment.
[[nodiscard]] Result<ServiceUrl> parse_service_url(std::string_view name, std::string_view url);

}  // namespace clarion
