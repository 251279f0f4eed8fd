#pragma once
// PairLimit: at most one message to one recipient in a while, as WhatsApp limits each pair of numbers.
// No clock, no I/O.
//
// Bounds   recipients are forgotten when their time has passed, and the oldest when there are more than
//          `most`: then the carrier may refuse, which its events say.
// Threads  not thread-safe.

#include <deque>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/clock.h"

namespace clarion {

class PairLimit {
 public:
  // A gap of zero limits nobody.
  explicit PairLimit(Duration gap, std::size_t most = 65'536) : gap_(gap), most_(most) {}

  // Takes this recipient's turn and returns zero, or takes nothing and returns how long until it comes.
  [[nodiscard]] Duration take_or_wait(std::string_view recipient, TimePoint now);
  // What the turn was taken for was not accepted.
  void give_back(std::string_view recipient) { last_.erase(std::string(recipient)); }
  [[nodiscard]] std::size_t size() const { return last_.size(); }

 private:
  struct Turn {
    std::string recipient;
    TimePoint at{};
  };
  void forget_oldest();

  Duration gap_;
  std::size_t most_;
  std::unordered_map<std::string, TimePoint> last_;
  std::deque<Turn> turns_;  // oldest first; those given back too
};

}  // namespace clarion
