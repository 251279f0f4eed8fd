#include "audience/consent_merge.h"

#include <gtest/gtest.h>

#include <optional>
#include <string>

namespace clarion {
namespace {

// "opted_in 2026-01-01 form" -> a consent; what comes behind the state may be left out.
Consent consent(std::string_view text) {
  Consent made;
  const auto last = text.rfind(' ');
  if (last != std::string_view::npos && !parse_iso8601(text.substr(last + 1))) {
    made.source = text.substr(last + 1);
    text = text.substr(0, last);
  }
  const auto space = text.find(' ');
  const auto state = text.substr(0, space);
  made.state = state == "opted_in"    ? ConsentState::OptedIn
               : state == "opted_out" ? ConsentState::OptedOut
                                      : ConsentState::Unknown;
  if (space != std::string_view::npos) made.at = parse_iso8601(text.substr(space + 1));
  return made;
}

// What is on record by email after an import on 1 June 2026; "kept" when it is so against what the row says.
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
  if (!email.source.empty()) text += " " + email.source;
  EXPECT_FALSE(after.is_opt_in_kept && after.is_opt_out_kept);
  return text + (after.is_opt_out_kept || after.is_opt_in_kept ? " kept" : "");
}

TEST(ConsentMerge, ALaterDateBeatsAnEarlierOne) {
  EXPECT_EQ(merged("unknown", "opted_in 2026-01-01"), "opted_in 2026-01-01");
  EXPECT_EQ(merged("opted_in 2026-01-01", "opted_out 2026-02-01"), "opted_out 2026-02-01");
  EXPECT_EQ(merged("opted_out 2026-02-01", "opted_in 2026-01-01"), "opted_out 2026-02-01 kept");
  EXPECT_EQ(merged("opted_out 2026-02-01", "opted_in 2026-03-01"), "opted_in 2026-03-01");
  EXPECT_EQ(merged("opted_in 2026-03-01", "opted_out 2026-02-01"), "opted_in 2026-03-01 kept");
  EXPECT_EQ(merged("opted_in 2026-03-01", "opted_in 2026-02-01"), "opted_in 2026-03-01");
  EXPECT_EQ(merged("opted_in 2026-03-01", "opted_in"), "opted_in 2026-03-01");
}

TEST(ConsentMerge, AnOptOutStaysUntilALaterOptIn) {
  EXPECT_EQ(merged("opted_out 2026-02-01", "opted_in"), "opted_out 2026-02-01 kept");
  EXPECT_EQ(merged("opted_out 2026-02-01", "opted_in 2026-02-01"), "opted_out 2026-02-01 kept");
  EXPECT_EQ(merged("opted_out 2026-02-01", "unknown"), "opted_out 2026-02-01 kept");
  EXPECT_EQ(merged("opted_out 2026-02-01", "unknown 2026-03-01"), "opted_out 2026-02-01 kept");
  EXPECT_EQ(merged("opted_out 2026-02-01", "opted_out 2026-03-01"), "opted_out 2026-03-01");
}

TEST(ConsentMerge, WhatARowDoesNotMentionStaysAsItWas) {
  EXPECT_EQ(merged("opted_in 2026-01-01 form", "unknown"), "opted_in 2026-01-01 form kept");
  EXPECT_EQ(merged("opted_in 2026-01-01 form", "unknown 2026-02-01 crm"), "opted_in 2026-01-01 form kept");
  EXPECT_EQ(merged("opted_in form", "unknown"), "opted_in form kept");
  EXPECT_EQ(merged("opted_out 2026-01-01 form", "unknown"), "opted_out 2026-01-01 form kept");
  EXPECT_EQ(merged("unknown", "unknown"), "unknown");
}

TEST(ConsentMerge, AStatementCountsWholeAndTheSameOneAgainTakesNothingAway) {
  EXPECT_EQ(merged("opted_in 2026-01-01 form", "opted_in 2026-02-01"), "opted_in 2026-02-01") << "not from the form";
  EXPECT_EQ(merged("opted_in 2026-01-01 form", "opted_in crm"), "opted_in 2026-01-01 form");
  EXPECT_EQ(merged("opted_in 2026-01-01 form", "opted_in 2026-01-01"), "opted_in 2026-01-01 form");
  EXPECT_EQ(merged("opted_in 2026-01-01", "opted_in 2026-01-01 form"), "opted_in 2026-01-01 form");
  EXPECT_EQ(merged("opted_in form", "opted_in"), "opted_in form");
  EXPECT_EQ(merged("opted_in form", "opted_in crm"), "opted_in crm");
  EXPECT_EQ(merged("opted_in form", "opted_in 2026-02-01"), "opted_in 2026-02-01");
}

TEST(ConsentMerge, AnOptOutWithoutADateCountsFromItsImport) {
  EXPECT_EQ(merged("opted_in 2026-01-01", "opted_out"), "opted_out 2026-06-01");
  EXPECT_EQ(merged("opted_out", "opted_in 2026-01-01"), "opted_out 2026-06-01 kept");
  EXPECT_EQ(merged("opted_out 2026-02-01", "opted_out"), "opted_out 2026-02-01");
  EXPECT_EQ(merged("opted_in", "opted_out"), "opted_out 2026-06-01");
  EXPECT_EQ(merged("opted_in 2026-02-01", "opted_out 2026-02-01"), "opted_out 2026-02-01") << "of one day";
}

}  // namespace
}  // namespace clarion
