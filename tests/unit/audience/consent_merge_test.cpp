#include "audience/consent_merge.h"

#include <gtest/gtest.h>

#include <optional>
#include <string>

namespace clarion {
namespace {

// "opted_in 2026-01-01" -> a consent; the date may be left out.
Consent consent(std::string_view text) {
  Consent made;
  const auto space = text.find(' ');
  const auto state = text.substr(0, space);
  made.state = state == "opted_in"    ? ConsentState::OptedIn
               : state == "opted_out" ? ConsentState::OptedOut
                                      : ConsentState::Unknown;
  if (space != std::string_view::npos) made.at = parse_iso8601(text.substr(space + 1));
  return made;
}

// What is on record by email after an import on 1 June 2026; "kept" when an opt-out was.
std::string merged(std::string_view known, std::string_view said) {
  PerChannel<Consent> before;
  PerChannel<Consent> row;
  before[Channel::Email] = consent(known);
  row[Channel::Email] = consent(said);
  const MergedConsent after = merge_consent(before, row, *parse_iso8601("2026-06-01"));
  const Consent& email = after.consent[Channel::Email];
  EXPECT_EQ(after.consent[Channel::Sms], Consent{});
  std::string text(to_string(email.state));
  if (email.at) text += " " + format_iso8601(*email.at).substr(0, 10);
  return text + (after.is_opt_out_kept ? " kept" : "");
}

TEST(ConsentMerge, ALaterDateBeatsAnEarlierOne) {
  EXPECT_EQ(merged("unknown", "opted_in 2026-01-01"), "opted_in 2026-01-01");
  EXPECT_EQ(merged("opted_in 2026-01-01", "opted_out 2026-02-01"), "opted_out 2026-02-01");
  EXPECT_EQ(merged("opted_out 2026-02-01", "opted_in 2026-01-01"), "opted_out 2026-02-01 kept");
  EXPECT_EQ(merged("opted_out 2026-02-01", "opted_in 2026-03-01"), "opted_in 2026-03-01");
  EXPECT_EQ(merged("opted_in 2026-03-01", "opted_out 2026-02-01"), "opted_in 2026-03-01");
  EXPECT_EQ(merged("opted_in 2026-03-01", "opted_in 2026-02-01"), "opted_in 2026-03-01");
  EXPECT_EQ(merged("opted_in 2026-03-01", "opted_in"), "opted_in 2026-03-01");
}

TEST(ConsentMerge, AnOptOutStaysUntilALaterOptIn) {
  EXPECT_EQ(merged("opted_out 2026-02-01", "opted_in"), "opted_out 2026-02-01 kept");
  EXPECT_EQ(merged("opted_out 2026-02-01", "opted_in 2026-02-01"), "opted_out 2026-02-01 kept");
  EXPECT_EQ(merged("opted_out 2026-02-01", "unknown"), "opted_out 2026-02-01 kept");
  EXPECT_EQ(merged("opted_out 2026-02-01", "unknown 2026-03-01"), "opted_out 2026-02-01 kept");
  EXPECT_EQ(merged("opted_out 2026-02-01", "opted_out 2026-03-01"), "opted_out 2026-03-01");
  EXPECT_EQ(merged("opted_in 2026-01-01", "unknown"), "unknown");
}

TEST(ConsentMerge, AnOptOutWithoutADateCountsFromItsImport) {
  EXPECT_EQ(merged("opted_in 2026-01-01", "opted_out"), "opted_out 2026-06-01");
  EXPECT_EQ(merged("opted_out", "opted_in 2026-01-01"), "opted_out 2026-06-01 kept");
  EXPECT_EQ(merged("opted_out 2026-02-01", "opted_out"), "opted_out 2026-02-01");
  EXPECT_EQ(merged("opted_in", "opted_out"), "opted_out 2026-06-01");
}

}  // namespace
}  // namespace clarion
