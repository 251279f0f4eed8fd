#include "fakes/scripted_sender.h"

#include <algorithm>

namespace clarion::testing {

Task<SendOutcome> ScriptedSender::send(const Message& message) {
  sent.push_back({clock_.now(), message.contact_id, message.attempt, message.parts});
  most_under_way = std::max(most_under_way, ++under_way);
  if (latency > Duration::zero()) {
    try {
      co_await clock_.sleep_for(latency);
    } catch (...) {
      --under_way;
      throw;
    }
  }
  --under_way;
  if (answer) co_return answer(message);
  co_return Accepted{.provider_id = "p-" + to_string(message.attempt), .parts = message.parts, .cost = {}};
}

std::int64_t ScriptedSender::count_between(TimePoint from, TimePoint to) const {
  return std::ranges::count_if(sent, [&](const Sent& one) { return one.at >= from && one.at < to; });
}

std::int64_t ScriptedSender::most_in_any(Duration window, TimePoint from) const {
  std::int64_t most = 0;
  std::size_t end = 0;
  for (std::size_t begin = 0; begin < sent.size(); ++begin) {
    if (sent[begin].at < from) continue;
    end = std::max(end, begin);
    while (end < sent.size() && sent[end].at < sent[begin].at + window) ++end;
    most = std::max(most, static_cast<std::int64_t>(end - begin));
  }
  return most;
}

std::map<std::string, int> ScriptedSender::per_contact() const {
  std::map<std::string, int> counts;
  for (const Sent& one : sent) ++counts[one.contact_id];
  return counts;
}

}  // namespace clarion::testing
