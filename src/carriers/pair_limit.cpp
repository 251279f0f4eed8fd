#include "carriers/pair_limit.h"

namespace clarion {

void PairLimit::forget_oldest() {
  const Turn& oldest = turns_.front();
  // Not one that was given back and taken again since.
  if (const auto known = last_.find(oldest.recipient); known != last_.end() && known->second == oldest.at) {
    last_.erase(known);
  }
  turns_.pop_front();
}

Duration PairLimit::take_or_wait(std::string_view recipient, TimePoint now) {
  if (gap_ <= Duration::zero()) return Duration::zero();
  while (!turns_.empty() && turns_.front().at + gap_ <= now) forget_oldest();
  const auto [place, is_new] = last_.try_emplace(std::string(recipient), now);
  if (!is_new) return place->second + gap_ - now;
  turns_.push_back({place->first, now});
  if (turns_.size() > most_) forget_oldest();
  return Duration::zero();
}

}  // namespace clarion
