#include "unit/engine/plan_audience_fixture.h"

namespace clarion::testing {
namespace {

TEST_F(AudiencePlanTest, PlansEveryContactOnceInOrder) {
  Contact no_consent = person(2);
  for (const Channel channel : all_channels) no_consent.consent[channel].state = ConsentState::Unknown;
  Contact only_email = person(3);
  only_email.phone.clear();
  Contact only_phone_opted_out = person(4);
  only_phone_opted_out.email.clear();
  only_phone_opted_out.consent[Channel::WhatsApp].state = ConsentState::Unknown;
  only_phone_opted_out.consent[Channel::Sms].state = ConsentState::OptedOut;
  EXPECT_EQ(plan({person(1), no_consent, only_email, only_phone_opted_out}),
            "C-1 whatsapp waiting +14255551001 parts=1 0.03\n"
            "C-2 - skipped no_consent\n"
            "C-3 email waiting c3@example.com parts=1 0.0001\n"
            "C-4 - skipped opted_out\n");
}

TEST_F(AudiencePlanTest, ASkippedRowNamesItsChannelWhenOnlyOneWasInQuestion) {
  Contact contact = person(1);
  contact.phone.clear();
  contact.consent[Channel::Email].state = ConsentState::OptedOut;
  EXPECT_EQ(plan({contact}), "C-1 email skipped opted_out c1@example.com\n");
}

TEST_F(AudiencePlanTest, OffersOnlyChannelsThatHaveContent) {
  content_ = R"({"templates":{"sms":{"name":"n","version":1,"definition":{"text":"Hello"}}},"variables":{}})";
  Contact without_phone = person(2);
  without_phone.phone.clear();
  EXPECT_EQ(plan({person(1), without_phone}),
            "C-1 sms waiting +14255551001 parts=1 0.00581\n"
            "C-2 sms skipped no_address\n");
}

TEST_F(AudiencePlanTest, ChoosesAnotherChannelWhenTheContentOfTheBestIsMissingAVariable) {
  Contact no_city = person(1);
  no_city.city.clear();
  Contact no_name = person(2);
  no_name.city.clear();
  no_name.first_name.clear();
  Contact nothing = no_name;
  nothing.id = "C-3";
  nothing.phone = "+14255551003";
  nothing.email.clear();
  EXPECT_EQ(plan({no_city, no_name, nothing}),
            "C-1 sms waiting +14255551001 parts=1 0.00581\n"
            "C-2 email waiting c2@example.com parts=1 0.0001\n"
            "C-3 - skipped missing_variable\n");
  const std::string why = rows({nothing}).front().why;
  EXPECT_NE(why.find(R"("sentence":"The template needs a variable that has no value for this contact)"),
            std::string::npos)
      << why;
}

TEST_F(AudiencePlanTest, OffersOnlyTheChannelsThatTheRulesName) {
  rules_.eligibility.offered = {{true, false, true}};
  Contact only_phone = person(2);
  only_phone.email.clear();
  only_phone.consent[Channel::Sms].state = ConsentState::OptedOut;
  EXPECT_EQ(plan({person(1), only_phone}),
            "C-1 sms waiting +14255551001 parts=1 0.00581\n"
            "C-2 sms skipped opted_out +14255551002\n");
}

TEST_F(AudiencePlanTest, TakesTheOperatorsChannelWhereItIsAllowed) {
  rules_.channel_overrides = {{"C-1", Channel::Email}, {"C-2", Channel::Email}, {"C-9", Channel::Sms}};
  Contact without_email = person(2);
  without_email.email.clear();
  EXPECT_EQ(plan({person(1), without_email, person(3)}),
            "C-1 email waiting c1@example.com parts=1 0.0001\n"
            "C-2 whatsapp waiting +14255551002 parts=1 0.03\n"
            "C-3 whatsapp waiting +14255551003 parts=1 0.03\n");
  const AudiencePreview shown = preview({person(1), without_email, person(3)});
  EXPECT_EQ(shown.honoured_overrides, 1U);
  EXPECT_TRUE(shown.eligible_users.at(0).is_override);
  EXPECT_FALSE(shown.eligible_users.at(1).is_override);
  ASSERT_EQ(shown.refused_overrides.size(), 1U);
  EXPECT_EQ(shown.refused_overrides[0].contact_id, "C-2");
  EXPECT_EQ(shown.refused_overrides[0].rule, "no_address");
  EXPECT_EQ(shown.refused_overrides[0].channel, Channel::WhatsApp);
  EXPECT_EQ(shown.absent_overrides, std::vector<std::string>{"C-9"});
}

TEST_F(AudiencePlanTest, TheOperatorsChannelStillNeedsItsContent) {
  rules_.channel_overrides = {{"C-1", Channel::WhatsApp}};
  Contact no_city = person(1);
  no_city.city.clear();
  EXPECT_EQ(plan({no_city}), "C-1 sms waiting +14255551001 parts=1 0.00581\n");
  EXPECT_EQ(preview({no_city}).refused_overrides.at(0).rule, "missing_variable");
}

TEST_F(AudiencePlanTest, CountsAndPricesTheSmsPartsOfThisContact) {
  content_ = R"({"templates":{"sms":{"name":"n","version":1,"definition":{"text":"{{first_name}}"}}},"variables":{}})";
  Contact contact = person(1);
  contact.first_name = std::string(200, 'x');
  EXPECT_EQ(plan({contact, person(2)}),
            "C-1 sms waiting +14255551001 parts=2 0.01162\n"
            "C-2 sms waiting +14255551002 parts=1 0.00581\n");
}

TEST_F(AudiencePlanTest, WritesToOneAddressOnce) {
  Contact twin = person(2);
  twin.phone = person(1).phone;
  Contact triplet = twin;
  triplet.id = "C-3";
  triplet.email = "C2@example.com";
  EXPECT_EQ(plan({person(1), twin, triplet}),
            "C-1 whatsapp waiting +14255551001 parts=1 0.03\n"
            "C-2 email waiting c2@example.com parts=1 0.0001\n"
            "C-3 - skipped duplicate_address\n");
}

TEST_F(AudiencePlanTest, HonoursSuppressionsAndTheLedger) {
  run(suppressions_.add(
          {{Channel::WhatsApp, "+14255551001", "opt_out", "", {}}, {Channel::Sms, "+14255551001", "opt_out", "", {}}}))
      .value();
  for (int i = 0; i < 3; ++i) log_.recent.emplace_back("C-2", clock_.wall_now() - hours(1));
  EXPECT_EQ(plan({person(1), person(2)}),
            "C-1 email waiting c1@example.com parts=1 0.0001\n"
            "C-2 - skipped frequency_cap_day\n");
}

TEST_F(AudiencePlanTest, WhatOtherCampaignsAreStillToSendCountsTowardsTheCaps) {
  log_.recent.assign(2, {"C-1", clock_.wall_now() - hours(1)});
  contact_log_.pending = {{"C-1", "spring"}, {"C-2", "spring"}};
  EXPECT_EQ(plan({person(1), person(2)}),
            "C-1 - skipped frequency_cap_day\n"
            "C-2 whatsapp waiting +14255551002 parts=1 0.03\n");
  const std::string why = rows({person(1)}).front().why;
  EXPECT_NE(why.find("3 messages in 24 hours, with what campaign 'spring' is still to send; the cap is 3."),
            std::string::npos)
      << why;
}

TEST_F(AudiencePlanTest, WhatIsPlannedForAnotherDayCountsOnThatDay) {
  rules_.eligibility.max_per_day = 1;
  contact_log_.pending = {{"C-1", "later", clock_.wall_now() + hours(29)}};
  EXPECT_EQ(plan({person(1)}), "C-1 whatsapp waiting +14255551001 parts=1 0.03\n");
  // 02:00 in California: the message waits six hours for the morning, less than a day before the other one.
  Contact asleep = person(1);
  asleep.time_zone = "America/Los_Angeles";
  EXPECT_EQ(plan({asleep}), "C-1 - skipped frequency_cap_day\n");
  EXPECT_EQ(text(rows({person(1)}, clock_.wall_now() + hours(26))), "C-1 - skipped frequency_cap_day\n");
}

TEST_F(AudiencePlanTest, QuietHoursDeferARow) {
  Contact contact = person(1);
  contact.time_zone = "America/Los_Angeles";  // 02:00
  EXPECT_EQ(plan({contact}), "C-1 whatsapp waiting +14255551001 parts=1 0.03 due 2026-11-02T16:00\n");
}

TEST_F(AudiencePlanTest, TheEndOfALongCampaignIsNotSentAtNight) {
  // 10:00 in UTC is 15:30 in Kolkata, where quiet hours begin five and a half hours later: two messages at one in
  // three hours leave before, the third one's turn would come at 21:30.
  rules_.throughput_tps = 1.0 / (3 * 3600);
  std::vector<Contact> people;
  for (int i = 1; i <= 4; ++i) {
    people.push_back(person(i));
    people.back().time_zone = "Asia/Kolkata";
  }
  EXPECT_EQ(plan(people),
            "C-1 whatsapp waiting +14255551001 parts=1 0.03\n"
            "C-2 whatsapp waiting +14255551002 parts=1 0.03\n"
            "C-3 whatsapp waiting +14255551003 parts=1 0.03 due 2026-11-03T02:30\n"
            "C-4 whatsapp waiting +14255551004 parts=1 0.03 due 2026-11-03T02:30\n");
}

TEST_F(AudiencePlanTest, AScheduledCampaignIsPlannedForItsStart) {
  log_.recent.assign(3, {"C-1", clock_.wall_now() - hours(20)});
  EXPECT_EQ(text(rows({person(1)})), "C-1 - skipped frequency_cap_day\n");
  // Eleven hours later those messages are more than a day old, and it is evening.
  EXPECT_EQ(text(rows({person(1)}, clock_.wall_now() + hours(11))),
            "C-1 whatsapp waiting +14255551001 parts=1 0.03 due 2026-11-03T08:00\n");
}

TEST_F(AudiencePlanTest, ACampaignThatIgnoresCapsStillNeedsConsent) {
  rules_.ignore_caps();
  log_.recent.assign(30, {"C-1", clock_.wall_now()});
  Contact contact = person(1);
  contact.time_zone = "America/Los_Angeles";
  Contact other = person(2);
  for (const Channel channel : all_channels) other.consent[channel].state = ConsentState::Unknown;
  EXPECT_EQ(plan({contact, other}),
            "C-1 whatsapp waiting +14255551001 parts=1 0.03\n"
            "C-2 - skipped no_consent\n");
}

TEST_F(AudiencePlanTest, TheSameSeedPlansTheSameAgain) {
  rules_.choice.exploration = 1;
  std::vector<Contact> people;
  for (int i = 0; i < 200; ++i) people.push_back(person(i));
  const std::string first = plan(people);
  EXPECT_EQ(plan(people), first);
  rules_.choice.seed = 2;
  EXPECT_NE(plan(people), first);
}

TEST_F(AudiencePlanTest, EveryRowSaysWhyInJson) {
  Contact no_consent = person(2);
  for (const Channel channel : all_channels) no_consent.consent[channel].state = ConsentState::Unknown;
  for (const PlannedDelivery& row : rows({person(1), no_consent})) {
    const auto why = boost::json::parse(row.why).as_object();
    EXPECT_TRUE(why.contains("sentence")) << row.why;
    EXPECT_TRUE(why.contains(row.state == DeliveryState::Waiting ? "probability" : "rule")) << row.why;
  }
}

TEST_F(AudiencePlanTest, PlansNothingWhenTheLedgerCannotBeRead) {
  log_.is_out = true;
  AudiencePlan plan(deps(), selection({person(1)}));
  const auto batch = run(plan.next(10));
  ASSERT_FALSE(batch);
  EXPECT_EQ(batch.error().kind, ErrorKind::Unavailable);
  log_.is_out = false;
  contact_log_.is_out = true;
  EXPECT_EQ(run(plan.next(10)).error().kind, ErrorKind::Unavailable);
  contact_log_.is_out = false;
  EXPECT_EQ(run(plan.next(10)).value().size(), 1U);
}

TEST_F(AudiencePlanTest, KnowsHowManyRowsThereWillBe) {
  EXPECT_EQ(AudiencePlan(deps(), selection({person(1), person(2)})).expected_rows(), 2);
  AudiencePlan empty(deps(), selection({}));
  EXPECT_EQ(empty.expected_rows(), 0);
  EXPECT_TRUE(run(empty.next(10)).value().empty());
}

TEST_F(AudiencePlanTest, ThePlansCostIsThatOfItsRows) {
  std::vector<Contact> people;
  for (int i = 0; i < 50; ++i) {
    people.push_back(person(i));
    if (i % 3 == 0) people.back().consent[Channel::WhatsApp].state = ConsentState::OptedOut;
    if (i % 5 == 0) people.back().phone.clear();
  }
  Money sum;
  for (const PlannedDelivery& row : rows(people)) sum += row.estimated_cost;
  EXPECT_EQ(outlook_.after.cost, sum);
  EXPECT_EQ(outlook_.after.messages, 50);
  EXPECT_EQ(outlook_.before.messages, 40);
}

TEST_F(AudiencePlanTest, LearnsResponsesFromTheTable) {
  std::vector<Contact> people;
  for (int i = 0; i < 100; ++i) {
    people.push_back(person(i));
    people.back().engagement[Channel::Email] = {
        .preference = {}, .sent = 100, .responded = 30, .last_at = clock_.wall_now()};
  }
  const Selection made = selection(people);
  const auto model = learn_responses(*made.contacts, clock_.wall_now());
  EXPECT_EQ(model->contacts_seen(), 100U);
  EXPECT_NEAR(model->whole(Channel::Email).mean, 0.3, 0.01);
  EXPECT_EQ(learn_responses(*made.contacts, clock_.wall_now(), {}, {}, 30)->contacts_seen(), 25U);
  EXPECT_EQ(learn_responses(*made.contacts, clock_.wall_now(), {}, {}, 0)->contacts_seen(), 1U);
}

TEST_F(AudiencePlanTest, APreviewAddsUpAndSaysWhoAndWhoNot) {
  Contact asleep = person(2);
  asleep.time_zone = "America/Los_Angeles";
  Contact complaining = person(3);
  complaining.has_open_complaint = true;
  Contact only_email = person(4);
  only_email.phone.clear();
  const AudiencePreview result = preview({person(1), asleep, complaining, only_email});
  EXPECT_EQ(result.matched, 4);
  EXPECT_EQ(result.eligible, 3);
  EXPECT_EQ(result.suppressed, 1);
  EXPECT_EQ(result.whatsapp, 2);
  EXPECT_EQ(result.time_optimized, 1);
  EXPECT_FALSE(result.is_truncated());
  ASSERT_EQ(result.suppressed_users.size(), 1U);
  EXPECT_EQ(result.suppressed_users[0].contact_id, "C-3");
  EXPECT_EQ(result.suppressed_users[0].rule, "open_complaint");
  EXPECT_EQ(result.suppressed_users[0].sentence, "The contact has an open complaint.");
  EXPECT_EQ(result.suppressed_by_rule.at("open_complaint"), 1);
  EXPECT_EQ(result.time_optimized_users.at(0).contact_id, "C-2");
  EXPECT_EQ(result.whatsapp_users, (std::vector<std::string>{"C-1", "C-2"}));
  const PreviewedRecipient& first = result.eligible_users.at(0);
  EXPECT_EQ(first.name, "Ana Ruiz");
  EXPECT_EQ(first.destination, "+14255551001");
  EXPECT_EQ(std::get<WhatsAppBody>(first.body).components.at(0).parameters.at(0).value, "Oslo");
  EXPECT_TRUE(first.sentence.starts_with("WhatsApp promises most: ")) << first.sentence;
  EXPECT_EQ(std::get<EmailBody>(result.eligible_users.at(2).body).text, "Hi Ana");
  EXPECT_EQ(result.after.messages, 3);
  EXPECT_EQ(result.before.messages, 3);
  EXPECT_EQ(result.samples.size(), 3U);
}

TEST_F(AudiencePlanTest, APreviewShowsWhatThePlanWillDo) {
  rules_.choice.exploration = 0.5;
  std::vector<Contact> people;
  for (int i = 0; i < 100; ++i) people.push_back(person(i));
  const AudiencePreview result = preview(people);
  const auto planned = rows(people);
  ASSERT_EQ(result.eligible_users.size(), planned.size());
  for (std::size_t i = 0; i < planned.size(); ++i) {
    EXPECT_EQ(result.eligible_users[i].contact_id, planned[i].contact_id);
    EXPECT_EQ(result.eligible_users[i].channel, planned[i].channel);
    EXPECT_EQ(result.eligible_users[i].cost, planned[i].estimated_cost);
  }
}

TEST_F(AudiencePlanTest, APreviewListsAtMostWhatWasAskedForAndCountsEveryone) {
  std::vector<Contact> people;
  for (int i = 0; i < 2500; ++i) {
    people.push_back(person(i));
    if (i % 2 == 1) people.back().has_open_complaint = true;
  }
  const AudiencePreview result = preview(people, {.users = 10, .samples = 1});
  EXPECT_EQ(result.matched, 2500);
  EXPECT_EQ(result.eligible, 1250);
  EXPECT_EQ(result.suppressed, 1250);
  EXPECT_EQ(result.eligible_users.size(), 10U);
  EXPECT_EQ(result.suppressed_users.size(), 10U);
  EXPECT_EQ(result.samples.size(), 1U);
  EXPECT_TRUE(result.is_truncated());
  EXPECT_EQ(result.after.messages, 1250);
}

TEST_F(AudiencePlanTest, APreviewBoundsTheCostByTheCheapestAndTheDearestAllowedChannel) {
  Contact only_email = person(2);
  only_email.phone.clear();
  Contact complaining = person(3);
  complaining.has_open_complaint = true;
  const AudiencePreview result = preview({person(1), only_email, complaining});
  const PriceTable& prices = PriceTable::built_in();
  const Money email = prices.price(Channel::Email, "US", 1).amount;
  const Money dearest =
      std::max(prices.price(Channel::Sms, "US", 1).amount, prices.price(Channel::WhatsApp, "US", 1).amount);
  EXPECT_EQ(result.cost_range.lowest, email + email);
  EXPECT_EQ(result.cost_range.highest, dearest + email) << "whoever gets none costs nothing";
  EXPECT_LE(result.cost_range.lowest, result.after.cost);
  EXPECT_GE(result.cost_range.highest, result.after.cost);
  EXPECT_EQ(result.after.cost_by_channel[Channel::Email], email);
  EXPECT_EQ(result.after.cost_by_channel[Channel::WhatsApp] + email, result.after.cost);
}

TEST_F(AudiencePlanTest, APreviewCountsPartsAsTheRateDoes) {
  content_ =
      R"({"templates":{"sms":{"name":"n","version":1,"definition":{"text":")" + std::string(200, 'x') + R"("}}}})";
  const AudiencePreview result = preview({person(1), person(2), person(3)});
  EXPECT_EQ(result.after.messages_by_channel[Channel::Sms], 3);
  EXPECT_EQ(result.parts_by_channel[Channel::Sms], 6);
  EXPECT_EQ(result.parts_by_channel[Channel::Email], 0);
}

TEST_F(AudiencePlanTest, APreviewSaysWhenTheFirstAndTheLastWhoWaitAreDue) {
  Contact california = person(1);
  california.time_zone = "America/Los_Angeles";
  Contact new_york = person(2);
  new_york.time_zone = "America/New_York";
  const AudiencePreview result = preview({california, person(3), new_york});
  EXPECT_EQ(format_iso8601(result.first_due.value()).substr(0, 16), "2026-11-02T13:00");
  EXPECT_EQ(format_iso8601(result.last_due.value()).substr(0, 16), "2026-11-02T16:00");
  EXPECT_EQ(preview({person(1)}).last_due, std::nullopt);
}

TEST_F(AudiencePlanTest, APreviewListsThoseWhomOneRuleExcludesAndStillCountsAll) {
  std::vector<Contact> people;
  for (int i = 0; i < 30; ++i) {
    people.push_back(person(i));
    people.back().has_open_complaint = i < 20;
    if (i >= 20) people.back().consent = {};
  }
  const AudiencePreview result = preview(people, {.users = 10, .excluded_by = "no_consent"});
  EXPECT_EQ(result.suppressed, 30);
  EXPECT_EQ(result.suppressed_by_rule.at("open_complaint"), 20);
  ASSERT_EQ(result.suppressed_users.size(), 10U);
  for (const PreviewedExclusion& one : result.suppressed_users) EXPECT_EQ(one.rule, "no_consent");
}

TEST_F(AudiencePlanTest, APreviewOfNobodyIsEmpty) {
  const AudiencePreview result = preview({});
  EXPECT_EQ(result.matched, 0);
  EXPECT_EQ(result.cost_range.highest, Money());
  EXPECT_FALSE(result.is_truncated());
  EXPECT_EQ(result.after.cost_per_response(), std::nullopt);
}

TEST_F(AudiencePlanTest, APreviewFailsWhenTheLedgerCannotBeRead) {
  log_.is_out = true;
  EXPECT_FALSE(run(preview_audience(deps(), selection({person(1)}), {})));
}

}  // namespace
}  // namespace clarion::testing
