#include "base/clock.h"

#include <gtest/gtest.h>

namespace clarion {
namespace {

TEST(Iso8601, WritesAndReadsMilliseconds) {
  const auto time = parse_iso8601("2026-11-22T20:15:30.123Z");
  ASSERT_TRUE(time);
  EXPECT_EQ(format_iso8601(*time), "2026-11-22T20:15:30.123Z");
}

TEST(Iso8601, ReadsOffsetsDatesAndShortFractions) {
  EXPECT_EQ(parse_iso8601("2026-11-22T20:15:30+05:30"), parse_iso8601("2026-11-22T14:45:30Z"));
  EXPECT_EQ(parse_iso8601("2026-11-22"), parse_iso8601("2026-11-22T00:00:00Z"));
  EXPECT_EQ(parse_iso8601("2026-11-22T00:00:00.5Z"), parse_iso8601("2026-11-22T00:00:00.500Z"));
}

TEST(Iso8601, RefusesWhatIsNoInstant) {
  for (const char* text : {"", "yesterday", "2026-13-01", "2026-02-30", "2026-11-22T25:00:00Z", "2026-11-22T10",
                           "2026-11-22Z", "-026-11-22", "2026-02-30T00:00:00Z", "2026-11-22T24:00:00Z",
                           "2026-11-22T20:60:00Z", "2026-11-22T20:15:61Z", "2026-11-22T20:15:3/Z"}) {
    EXPECT_EQ(parse_iso8601(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace clarion
