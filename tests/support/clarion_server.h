#pragma once
// ClarionServer: `clarion serve` of the built program on a free port, with demo contacts and quick carriers.

#include <boost/json.hpp>

#include <map>
#include <string>
#include <string_view>

#include "support/clarion_process.h"
#include "support/http_client.h"

namespace clarion::testing {

class ClarionServer {
 public:
  // Settings in `environment` win over the quick ones.
  explicit ClarionServer(const std::string& binary, std::map<std::string, std::string> environment = {});

  [[nodiscard]] std::uint16_t port() const { return port_; }
  [[nodiscard]] ClarionProcess& process() { return *process_; }
  [[nodiscard]] const std::filesystem::path& directory() const { return directory_.path(); }
  // The environment that commands need to find this server's data.
  [[nodiscard]] const std::map<std::string, std::string>& environment() const { return environment_; }
  // SIGTERM, and its exit code.
  int stop();

  HttpReply get(std::string_view path) const { return http_get(port_, path); }
  HttpReply post(std::string_view path, std::string_view body, HttpHeaders headers = {}) const {
    return http_post(port_, path, body, std::move(headers));
  }

 private:
  ScratchDirectory directory_;
  std::map<std::string, std::string> environment_;
  std::unique_ptr<ClarionProcess> process_;
  std::uint16_t port_ = 0;
};

// The reply's JSON object; an empty one, and a test failure, when it is none.
boost::json::object object_of(const HttpReply& reply);
// "results.by_channel.sms.sent" of a document; null when there is no such member.
boost::json::value at_path(const boost::json::object& object, std::string_view path);

}  // namespace clarion::testing
