#pragma once
// Leased tokens, each with the time from which and until which it may be used.
//
// Why    a bucket of rate r and burst b mints a token every 1/r and holds it for (b - 1)/r. So whoever uses every token
//        within that time of its own, wherever it is and whatever it holds, keeps all users together to b + r x t in
//        every stretch t: nobody needs to know what the others do.
// Time   passed in. Threads  not thread-safe.

#include <cstdint>
#include <deque>

#include "base/clock.h"

namespace clarion {

// Token i of `count` may be used from first_at + i x spacing on, for `life`.
struct TokenSpan {
  std::int64_t count = 0;
  TimePoint first_at{};
  Duration spacing{};
  Duration life = forever;

  static constexpr Duration forever = std::chrono::hours(24 * 365);
};

class TokenStock {
 public:
  // Spans come in the order of their times.
  void add(const TokenSpan& span);
  // Drops what may no longer be used. A message of more parts than its bucket's burst needs tokens that are all older
  // than the burst allows by the time the last is minted: for `parts` at once they live as long as that takes.
  void forget_expired(TimePoint now, std::int64_t parts = 1);
  [[nodiscard]] std::int64_t held() const { return held_; }  // those for later too
  [[nodiscard]] std::int64_t usable(TimePoint now) const;
  // When `count` of them may be used. REQUIRES: 0 < count <= held().
  [[nodiscard]] TimePoint usable_at(std::int64_t count) const;
  // REQUIRES: count <= usable(now).
  void take(std::int64_t count);
  // Takes a whole span out, the last first; one with count 0 when there is none.
  [[nodiscard]] TokenSpan remove_last();

 private:
  std::deque<TokenSpan> spans_;
  std::int64_t held_ = 0;
};

}  // namespace clarion
