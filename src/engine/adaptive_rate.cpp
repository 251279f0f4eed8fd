#include "engine/adaptive_rate.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "engine/waits.h"

namespace clarion {
namespace {

using namespace std::chrono_literals;

// A window ends with enough answers to judge by, and not sooner than a carrier's bucket has told us anything.
constexpr Duration shortest_window = 250ms;
constexpr Duration longest_window = 5s;
constexpr std::int64_t enough_answers = 160;
constexpr std::int64_t enough_pushed_back = 8;
constexpr std::int64_t least_pushed_back = 2;  // one refusal among a few answers is no evidence about the rate
constexpr double tolerated = 0.03;             // share of refusals that costs less than holding back would
constexpr double deviations = 3;               // beyond what is expected: less than that is chance
constexpr int looks_of_a_trial = 3;
constexpr double unchanged = 0.5;         // of the first share, what the later ones still are at least
constexpr double most_background = 0.25;  // of the answers
constexpr Duration least_trust = 10s;     // in a background, until it is tried again
constexpr int trust_in_trials = 20;       // or so many times as long as the trial took
constexpr double margin = 0.97;           // below what was accepted, to get off the limit's edge
constexpr double least_rate = 0.5;        // messages per second: enough to notice that the carrier is back
constexpr double curve_seconds = 11;      // a tenth more 5 s after the plateau, twice as much after 10 s

}  // namespace

void AdaptiveRate::on_answer(TimePoint sent_at, TimePoint now, bool was_pushed_back) {
  if (plateau_ && sent_at < cut_at_) return;
  // An old beginning is from before a rest: a rate measured over it would be none.
  if (window_.answers == 0 || now - window_.began > 2 * longest_window) window_ = {.began = now};
  ++window_.answers;
  if (was_pushed_back) ++window_.pushed_back;
  if (is_full(now)) close_window(now);
}

void AdaptiveRate::on_late_push_back(TimePoint sent_at, TimePoint now) {
  const bool is_of_this_window = window_.pushed_back < window_.answers;
  if ((plateau_ && sent_at < cut_at_) || !is_of_this_window) return;
  ++window_.pushed_back;
  if (is_full(now)) close_window(now);
}

bool AdaptiveRate::is_full(TimePoint now) const {
  const Duration age = now - window_.began;
  if (window_.answers == 0 || age < shortest_window) return false;
  return window_.answers >= enough_answers || window_.pushed_back >= enough_pushed_back || age >= longest_window;
}

void AdaptiveRate::close_window(TimePoint now) {
  const Window window = std::exchange(window_, {});
  if (background_ > 0 && now >= test_again_at_) background_ = 0;
  const double share = static_cast<double>(window.pushed_back) / static_cast<double>(window.answers);
  const bool is_too_much = is_more_than_expected(window);
  // Once a cut is being tried, a window that alone would be no reason for one still says whether it has helped.
  if ((is_too_much || trial_.looks > 0) && try_background(now, share, is_too_much)) return;
  if (!is_too_much) return;
  const double elapsed = std::max(seconds(shortest_window), seconds(now - window.began));
  const double asked = static_cast<double>(window.answers) / elapsed;
  const double accepted = static_cast<double>(window.answers - window.pushed_back) / elapsed;
  cut(now, asked, accepted);
}

bool AdaptiveRate::is_more_than_expected(const Window& window) const {
  const double share = std::max(background_, tolerated);
  const double expected = share * static_cast<double>(window.answers);
  const double chance = deviations * std::sqrt(expected * (1 - share));
  return window.pushed_back >= least_pushed_back && static_cast<double>(window.pushed_back) > expected + chance;
}

bool AdaptiveRate::try_background(TimePoint now, double share, bool is_too_much) {
  if (share > most_background) {
    trial_ = {};
    return false;
  }
  if (trial_.looks > 0 && share < unchanged * trial_.first_share) {  // the last cut has helped
    trial_ = {};
    if (!is_too_much) return false;
  }
  if (trial_.looks == 0) {
    trial_ = {.looks = 1, .began = now, .rate_before = curve(now), .first_share = share};
    return false;
  }
  ++trial_.looks;
  trial_.later_shares += share;
  if (trial_.looks < looks_of_a_trial) return false;
  background_ = (trial_.first_share + trial_.later_shares) / trial_.looks;
  test_again_at_ = now + std::max<Duration>(least_trust, (now - trial_.began) * trust_in_trials);
  if (trial_.rate_before) {
    set_curve(now, *trial_.rate_before, *trial_.rate_before);
  } else {
    plateau_.reset();
  }
  trial_ = {};
  return true;
}

void AdaptiveRate::cut(TimePoint now, double asked, double accepted) {
  const double before = std::max(least_rate, std::min(asked, curve(now).value_or(asked)));
  const double taken = accepted / (1 - background_);
  if (taken * margin > before / 2) {
    set_curve(now, taken, std::min(before, taken * margin));
  } else if (before / 2 > least_rate) {
    set_curve(now, before, before / 2);
  } else {
    set_curve(now, least_rate, least_rate);
  }
}

void AdaptiveRate::set_curve(TimePoint now, double plateau, double rate) {
  plateau_ = plateau;
  cut_at_ = now;
  seconds_to_plateau_ = curve_seconds * std::cbrt(std::max(0.0, 1 - rate / plateau));
}

std::optional<double> AdaptiveRate::curve(TimePoint now) const {
  if (!plateau_) return std::nullopt;
  const double x = std::pow((seconds(now - cut_at_) - seconds_to_plateau_) / curve_seconds, 3);
  return std::max(least_rate, *plateau_ * (x < 0 ? 1 + x : std::exp(x)));
}

std::optional<double> AdaptiveRate::limit(TimePoint now, double ceiling) {
  if (is_full(now)) close_window(now);
  const auto rate = curve(now);
  if (rate && *rate >= ceiling && seconds(now - cut_at_) > seconds_to_plateau_) {
    plateau_.reset();
    return std::nullopt;
  }
  return rate;
}

}  // namespace clarion
