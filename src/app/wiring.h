#pragma once
// Wiring: the one place that names concrete classes: stores, carriers, the engine and its parts.
//
// Threads  everything here that moves lives on the engine's executor; the stores may be called from anywhere.

#include <boost/asio/any_io_executor.hpp>

#include <memory>
#include <string>

#include "api/api_context.h"
#include "app/live_audience.h"
#include "app/sending.h"
#include "app/settings.h"
#include "base/clock.h"
#include "base/result.h"

namespace clarion {

class Wiring {
 public:
  // Opens the data directory of `settings`. Conflict when another process has it.
  // REQUIRES: engine_executor outlives this.
  static Result<std::unique_ptr<Wiring>> open(const Settings& settings, asio::any_io_executor engine_executor);
  ~Wiring();  // REQUIRES: stop() has returned when start() was called

  // What the HTTP resources work with; `process_metrics` is left to the caller.
  [[nodiscard]] ApiContext api_context();
  [[nodiscard]] LiveAudience& audience();
  [[nodiscard]] Clock& clock();
  [[nodiscard]] TokenStore& tokens();
  [[nodiscard]] SendMetrics& sends();

  // Whoever sends applies carriers' events from now on; simulated ones are in any case.
  // Call from the engine's executor, as stop().
  Task<Result<void>> start(Sending sending);
  // Stops claiming, waits for sends under way until the deadline, records them.
  Task<void> stop(TimePoint deadline);

 private:
  struct Parts;
  explicit Wiring(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace clarion
