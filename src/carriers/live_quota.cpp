#include "carriers/live_quota.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/log.h"

namespace clarion {
namespace {

using std::chrono::milliseconds;

// "42 min", "3 h": rounded down.
std::string age_text(Duration age) {
  const auto minutes = std::chrono::duration_cast<std::chrono::minutes>(age).count();
  return minutes < 120 ? fmt::format("{} min", minutes) : fmt::format("{} h", minutes / 60);
}

}  // namespace

LiveQuota::LiveQuota(Clock& clock, Ask ask, std::uint64_t seed)
    : clock_(clock), ask_(std::move(ask)), random_(seed), first_(clock) {}

void LiveQuota::take(std::optional<SenderQuota> answer) {
  failures_ = 0;
  told_at_ = clock_.now();
  if (answer) {
    // Minutes are enough, and read better.
    told_ = fmt::format("{} {}Z", answer->source, format_iso8601(clock_.wall_now()).substr(0, 16));
    if (!current_ || current_->per_second != answer->per_second) {
      log_info("provider_quota", {{"source", std::string_view(answer->source)}, {"per_second", answer->per_second}});
    }
    answer->source = told_;
  }
  current_ = std::move(answer);
}

void LiveQuota::keep(const Error& error) {
  // Once for each outage: it is asked again every few minutes.
  if (failures_++ == 0) {
    log_warn("provider_quota_not_read", {{"standing", current_ ? std::string_view(told_) : std::string_view("none")},
                                         {"error", std::string_view(error.message)}});
  }
  if (current_) current_->source = fmt::format("{}, {} old", told_, age_text(clock_.now() - told_at_));
}

Duration LiveQuota::next_pause() {
  const int doublings = std::clamp(failures_ - 1, 0, 10);
  const milliseconds pause = failures_ == 0
                                 ? milliseconds(period)
                                 : std::min<milliseconds>(period, milliseconds(first_retry) * (1 << doublings));
  // Between 90 and 100 percent, so that processes that started together drift apart.
  return std::chrono::duration_cast<Duration>(pause * (0.9 + 0.1 * random_.uniform()));
}

Task<void> LiveQuota::run() {
  for (;;) {
    auto answer = co_await ask_();
    if (answer) {
      take(std::move(*answer));
    } else {
      keep(answer.error());
    }
    if (!std::exchange(has_asked_, true)) first_.ring();
    co_await clock_.sleep_for(next_pause());
  }
}

Task<void> LiveQuota::wait_for_first(TimePoint deadline) {
  if (!has_asked_) co_await first_.sleep_until(deadline);
}

}  // namespace clarion
