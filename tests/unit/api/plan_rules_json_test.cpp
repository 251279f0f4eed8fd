#include "api/plan_rules_json.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace clarion {
namespace {

namespace json = boost::json;
using ::testing::HasSubstr;

Result<PlanRules> read(std::string_view body, bool respects_caps = true) {
  const auto object = parse_json_object(body);
  MemberReader reader(*object);
  PlanRules rules = read_plan_rules(reader, respects_caps);
  reader.refuse_unknown();
  if (auto finished = reader.finish(); !finished) return std::unexpected(finished.error());
  return rules;
}

std::string refusal(std::string_view body, bool respects_caps = true) {
  const auto rules = read(body, respects_caps);
  return rules ? "taken" : rules.error().message;
}

std::string text(const PlanRules& rules) {
  return json::serialize(plan_rules_to_json(rules));
}

constexpr std::string_view everything =
    R"({"decision":{"exploration":2.5E-1,"holdout":1E-1,"value_of_response":3E0,"cost_of_opt_out":7E0,)"
    R"("may_choose_nothing":true},"channels":["sms","email"],"channel_overrides":{"C-1":"email"},)"
    R"("caps":{"per_day":1,"per_week":2,"hours_between":48},"quiet_hours":{"from":"20:30","to":"09:15",)"
    R"("channels":["sms"],"fallback_time_zone":"Asia/Kolkata"},"wait_for_best_hour":true})";

TEST(PlanRulesJson, EveryMemberReachesTheRules) {
  const PlanRules rules = read(everything).value();
  EXPECT_EQ(rules.choice.exploration, 0.25);
  EXPECT_EQ(rules.choice.holdout, 0.1);
  EXPECT_EQ(rules.choice.value_of_response, 3);
  EXPECT_EQ(rules.choice.cost_of_opt_out, 7);
  EXPECT_TRUE(rules.choice.may_choose_nothing);
  EXPECT_EQ(rules.eligibility.offered, (PerChannel<bool>{{true, false, true}}));
  EXPECT_EQ(rules.channel_overrides.at("C-1"), Channel::Email);
  EXPECT_EQ(rules.eligibility.max_per_day, 1);
  EXPECT_EQ(rules.eligibility.max_per_week, 2);
  EXPECT_EQ(rules.eligibility.min_hours_between, 48);
  EXPECT_EQ(rules.eligibility.quiet_hours, (QuietHours{20 * 60 + 30, 9 * 60 + 15}));
  EXPECT_EQ(rules.eligibility.has_quiet_hours, (PerChannel<bool>{{true, false, false}}));
  EXPECT_EQ(rules.eligibility.fallback_zone, "Asia/Kolkata");
  EXPECT_TRUE(rules.eligibility.waits_for_best_hour);
}

TEST(PlanRulesJson, WhatIsRecordedReadsBackTheSame) {
  EXPECT_EQ(text(read(everything).value()), everything);
  EXPECT_EQ(text(parse_plan_rules(std::string(everything), true).value()), everything);
  EXPECT_EQ(text(parse_plan_rules(text(PlanRules{}), true).value()), text(PlanRules{}));
  PlanRules without_caps;
  without_caps.ignore_caps();
  EXPECT_EQ(text(parse_plan_rules(text(without_caps), false).value()), text(without_caps));
}

TEST(PlanRulesJson, ACampaignOfBeforeHasTheDefaults) {
  EXPECT_EQ(text(parse_plan_rules("{}", true).value()), text(PlanRules{}));
  EXPECT_FALSE(parse_plan_rules("{}", false)->eligibility.quiet_hours);
  EXPECT_FALSE(parse_plan_rules("not json", true));
}

TEST(PlanRulesJson, QuietHoursCanBeSwitchedOff) {
  EXPECT_FALSE(read(R"({"quiet_hours": false})")->eligibility.quiet_hours);
  EXPECT_EQ(read(R"({"quiet_hours": {"from": "22:00"}})")->eligibility.quiet_hours, (QuietHours{22 * 60, 8 * 60}));
}

TEST(PlanRulesJson, IsReadStrictlyAndSaysWhatToChange) {
  const std::pair<std::string_view, std::string_view> wrong[] = {
      {R"({"decision": 1})", "decision must be an object"},
      {R"({"decision": {"exploration": 1.01}})", "decision.exploration must be from 0 to 1"},
      {R"({"decision": {"exploration": -0.1}})", "decision.exploration must be from 0 to 1"},
      {R"({"decision": {"holdout": "half"}})", "decision.holdout must be a number"},
      {R"({"decision": {"value_of_response": -1}})", "decision.value_of_response must be from 0 to"},
      {R"({"decision": {"cost_of_opt_out": 1e300}})", "decision.cost_of_opt_out must be from 0 to"},
      {R"({"decision": {"may_choose_nothing": 1}})", "decision.may_choose_nothing must be true or false"},
      {R"({"decision": {"epsilon": 1}})", "decision.epsilon is not a member"},
      {R"({"channels": []})", "channels must list one or more"},
      {R"({"channels": "sms"})", "channels must be an array"},
      {R"({"channels": ["sms", "fax"]})", "channels must list"},
      {R"({"channels": ["sms", "sms"]})", "channels must list"},
      {R"({"channel_overrides": ["C-1"]})", "channel_overrides must be an object"},
      {R"({"channel_overrides": {"C-1": "fax"}})", "channel_overrides.C-1 must be sms, whatsapp or email"},
      {R"({"channel_overrides": {"C-1": null}})", "channel_overrides.C-1 must be"},
      {R"({"channels": ["sms"], "channel_overrides": {"C-1": "email"}})", "which `channels` leaves out"},
      {R"({"caps": {"per_day": -1}})", "caps.per_day must be 0 (no limit) to 1000"},
      {R"({"caps": {"per_week": 1.5}})", "caps.per_week must be a whole number"},
      {R"({"caps": {"hours_between": 99999999999}})", "caps.hours_between must be"},
      {R"({"caps": {"per_month": 1}})", "caps.per_month is not a member"},
      {R"({"quiet_hours": true})", "quiet_hours must be false, or an object"},
      {R"({"quiet_hours": {"from": "24:00"}})", "quiet_hours.from must be a local time"},
      {R"({"quiet_hours": {"from": "9:00"}})", "quiet_hours.from must be a local time"},
      {R"({"quiet_hours": {"from": "-1:00"}})", "quiet_hours.from must be a local time"},
      {R"({"quiet_hours": {"from": "09:00", "to": "09:00"}})", "must differ"},
      {R"({"quiet_hours": {"fallback_time_zone": "Mars/Olympus"}})", "fallback_time_zone must be a zone"},
      {R"({"quiet_hours": {"fallback_time_zone": "GMT+3"}})", "fallback_time_zone must be a zone"},
      {R"({"quiet_hours": {"zone": "UTC"}})", "quiet_hours.zone is not a member"},
      {R"({"wait_for_best_hour": "yes"})", "wait_for_best_hour must be true or false"},
  };
  for (const auto& [body, sentence] : wrong) EXPECT_THAT(refusal(body), HasSubstr(sentence)) << body;
}

TEST(PlanRulesJson, CapsOfOnesOwnDoNotGoWithIgnoringThem) {
  EXPECT_THAT(refusal(R"({"caps": {"per_day": 1}})", false), HasSubstr("caps cannot be given when respect_caps"));
  EXPECT_THAT(refusal(R"({"quiet_hours": {"from": "20:00"}})", false), HasSubstr("quiet_hours cannot be given"));
  EXPECT_EQ(refusal(R"({"decision": {"holdout": 0.5}})", false), "taken");
}

TEST(PlanRulesJson, AThousandOverridesAreTheMost) {
  const auto many = [](int count) {
    json::object overrides;
    for (int i = 0; i < count; ++i) overrides["C-" + std::to_string(i)] = "sms";
    return json::serialize(json::object{{"channel_overrides", overrides}});
  };
  EXPECT_EQ(refusal(many(1000)), "taken");
  EXPECT_THAT(refusal(many(1001)), HasSubstr("at most 1000"));
}

TEST(PlanRulesJson, AChannelThatIsNamedNeedsATemplate) {
  const auto content = CampaignContent::parse(
      R"({"templates":{"sms":{"name":"n","version":1,"definition":{"text":"Hello"}}},"variables":{}})");
  const auto check = [&](std::string_view body) {
    const auto checked = check_channels(read(body).value(), **content);
    return checked ? "fine" : checked.error().message;
  };
  EXPECT_EQ(check("{}"), "fine");
  EXPECT_EQ(check(R"({"channels": ["sms"]})"), "fine");
  EXPECT_THAT(check(R"({"channels": ["sms", "email"]})"), HasSubstr("channels names email"));
  EXPECT_THAT(check(R"({"channel_overrides": {"C-1": "email"}})"), HasSubstr("channel_overrides.C-1 is email"));
}

}  // namespace
}  // namespace clarion
