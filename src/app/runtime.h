#pragma once
// Runtime: the wired program while it runs: stores, engine, router, servers and their threads.
//
// Threads  one for the engine, one for each HTTP worker; start() and stop() are called from the main thread.

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "app/api_client.h"
#include "app/sending.h"
#include "app/settings.h"
#include "base/result.h"
#include "net/http.h"

namespace clarion {

class Runtime {
 public:
  // Takes the data directory, which a command may hold for a moment, and opens everything in it. Invalid, Conflict,
  // Denied or Unavailable with what to change.
  static Result<std::unique_ptr<Runtime>> start(const Settings& settings, Sending sending);
  ~Runtime();  // stops, when nobody has

  [[nodiscard]] std::uint16_t port() const;  // 0 when it does not listen
  [[nodiscard]] const Router& router() const;
  [[nodiscard]] std::string contacts_source() const;  // where the contacts were read from
  [[nodiscard]] std::size_t contacts_count() const;
  // Asks the router directly, without a socket. REQUIRES: used before stop().
  [[nodiscard]] std::unique_ptr<ApiClient> make_client();
  // Writes what is sent from now on as CloudWatch metrics (emf_reporter.h), every minute and when it stops; `write` is
  // called on another thread. Call once.
  void report_sends(std::function<void(std::string_view)> write);
  // Stops accepting, lets requests and sends under way end, records them, and joins the threads.
  void stop();

 private:
  struct State;
  explicit Runtime(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace clarion
