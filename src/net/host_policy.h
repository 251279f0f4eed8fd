#pragma once
// HostPolicy: which names a server answers to, and which pages may call it.
//
// A server on a person's own machine is reachable from every web page in that person's browser. Two checks keep them
// out: the Host must be a name of this machine (DNS rebinding puts a foreign name there), and an Origin, which
// browsers always send across sites, must be the server's own.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace clarion {

class HostPolicy {
 public:
  // Answers to every name and every page. For tests.
  static HostPolicy any();
  // Answers to every name, and to pages from the same address or from `origins`. For servers that ask for a token.
  static HostPolicy any_host(std::vector<std::string> origins = {});
  // Answers to localhost, 127.0.0.1, [::1] and `hosts` (names without port), and to pages from the same address or
  // from `origins` ("https://clarion.example.com").
  static HostPolicy local(std::vector<std::string> hosts = {}, std::vector<std::string> origins = {});

  // Denied, with the sentence to answer, when the request must not be served.
  [[nodiscard]] Result<void> check(std::optional<std::string_view> host, std::optional<std::string_view> origin) const;

 private:
  bool checks_host_ = false;
  bool checks_origin_ = false;
  std::vector<std::string> hosts_;
  std::vector<std::string> origins_;
};

// "localhost:5000" -> "localhost"; "[::1]:5000" -> "[::1]"; lower case. nullopt when it is not a host and port.
[[nodiscard]] std::optional<std::string> host_name_of(std::string_view host_header);

}  // namespace clarion
