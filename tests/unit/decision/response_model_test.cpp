#include "decision/response_model.h"

#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <utility>

#include "base/hash.h"

namespace clarion {
namespace {

using std::chrono::days;

const WallTime now = *parse_iso8601("2026-11-10T12:00:00Z");

Contact person(int number, const char* country = "IN", int age = 30) {
  Contact contact;
  contact.id = "C-" + std::to_string(number);
  contact.country = country;
  contact.age = age;
  return contact;
}

void give(Contact& contact, Channel channel, int sent, int responded, WallTime last = now) {
  contact.engagement[channel].sent = sent;
  contact.engagement[channel].responded = responded;
  contact.engagement[channel].last_at = last;
}

// 2,000 contacts who each got 20 emails; Indians respond at `in`, Germans at `de`, each exactly.
ResponseModel learned(int in, int de) {
  ResponseLearner learner(now);
  for (int i = 0; i < 2000; ++i) {
    Contact contact = person(i, i % 2 == 0 ? "IN" : "DE");
    give(contact, Channel::Email, 20, i % 2 == 0 ? in : de);
    learner.add(contact);
  }
  return learner.finish();
}

TEST(ResponseModel, WithoutAnyDataAnswersTheStatedPrior) {
  const ResponseModel model;
  EXPECT_DOUBLE_EQ(model.response(person(1), Channel::Email, now).mean, 0.02);
  EXPECT_DOUBLE_EQ(model.response(person(1), Channel::Email, now).effective_n, 20);
  EXPECT_DOUBLE_EQ(model.opt_out_risk(Channel::Email, 0), 0.002);
}

TEST(ResponseModel, AContactWithoutDataHasItsSegmentsRate) {
  const ResponseModel model = learned(4, 1);
  EXPECT_NEAR(model.response(person(9001, "IN"), Channel::Email, now).mean, 0.20, 0.002);
  EXPECT_NEAR(model.response(person(9001, "DE"), Channel::Email, now).mean, 0.05, 0.002);
}

TEST(ResponseModel, AnUnseenSegmentHasTheRateOfTheWhole) {
  const ResponseModel model = learned(4, 1);
  EXPECT_NEAR(model.whole(Channel::Email).mean, 0.125, 0.001);
  EXPECT_NEAR(model.response(person(9001, "BR"), Channel::Email, now).mean, 0.125, 0.001);
}

TEST(ResponseModel, MuchDataOutweighsTheSegment) {
  const ResponseModel model = learned(4, 1);
  Contact contact = person(9001, "DE");
  give(contact, Channel::Email, 1'000'000, 700'000);
  EXPECT_NEAR(model.response(contact, Channel::Email, now).mean, 0.7, 0.002);
}

TEST(ResponseModel, LittleDataMovesALittle) {
  const ResponseModel model = learned(4, 1);
  Contact contact = person(9001, "DE");
  give(contact, Channel::Email, 1, 1);
  const double mean = model.response(contact, Channel::Email, now).mean;
  EXPECT_GT(mean, model.segment(contact, Channel::Email).mean);
  EXPECT_LT(mean, 0.1);
}

TEST(ResponseModel, PullsHarderWhereContactsAreAlike) {
  // Alike: everybody at 10 %. Unlike: half at 0 %, half at 20 %, in one segment.
  ResponseLearner alike(now);
  ResponseLearner unlike(now);
  for (int i = 0; i < 1000; ++i) {
    Contact contact = person(i);
    give(contact, Channel::Sms, 20, 2);
    alike.add(contact);
    give(contact, Channel::Sms, 20, i % 2 == 0 ? 0 : 4);
    unlike.add(contact);
  }
  const ResponseModel same = alike.finish();
  const ResponseModel spread = unlike.finish();
  EXPECT_EQ(same.contact_strength(Channel::Sms), 2000);  // no variance beyond chance
  EXPECT_LT(spread.contact_strength(Channel::Sms), 50);
  EXPECT_GE(spread.contact_strength(Channel::Sms), 2);
}

TEST(ResponseModel, FindsTheStrengthThatMadeTheData) {
  // Rates drawn from Beta(2, 18): strength 20, mean 0.1. A Beta(2, 18) is a ratio of two sums of exponentials.
  SeededRandom random(7);
  const auto gamma = [&random](int shape) {
    double sum = 0;
    for (int i = 0; i < shape; ++i) sum -= std::log(1 - random.uniform());
    return sum;
  };
  ResponseLearner learner(now);
  for (int i = 0; i < 5000; ++i) {
    const double a = gamma(2);
    const double rate = a / (a + gamma(18));
    int responded = 0;
    for (int message = 0; message < 50; ++message) responded += random.uniform() < rate ? 1 : 0;
    Contact contact = person(i);
    give(contact, Channel::Sms, 50, responded);
    learner.add(contact);
  }
  const ResponseModel model = learner.finish();
  EXPECT_NEAR(model.contact_strength(Channel::Sms), 20, 3);
}

TEST(ResponseModel, CountsLoseHalfTheirWeightInThirtyDays) {
  const ResponseModel model;
  Contact contact = person(1);
  give(contact, Channel::Sms, 100, 50);
  EXPECT_DOUBLE_EQ(model.response(contact, Channel::Sms, now).effective_n, 20 + 100);
  EXPECT_DOUBLE_EQ(model.response(contact, Channel::Sms, now + days(30)).effective_n, 20 + 50);
  EXPECT_DOUBLE_EQ(model.response(contact, Channel::Sms, now + days(60)).effective_n, 20 + 25);
  contact.engagement[Channel::Sms].last_at.reset();
  EXPECT_DOUBLE_EQ(model.response(contact, Channel::Sms, now).effective_n, 20 + 50);
}

TEST(ResponseModel, ADateInTheFutureCountsAsNow) {
  const ResponseModel model;
  Contact contact = person(1);
  give(contact, Channel::Sms, 100, 50, now + days(300));
  EXPECT_DOUBLE_EQ(model.response(contact, Channel::Sms, now).effective_n, 120);
}

TEST(ResponseModel, AnImportedPreferenceMovesTheRateByItsDistanceFromTheAverage) {
  ResponseLearner learner(now);
  for (int i = 0; i < 100; ++i) {
    Contact contact = person(i);
    contact.engagement[Channel::WhatsApp].preference = 0.5;
    learner.add(contact);
  }
  const ResponseModel model = learner.finish();
  Contact contact = person(9001);
  const double without = model.response(contact, Channel::WhatsApp, now).mean;
  contact.engagement[Channel::WhatsApp].preference = 0.5;
  EXPECT_NEAR(model.response(contact, Channel::WhatsApp, now).mean, without, 1e-9);
  contact.engagement[Channel::WhatsApp].preference = 1.0;
  EXPECT_GT(model.response(contact, Channel::WhatsApp, now).mean, without);
  contact.engagement[Channel::WhatsApp].preference = 0.0;
  EXPECT_LT(model.response(contact, Channel::WhatsApp, now).mean, without);
}

TEST(ResponseModel, StaysARateForImpossibleCounts) {
  const ResponseModel model;
  for (const auto& [sent, responded] : {std::pair{5, 50}, std::pair{5, -5}, std::pair{-5, 5}, std::pair{0, 5}}) {
    Contact contact = person(1);
    give(contact, Channel::Sms, sent, responded);
    const Posterior posterior = model.response(contact, Channel::Sms, now);
    EXPECT_GE(posterior.mean, 0);
    EXPECT_LE(posterior.mean, 1);
    EXPECT_GT(posterior.effective_n, 0);
  }
}

TEST(ResponseModel, AnEmptyAudienceTeachesNothing) {
  const ResponseModel model = ResponseLearner(now).finish();
  EXPECT_DOUBLE_EQ(model.response(person(1), Channel::Sms, now).mean, 0.05);
}

TEST(ResponseModel, OptOutRiskIsWhatTheAudienceShowedAndGrowsWithThisWeeksMessages) {
  ResponseLearner learner(now);
  for (int i = 0; i < 1000; ++i) {
    Contact contact = person(i);
    give(contact, Channel::Sms, 10, 1);
    if (i < 100) contact.consent[Channel::Sms].state = ConsentState::OptedOut;
    learner.add(contact);
  }
  const ResponseModel model = learner.finish();
  EXPECT_NEAR(model.opt_out_risk(Channel::Sms, 0), 0.01, 0.0001);
  EXPECT_NEAR(model.opt_out_risk(Channel::Sms, 4), 0.02, 0.0002);
  EXPECT_LE(model.opt_out_risk(Channel::Sms, 1'000'000), 1.0);
}

TEST(SegmentKey, TellsCountriesAndAgeBandsApart) {
  EXPECT_EQ(segment_key(person(1, "IN", 25)), segment_key(person(2, "IN", 34)));
  EXPECT_NE(segment_key(person(1, "IN", 24)), segment_key(person(2, "IN", 25)));
  EXPECT_NE(segment_key(person(1, "IN", 30)), segment_key(person(2, "DE", 30)));
  Contact unknown = person(1, "", 30);
  unknown.age.reset();
  EXPECT_EQ(segment_key(unknown), 0U);
}

// 400 people of IN answered their emails as the number says, those of DE did not; nobody has imported counts.
std::shared_ptr<const ResponseEvidence> campaign(int answers_in_ten, int days_ago = 3) {
  auto evidence = std::make_shared<ResponseEvidence>(now);
  for (int i = 0; i < 800; ++i) {
    evidence->add("C-" + std::to_string(i), {.channel = Channel::Email,
                                             .sent_at = now - days(days_ago),
                                             .was_answered = i % 2 == 0 && i / 2 % 10 < answers_in_ten});
  }
  return evidence;
}

ResponseModel learned_from(const std::shared_ptr<const ResponseEvidence>& evidence) {
  ResponseLearner learner(now, {}, evidence);
  for (int i = 0; i < 1000; ++i) learner.add(person(i, i % 2 == 0 ? "IN" : "DE"));
  return learner.finish();
}

TEST(ResponseModel, ACampaignsOutcomesTeachTheSegment) {
  const ResponseModel model = learned_from(campaign(3));
  EXPECT_NEAR(model.response(person(9001, "IN"), Channel::Email, now).mean, 0.29, 0.03);
  EXPECT_LT(model.response(person(9001, "DE"), Channel::Email, now).mean, 0.05);
  EXPECT_DOUBLE_EQ(model.response(person(9001, "IN"), Channel::Sms, now).mean, 0.05) << "nothing was sent there";
}

TEST(ResponseModel, OnesOwnAnswersOutweighTheSegment) {
  const ResponseModel model = learned_from(campaign(3));
  const ResponseEstimate answered = model.estimate(person(0), hash64("C-0"), Channel::Email, now);
  const ResponseEstimate silent = model.estimate(person(18), hash64("C-18"), Channel::Email, now);
  EXPECT_NEAR(answered.own.sent, 0.93, 0.01);
  EXPECT_NEAR(answered.own.responded, 0.93, 0.01);
  EXPECT_EQ(silent.own.responded, 0);
  EXPECT_GT(answered.response.mean, answered.segment);
  EXPECT_LT(silent.response.mean, silent.segment);
}

TEST(ResponseModel, WhatWasLearntFades) {
  const double fresh = learned_from(campaign(3, 3)).whole(Channel::Email).effective_n;
  const double old = learned_from(campaign(3, 150)).whole(Channel::Email).effective_n;
  EXPECT_GT(fresh, 600);
  EXPECT_LT(old, 70) << "back towards the prior's twenty";
}

TEST(ResponseModel, OptOutsOfACampaignRaiseTheRisk) {
  auto evidence = std::make_shared<ResponseEvidence>(now);
  for (int i = 0; i < 1000; ++i) {
    evidence->add("C-" + std::to_string(i), {.channel = Channel::Email, .sent_at = now, .was_unwelcome = i % 10 == 0});
  }
  EXPECT_NEAR(learned_from(evidence).opt_out_risk(Channel::Email, 0), 0.098, 0.003);
  EXPECT_NEAR(learned_from(evidence).opt_out_risk(Channel::Sms, 0), 0.004, 1e-9);
}

TEST(ResponseModel, ImportedCountsAreWhatWasKnownBefore) {
  Contact contact = person(0);
  give(contact, Channel::Email, 10, 5);
  const ResponseModel model = learned_from(campaign(3));
  EXPECT_NEAR(model.estimate(contact, hash64("C-0"), Channel::Email, now).own.sent, 10.93, 0.01);
}

}  // namespace
}  // namespace clarion
