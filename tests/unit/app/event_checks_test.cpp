#include "app/event_checks.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace clarion {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;

constexpr WallTime now = std::chrono::sys_days(std::chrono::year(2026) / 11 / 30) + 12h;

std::string described(std::string_view status, std::string_view last, int malformed = 0) {
  const Check check =
      describe_event_flow(
          fmt::format(
              R"({{"sources":[{{"source":"sqs","status":"{}","last_received_at":{},"last_error":"the queue is gone",)"
              R"("received":12,"applied":9,"unmatched":1,"malformed":{}}}]}})",
              status, last, malformed),
          now)
          .at(0);
  EXPECT_FALSE(check.is_essential);
  return std::string(to_string(check.outcome)) + ": " + check.found;
}

TEST(EventChecks, SayWhenTheLastEventCame) {
  const std::string counts = "; 12 received, 9 applied, 1 of no delivery here";
  EXPECT_EQ(described("receiving", R"("2026-11-30T11:59:30Z")"), "ok: the last came 30 s ago" + counts);
  EXPECT_EQ(described("receiving", R"("2026-11-30T11:20:00Z")"), "ok: the last came 40 min ago" + counts);
  EXPECT_EQ(described("receiving", R"("2026-11-30T02:00:00Z")"), "ok: the last came 10 h ago" + counts);
  EXPECT_EQ(described("receiving", R"("2026-11-20T12:00:00Z")"), "ok: the last came 10 days ago" + counts);
  EXPECT_EQ(described("receiving", R"("2026-11-30T12:00:05Z")"), "ok: the last came 0 s ago" + counts)
      << "clocks of two machines differ";
  EXPECT_EQ(described("receiving", "null"), "ok: the running server reads them; none has come since it started");
}

TEST(EventChecks, SayWhatIsWrong) {
  EXPECT_EQ(described("off", "null"), "warning: the running server reads none");
  EXPECT_EQ(described("failing", "null"), "failed: the queue is gone");
  EXPECT_THAT(described("receiving", R"("2026-11-30T11:59:30Z")", 3), HasSubstr("warning: "));
  EXPECT_THAT(described("receiving", R"("2026-11-30T11:59:30Z")", 3), HasSubstr("; 3 not understood"));
  EXPECT_EQ(describe_event_flow("<html>", now).at(0).outcome, CheckOutcome::Warning);
}

}  // namespace
}  // namespace clarion
