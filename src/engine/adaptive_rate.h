#pragma once
// AdaptiveRate: finds the rate that a carrier takes when it pushes back. One for each origination identity and process.
//
// Tolerated  three refusals in a hundred: they are sent again, and whether they tell of a limit hardly matters.
// Cut        to what the carrier has just accepted, by half at most. A carrier with a limit refuses nothing more then.
// Background a cut and two looks after it that leave the share of refusals where it was show that it does not depend
//            on our rate: the rate goes back to where it was, and that share is expected from then on. It is put to
//            the test again later. A share above a quarter is always taken for a limit.
// Recovery   the shape of CUBIC (RFC 9438), as in the AWS SDKs' adaptive retry mode, in proportion to the rate: back to
//            the last good rate quickly, flat there, then probing, faster the longer nothing is refused.
// Threads    not thread-safe; time is passed in.

#include <cstdint>
#include <optional>

#include "base/clock.h"

namespace clarion {

class AdaptiveRate {
 public:
  // One message's end: accepted or refused for good, or pushed back (throttled, busy, not reachable). What was sent
  // before a cut says nothing about the rate after it.
  void on_answer(TimePoint sent_at, TimePoint now, bool was_pushed_back);
  // One that counted as accepted was sent too fast after all: carriers that take everything at once say so by an event.
  void on_late_push_back(TimePoint sent_at, TimePoint now);
  // Messages per second at most; nullopt while nothing needs holding back. Above `ceiling` the limit is forgotten.
  [[nodiscard]] std::optional<double> limit(TimePoint now, double ceiling);

 private:
  struct Window {
    TimePoint began{};
    std::int64_t answers = 0;
    std::int64_t pushed_back = 0;
  };
  // A cut, and looks after it, with further cuts or without, of which none has shown an effect.
  struct Trial {
    int looks = 0;
    TimePoint began{};
    std::optional<double> rate_before;  // none: there was no limit
    double first_share = 0;
    double later_shares = 0;  // their sum
  };

  [[nodiscard]] bool is_full(TimePoint now) const;
  void close_window(TimePoint now);
  [[nodiscard]] bool is_more_than_expected(const Window& window) const;
  // True when the trial is over: the share does not depend on the rate.
  bool try_background(TimePoint now, double share, bool is_too_much);
  void cut(TimePoint now, double asked, double accepted);
  void set_curve(TimePoint now, double plateau, double rate);
  [[nodiscard]] std::optional<double> curve(TimePoint now) const;

  Window window_;
  Trial trial_;
  double background_ = 0;  // share of refusals that does not depend on the rate
  TimePoint test_again_at_{};
  // Set while limiting: the curve's plateau, when it was cut, and how long until the plateau is reached again.
  std::optional<double> plateau_;
  TimePoint cut_at_{};
  double seconds_to_plateau_ = 0;
};

}  // namespace clarion
