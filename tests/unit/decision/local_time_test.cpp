#include "decision/local_time.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>

namespace clarion {
namespace {

WallTime at(const char* text) {
  return *parse_iso8601(text);
}

// "send now" or the instant at which quiet hours end.
std::string quiet(const char* now, const char* zone, const char* country = "", QuietHours hours = {}) {
  LocalTimes times(at(now), hours, "Etc/UTC");
  const auto end = times.quiet_until(zone, country);
  return end ? format_iso8601(*end) : "send now";
}

TEST(LocalTimes, QuietHoursBeginAtTheirMinuteAndEndAtTheirs) {
  EXPECT_EQ(quiet("2026-11-10T20:59:59.999Z", "Etc/UTC"), "send now");
  EXPECT_EQ(quiet("2026-11-10T21:00:00Z", "Etc/UTC"), "2026-11-11T08:00:00.000Z");
  EXPECT_EQ(quiet("2026-11-11T07:59:59.999Z", "Etc/UTC"), "2026-11-11T08:00:00.000Z");
  EXPECT_EQ(quiet("2026-11-11T08:00:00Z", "Etc/UTC"), "send now");
}

TEST(LocalTimes, QuietHoursThatCrossMidnightEndInTheMorning) {
  EXPECT_EQ(quiet("2026-11-10T18:00:00Z", "Asia/Kolkata"), "2026-11-11T02:30:00.000Z");
  EXPECT_EQ(quiet("2026-11-10T20:00:00Z", "Asia/Kolkata"), "2026-11-11T02:30:00.000Z");
}

TEST(LocalTimes, QuietHoursWithinOneDayDoNotCrossIt) {
  const QuietHours lunch{12 * 60, 14 * 60};
  EXPECT_EQ(quiet("2026-11-10T11:59:00Z", "Etc/UTC", "", lunch), "send now");
  EXPECT_EQ(quiet("2026-11-10T13:00:00Z", "Etc/UTC", "", lunch), "2026-11-10T14:00:00.000Z");
  EXPECT_EQ(quiet("2026-11-10T14:00:00Z", "Etc/UTC", "", lunch), "send now");
}

TEST(LocalTimes, TheSameStartAndEndIsNeverQuiet) {
  EXPECT_EQ(quiet("2026-11-10T23:00:00Z", "Etc/UTC", "", QuietHours{0, 0}), "send now");
}

TEST(LocalTimes, EndsAtTheWallClockAcrossAClockChange) {
  // New York: clocks go forward on 2026-03-08 at 02:00 and back on 2026-11-01 at 02:00.
  EXPECT_EQ(quiet("2026-03-08T03:00:00Z", "America/New_York"), "2026-03-08T12:00:00.000Z");
  EXPECT_EQ(quiet("2026-03-07T03:00:00Z", "America/New_York"), "2026-03-07T13:00:00.000Z");
  EXPECT_EQ(quiet("2026-11-01T03:00:00Z", "America/New_York"), "2026-11-01T13:00:00.000Z");
}

TEST(LocalTimes, AnEndThatTheClockSkipsIsTheMomentOfTheChange) {
  // 02:30 is skipped that night: 01:59 EST is followed by 03:00 EDT.
  EXPECT_EQ(quiet("2026-03-08T06:00:00Z", "America/New_York", "", QuietHours{21 * 60, 150}),
            "2026-03-08T07:00:00.000Z");
}

TEST(LocalTimes, AnEndThatComesTwiceIsTakenTheSecondTime) {
  // 01:30 happens at 05:30Z (EDT) and again at 06:30Z (EST).
  EXPECT_EQ(quiet("2026-11-01T03:00:00Z", "America/New_York", "", QuietHours{21 * 60, 90}), "2026-11-01T06:30:00.000Z");
}

TEST(LocalTimes, AnswersAboutLaterTimesAsItWouldAboutNow) {
  // Every half hour over both clock changes of a year, asked in order from one and each from a new one.
  for (const char* start : {"2026-03-06T00:00:00Z", "2026-10-30T00:00:00Z"}) {
    for (const QuietHours hours : {QuietHours{}, QuietHours{12 * 60, 14 * 60}, QuietHours{0, 0}}) {
      for (const auto& [zone, country] : {std::pair{"America/New_York", ""}, std::pair{"", "US"}}) {
        LocalTimes same(at(start), hours, "Etc/UTC");
        for (int half = 0; half < 48 * 3; ++half) {
          const WallTime time = at(start) + std::chrono::minutes(30 * half);
          ASSERT_EQ(same.quiet_until(zone, country, time),
                    LocalTimes(time, hours, "Etc/UTC").quiet_until(zone, country))
              << format_iso8601(time) << ' ' << zone << country << ' ' << hours.start_minute;
        }
      }
    }
  }
}

TEST(LocalTimes, AnUnknownZoneIsThatOfItsCountry) {
  EXPECT_EQ(quiet("2026-11-10T18:00:00Z", "", "IN"), "2026-11-11T02:30:00.000Z");
  EXPECT_EQ(quiet("2026-11-10T18:00:00Z", "Mars/Olympus", "IN"), "2026-11-11T02:30:00.000Z");
}

TEST(LocalTimes, InACountryOfManyZonesAllOfThemMustBeAwake) {
  // 14:00Z is 09:00 in New York but 04:00 in Honolulu, where quiet hours end at 18:00Z.
  EXPECT_EQ(quiet("2026-11-10T14:00:00Z", "", "US"), "2026-11-10T18:00:00.000Z");
  EXPECT_EQ(quiet("2026-11-10T19:00:00Z", "", "US"), "send now");
  // 02:00Z is 21:00 in New York.
  EXPECT_EQ(quiet("2026-11-11T02:00:00Z", "", "US"), "2026-11-11T18:00:00.000Z");
}

TEST(LocalTimes, WithoutZoneAndCountryTheFallbackZoneCounts) {
  LocalTimes kolkata(at("2026-11-10T18:00:00Z"), {}, "Asia/Kolkata");
  EXPECT_EQ(kolkata.quiet_until("", ""), at("2026-11-11T02:30:00Z"));
  EXPECT_EQ(kolkata.quiet_until("nonsense", "ZZ"), at("2026-11-11T02:30:00Z"));
  LocalTimes broken(at("2026-11-10T18:00:00Z"), {}, "no zone");
  EXPECT_EQ(broken.quiet_until("", ""), std::nullopt);  // 18:00 UTC
}

TEST(LocalTimes, TheSameUnknownZoneInTwoCountriesIsTwoPlaces) {
  LocalTimes times(at("2026-11-10T18:00:00Z"), {}, "Etc/UTC");
  EXPECT_EQ(times.quiet_until("?", "IN"), at("2026-11-11T02:30:00Z"));
  EXPECT_EQ(times.quiet_until("?", "GB"), std::nullopt);
}

TEST(LocalTimes, TheNextBestHourIsTodayTomorrowOrNow) {
  LocalTimes times(at("2026-11-10T12:20:00Z"), {}, "Etc/UTC");
  EXPECT_EQ(times.next_hour("Etc/UTC", "", 15), at("2026-11-10T15:00:00Z"));
  EXPECT_EQ(times.next_hour("Etc/UTC", "", 9), at("2026-11-11T09:00:00Z"));
  EXPECT_EQ(times.next_hour("Etc/UTC", "", 12), at("2026-11-10T12:20:00Z"));
  EXPECT_EQ(times.next_hour("Asia/Kolkata", "IN", 18), at("2026-11-10T12:30:00Z"));
}

TEST(LocalTimes, ABestHourInQuietHoursMovesToTheirEnd) {
  LocalTimes times(at("2026-11-10T12:20:00Z"), {}, "Etc/UTC");
  EXPECT_EQ(times.next_hour("Etc/UTC", "", 23), at("2026-11-11T08:00:00Z"));
}

}  // namespace
}  // namespace clarion
