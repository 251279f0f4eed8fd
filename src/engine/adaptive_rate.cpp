#include "engine/adaptive_rate.h"

#include <algorithm>
#include <cmath>

namespace clarion {
namespace {

constexpr Duration window = std::chrono::milliseconds(250);
constexpr double least_rate = 0.5;  // messages per second: enough to notice that the carrier is back
constexpr double smoothing = 0.25;  // of the share of refusals, per window
constexpr double enough_share = 0.3;
constexpr double steepness = 0.4;  // C of RFC 9438

double seconds(Duration span) {
  return std::chrono::duration<double>(span).count();
}

}  // namespace

void AdaptiveRate::on_answer(TimePoint now, bool was_pushed_back) {
  if (answers_ == 0) {
    if (!was_pushed_back && !plateau_ && share_ == 0) return;  // nothing to learn while all is well
    window_start_ = now;
  }
  ++answers_;
  if (was_pushed_back) ++pushed_back_;
  if (now - window_start_ >= window) close_window(now);
}

void AdaptiveRate::close_window(TimePoint now) {
  const double measured = static_cast<double>(answers_) / std::max(seconds(window), seconds(now - window_start_));
  const double refused = static_cast<double>(pushed_back_) / static_cast<double>(answers_);
  share_ += smoothing * (refused - share_);
  if (share_ < 1e-3) share_ = 0;
  // One refusal among a few answers is no evidence about the rate; two in a window, or many windows of them, are.
  if (pushed_back_ >= 2 || (pushed_back_ > 0 && share_ > enough_share)) {
    double before = measured;
    if (plateau_) {
      const double since_plateau = seconds(now - cut_at_) - seconds_to_plateau_;
      before = std::min(measured, *plateau_ + steepness * std::pow(since_plateau, 3));
    }
    before = std::max(before, least_rate);
    const double cut = before * share_ / 2;
    plateau_ = before;
    cut_at_ = now;
    seconds_to_plateau_ = std::cbrt(cut / steepness);
  }
  answers_ = 0;
  pushed_back_ = 0;
}

std::optional<double> AdaptiveRate::limit(TimePoint now, double ceiling) {
  if (answers_ > 0 && now - window_start_ >= window) close_window(now);
  if (!plateau_) return std::nullopt;
  const double since_plateau = seconds(now - cut_at_) - seconds_to_plateau_;
  const double rate = std::max(least_rate, *plateau_ + steepness * std::pow(since_plateau, 3));
  if (rate >= ceiling && since_plateau > 0) {
    plateau_.reset();
    return std::nullopt;
  }
  return rate;
}

}  // namespace clarion
