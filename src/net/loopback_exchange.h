#pragma once
// One request to a server on this machine and its answer, over a connection of its own, on the caller's thread.
//
// Memory    the answer's body is handed on in pieces of at most 64 KiB.
// Deadline  none: the server is our own, and an answer may take as long as a campaign.

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "net/http.h"

namespace clarion {

struct LoopbackRequest {
  std::string host;  // an address, not a name
  std::uint16_t port = 0;
  HttpMethod method = HttpMethod::Get;
  std::string target;  // encoded: "/api/campaigns?limit=5"
  std::vector<std::pair<std::string, std::string>> headers = {};
  std::string body = {};
};

// The status of the answer, once `take` has had all of its body. Unavailable when nobody answers at that address, or
// the answer breaks off.
[[nodiscard]] Result<int> exchange_over_loopback(const LoopbackRequest& request,
                                                 const std::function<void(int status, std::string_view piece)>& take);

}  // namespace clarion
