#pragma once
// Session: what a command needs to speak the API: settings that hold, and a server or the program itself to ask.

#include <boost/json.hpp>

#include <functional>
#include <map>
#include <memory>
#include <string>

#include "app/api_client.h"
#include "app/sending.h"
#include "app/settings.h"
#include "base/result.h"

namespace clarion {

// Settings with the flags of one command; every refusal (production, wrong values) is an Error for exit code 2.
// Logs from `log_level` on when CLARION_LOG_LEVEL is not set: a command that prints for a person stays quiet.
[[nodiscard]] Result<Settings> settings_for_command(std::map<std::string, std::string> flags,
                                                    std::string_view log_level = "warn");

class Runtime;

class Session {
 public:
  // Asks the process that holds the data directory; opens the directory itself when none does.
  static Result<std::unique_ptr<Session>> open(Settings settings, Sending sending);
  ~Session();

  [[nodiscard]] ApiClient& api() { return *api_; }
  // Another process does the sending: it goes on when this one ends.
  [[nodiscard]] bool is_remote() const { return runtime_ == nullptr; }
  // No other process can send from the same records.
  [[nodiscard]] bool is_alone() const { return is_alone_; }
  // Ends sends under way, records them and closes. Called by the destructor too.
  void close();

  // One call whose answer is a JSON object. An answer that is not 2xx becomes an Error with the server's sentence.
  [[nodiscard]] Result<boost::json::object> call_json(ApiCall call);

 private:
  Session() = default;
  std::unique_ptr<Runtime> runtime_;
  std::unique_ptr<ApiClient> api_;
  bool is_alone_ = false;
};

// Prints "clarion: <sentence>" to stderr and gives the exit code: 2 for Invalid before anything was done, otherwise 1.
int report(const Error& error);
int report_wrong_use(const Error& error);

}  // namespace clarion
