#pragma once
// AwsReader: calls that may be repeated, repeated as the AWS SDKs do: reads, and writes whose second time changes
// nothing. Sends never go through it.
//
// Algorithm  standard retry mode, the rules of 2026: 3 attempts; full jitter up to min(20 s, base x 2^i) with a base of
//            50 ms after a fault and 1 s when throttled; a bucket of 500 tokens that faults pay 14 and throttles 5
//            from, so that a broken service is not asked three times by everybody.
//            https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html
// Pace       with least_gap, calls begin at least so far apart: many reads are limited to 1 request/s.
// Threads    one executor; many calls at once.

#include <boost/json/value.hpp>

#include <chrono>
#include <cstdint>
#include <string_view>

#include "aws/aws_caller.h"
#include "aws/aws_failures.h"
#include "base/clock.h"
#include "base/hash.h"
#include "base/result.h"

namespace clarion {

enum class Repeatable : std::uint8_t {
  Always,          // a read, or a write that may happen twice
  WhenNotAccepted  // only after proof that nothing happened: not sent, or throttled
};

class AwsReader {
 public:
  struct Deps {
    AwsCaller& caller;
    Clock& clock;
    std::uint64_t seed = 1;                  // of the jitter
    std::chrono::milliseconds least_gap{0};  // between the beginnings of two requests

    [[nodiscard]] Deps once_a_second() const {
      Deps slower = *this;
      slower.least_gap = std::chrono::seconds(1);
      return slower;
    }
  };
  explicit AwsReader(Deps deps);

  Task<std::expected<AwsReply, AwsFailure>> call(AwsRequest request, Repeatable repeatable = Repeatable::Always);
  // The reply as JSON; the error names `operation` as policies do: "sms-voice:DescribePools".
  Task<Result<boost::json::value>> read(std::string_view operation, AwsRequest request);

  [[nodiscard]] std::int64_t retry_tokens() const { return retry_tokens_; }

 private:
  Task<void> wait_for_turn();
  [[nodiscard]] Duration pause_before(int retry, AwsRetry kind, const AwsFailure& failure);

  Deps deps_;
  SeededRandom random_;
  std::int64_t retry_tokens_;
  TimePoint next_turn_{};
};

}  // namespace clarion
