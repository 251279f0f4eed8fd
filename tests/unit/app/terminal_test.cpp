#include "app/terminal.h"

#include <gtest/gtest.h>

#include "app/api_client.h"

namespace clarion {
namespace {

TEST(Terminal, ProgressShowsRateAgainstLimitAndTimeLeft) {
  EXPECT_EQ(render_progress(
                "sending",
                {.done = 500, .total = 1000, .rate = 48.2, .limit = 50, .eta_seconds = 10, .note = "3 failed"}, 200),
            "sending [############............]  50% 500/1,000  48.2/s of 50/s  ETA 10 s  3 failed");
  EXPECT_EQ(render_progress("sending", {.done = 1, .total = 4, .rate = 222, .limit = 50}, 200),
            "sending [######..................]  25% 1/4  222/s at first, then 50/s");
  EXPECT_EQ(render_progress("reading", {.done = 7, .total = 0}, 200), "reading 7");
  EXPECT_EQ(render_progress("sending", {.done = 5, .total = 4}, 30).size(), 30U);
}

TEST(Terminal, NumbersAndSpansAreReadable) {
  EXPECT_EQ(with_thousands(0), "0");
  EXPECT_EQ(with_thousands(999), "999");
  EXPECT_EQ(with_thousands(1'234'567), "1,234,567");
  EXPECT_EQ(with_thousands(-1000), "-1,000");
  EXPECT_EQ(readable_seconds(0.2), "1 s");
  EXPECT_EQ(readable_seconds(75), "1 min 15 s");
  EXPECT_EQ(readable_seconds(7260), "2 h 1 min");
}

TEST(Terminal, TablesAlignByColumnsOnScreen) {
  EXPECT_EQ(render_table({{"CITY", "N"}, {"S\xC3\xA3o Paulo", "2"}}), "CITY       N\nS\xC3\xA3o Paulo  2\n");
}

TEST(Terminal, TheLastColumnStandsBelowItsRowWhereALineWouldNotFit) {
  const std::vector<std::vector<std::string>> rows{
      {"CHECK", "RESULT", "NEXT STEP"}, {"region", "missing", "Set it."}, {"host", "ok", ""}};
  EXPECT_EQ(render_table(rows, 26),
            "CHECK   RESULT   NEXT STEP\n"
            "region  missing  Set it.\n"
            "host    ok\n");
  EXPECT_EQ(render_table(rows, 25),
            "CHECK   RESULT\n"
            "region  missing\n"
            "    Set it.\n"
            "host    ok\n");
}

TEST(RenderTable, ALineEndInACellIsABlank) {
  const std::vector<std::vector<std::string>> rows{
      {"CHECK", "RESULT", "NEXT"}, {"pool", "'p\n' is none", "Set it."}, {"host", "ok", ""}};
  EXPECT_EQ(render_table(rows, 12), "CHECK  RESULT\npool   'p ' is none\n    Set it.\nhost   ok\n");
}

TEST(ApiTarget, PathAndQueryAreEncoded) {
  EXPECT_EQ(encode_target("/api/suppressions/sms/+1 4", {{"q", "a&b=c"}, {"limit", "5"}}),
            "/api/suppressions/sms/%2B1%204?limit=5&q=a%26b%3Dc");
}

}  // namespace
}  // namespace clarion
