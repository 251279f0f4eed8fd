#pragma once
// CorsPolicy: which pages of other sites a browser may let read our answers (WHATWG Fetch, "HTTP extensions").
//
// Off unless origins are listed. No cookie is ever allowed: who calls shows a token. The origin's own check, which
// refuses what is not listed, is HostPolicy's.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "net/http.h"

namespace clarion {

class CorsPolicy {
 public:
  // `origins` as parse_origins() gives them.
  explicit CorsPolicy(std::vector<std::string> origins = {}) : origins_(std::move(origins)) {}

  // What the request says that the answer depends on; kept while the request is handled.
  struct Asked {
    std::string origin;
    bool is_preflight = false;
  };
  [[nodiscard]] Asked read(const HttpRequest& request) const;
  // Adds what the browser needs; Vary too, so that no cache gives one site's answer to another.
  void add_headers(const Asked& asked, HttpResponse& response) const;

 private:
  std::vector<std::string> origins_;
};

// "https://a.example, http://localhost:5173" -> the list, in lower case. Invalid, with what to write instead, for "*",
// "null", a path or anything else that is not scheme, host and port.
[[nodiscard]] Result<std::vector<std::string>> parse_origins(std::string_view text);

}  // namespace clarion
