#pragma once
// MemoryRateFrontier: the frontiers of all workers of a test, with a service between: latency, outages, lost answers.

#include <functional>
#include <map>

#include "base/clock.h"
#include "ports/rate_frontier.h"

namespace clarion::testing {

class MemoryRateFrontier final : public RateFrontier {
 public:
  explicit MemoryRateFrontier(Clock& clock) : clock_(clock) {}

  std::function<Duration()> latency = [] { return Duration::zero(); };  // of each way
  bool is_down = false;
  int moves = 0;  // asked for

  Task<Result<FrontierReply>> begin(std::string key, BucketTime from, std::chrono::nanoseconds by) override {
    return move(std::move(key), from, BucketTime::max(), by, true);
  }
  Task<Result<FrontierReply>> advance(std::string key, BucketTime from, BucketTime to,
                                      std::chrono::nanoseconds by) override {
    return move(std::move(key), from, to, by, false);
  }

 private:
  Task<Result<FrontierReply>> move(std::string key, BucketTime from, BucketTime to, std::chrono::nanoseconds by,
                                   bool is_begin) {
    ++moves;
    co_await clock_.sleep_for(latency());
    if (is_down) co_return fail(ErrorKind::Unavailable, "the table does not answer");
    const auto found = frontiers_.find(key);
    FrontierReply reply;
    if (is_begin ? found == frontiers_.end() || found->second < from
                 : found != frontiers_.end() && found->second >= from && found->second <= to) {
      frontiers_[key] = (is_begin ? from : found->second) + by;
      reply.is_moved = true;
    }
    if (frontiers_.contains(key)) reply.frontier = frontiers_[key];
    co_await clock_.sleep_for(latency());
    co_return reply;
  }

  Clock& clock_;
  std::map<std::string, BucketTime, std::less<>> frontiers_;
};

}  // namespace clarion::testing
