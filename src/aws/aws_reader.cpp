#include "aws/aws_reader.h"

#include <fmt/format.h>

#include <boost/json/parse.hpp>

#include <algorithm>

#include "aws/standard_retry.h"

namespace clarion {
namespace {

using std::chrono::milliseconds;

constexpr int most_attempts = 3;
constexpr milliseconds fault_base{50};
constexpr milliseconds throttle_base{1000};
constexpr milliseconds most_added_by_service{5000};

std::int64_t cost_of(AwsRetry kind) {
  return kind == AwsRetry::Throttled ? standard_retry::throttle_cost : standard_retry::fault_cost;
}

}  // namespace

AwsReader::AwsReader(Deps deps) : deps_(deps), random_(deps.seed), retry_tokens_(standard_retry::most_tokens) {}

Task<void> AwsReader::wait_for_turn() {
  if (deps_.least_gap.count() <= 0) co_return;
  const TimePoint turn = std::max(deps_.clock.now(), next_turn_);
  next_turn_ = turn + deps_.least_gap;
  co_await deps_.clock.sleep_until(turn);
}

Duration AwsReader::pause_before(int retry, AwsRetry kind, const AwsFailure& failure) {
  const milliseconds base = kind == AwsRetry::Throttled ? throttle_base : fault_base;
  const auto longest = static_cast<double>(std::min(standard_retry::longest_pause, base * (1 << retry)).count());
  const milliseconds pause(static_cast<std::int64_t>(longest * random_.uniform()));
  // What the service asks for counts, but a wrong header must not stop us for long.
  return failure.retry_after ? std::clamp(*failure.retry_after, pause, pause + most_added_by_service) : pause;
}

Task<std::expected<AwsReply, AwsFailure>> AwsReader::call(AwsRequest request, Repeatable repeatable) {
  std::int64_t paid = 0;
  for (int attempt = 1;; ++attempt) {
    co_await wait_for_turn();
    auto reply = co_await deps_.caller.call(request);
    if (reply) {
      retry_tokens_ = std::min(standard_retry::most_tokens, retry_tokens_ + std::max<std::int64_t>(paid, 1));
      co_return reply;
    }
    const AwsFailure& failure = reply.error();
    const AwsRetry kind = judge_aws_retry(failure);
    const bool is_proven = kind == AwsRetry::Throttled || (failure.status == 0 && failure.reach == Reach::NotSent);
    const bool may_repeat = kind != AwsRetry::No && (repeatable == Repeatable::Always || is_proven);
    if (!may_repeat || attempt >= most_attempts || retry_tokens_ < cost_of(kind)) co_return reply;
    paid = cost_of(kind);
    retry_tokens_ -= paid;
    co_await deps_.clock.sleep_for(pause_before(attempt - 1, kind, failure));
  }
}

Task<Result<boost::json::value>> AwsReader::read(std::string_view operation, AwsRequest request) {
  const auto reply = co_await call(request);
  if (!reply) co_return std::unexpected(to_aws_error(reply.error(), operation));
  boost::system::error_code error;
  auto json = boost::json::parse(reply->body, error);
  if (error || !json.is_object()) {
    co_return fail(ErrorKind::Unavailable,
                   fmt::format("What answered {} at {} does not speak like AWS; check the endpoint and the proxy.",
                               operation, deps_.caller.endpoint().origin.authority()));
  }
  co_return json;
}

}  // namespace clarion
