#pragma once
// LiveQuota: what a provider allows one sender, asked again every few minutes. The last answer stands while the
// provider cannot be asked, and says how old it is: no limit at all would be worse than an old one.
//
// Threads  one executor.

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "base/alarm.h"
#include "base/clock.h"
#include "base/hash.h"
#include "base/result.h"
#include "base/task.h"
#include "ports/channel_sender.h"

namespace clarion {

class LiveQuota {
 public:
  // Asks the provider once. `source` of the answer names what was asked: "SES GetAccount". nullopt: no limit known.
  using Ask = std::function<Task<Result<std::optional<SenderQuota>>>()>;

  static constexpr std::chrono::minutes period{5};
  static constexpr std::chrono::seconds first_retry{15};  // doubled up to the period while asking fails

  // `seed` spreads the moments at which several processes ask.
  LiveQuota(Clock& clock, Ask ask, std::uint64_t seed = 1);

  // The last answer; its source carries when it came, "SES GetAccount 2026-11-22T10:00Z", and once asking has failed
  // how old it is. nullopt before the first answer.
  [[nodiscard]] const std::optional<SenderQuota>& current() const { return current_; }
  // Asks until cancelled.
  Task<void> run();
  // Returns once the provider was asked, whatever came of it, or at `deadline`. REQUIRES: one waiter; run() runs.
  Task<void> wait_for_first(TimePoint deadline);

 private:
  void take(std::optional<SenderQuota> answer);
  void keep(const Error& error);
  [[nodiscard]] Duration next_pause();

  Clock& clock_;
  Ask ask_;
  SeededRandom random_;
  std::optional<SenderQuota> current_;
  std::string told_;  // source of current_ without its age
  TimePoint told_at_{};
  std::int32_t failures_ = 0;  // in a row
  bool has_asked_ = false;
  Alarm first_;
};

}  // namespace clarion
