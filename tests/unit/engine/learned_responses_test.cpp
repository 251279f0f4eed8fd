#include "engine/learned_responses.h"

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <optional>
#include <string>

#include "base/hash.h"
#include "decision/channel_choice.h"
#include "fakes/given_contact_log.h"
#include "fakes/manual_clock.h"

namespace clarion::testing {
namespace {

using std::chrono::days;
using std::chrono::seconds;

Contact person(int number) {
  Contact contact;
  contact.id = "C-" + std::to_string(number);
  contact.country = number % 2 == 0 ? "IN" : "DE";
  contact.age = 30;
  contact.phone = (number % 2 == 0 ? "+91981234" : "+49151234") + std::to_string(1000 + number);
  contact.email = "c" + std::to_string(number) + "@example.com";
  for (const Channel channel : all_channels) contact.consent[channel].state = ConsentState::OptedIn;
  return contact;
}

class LearnedResponsesTest : public ::testing::Test {
 protected:
  LearnedResponsesTest() {
    ContactTable::Builder builder;
    for (int i = 0; i < 600; ++i) builder.add(person(i));
    contacts_ = std::move(builder).build();
  }

  // Everybody got an SMS and a WhatsApp message: in India one in `one_in` answered the SMS, elsewhere one in five the
  // other.
  void campaign(int one_in, days ago) {
    for (int i = 0; i < 600; ++i) {
      const bool is_indian = i % 2 == 0;
      log_.outcomes.push_back({person(i).id,
                               {.contact_id = {},
                                .channel = Channel::Sms,
                                .sent_at = clock_.wall_now() - ago,
                                .was_answered = is_indian && i / 2 % one_in == 0}});
      log_.outcomes.push_back({person(i).id,
                               {.contact_id = {},
                                .channel = Channel::WhatsApp,
                                .sent_at = clock_.wall_now() - ago,
                                .was_answered = !is_indian && i % 5 == 0}});
    }
  }

  Result<LearnedResponses::Model> current() {
    std::optional<Result<LearnedResponses::Model>> reply;
    asio::co_spawn(
        context_,
        [](LearnedResponses& learned, std::shared_ptr<const ContactTable> contacts, LearnedResponses::Model otherwise,
           std::optional<Result<LearnedResponses::Model>>& out) -> Task<void> {
          out.emplace(co_await learned.current(contacts, otherwise));
        }(learned_, contacts_, otherwise_, reply),
        [](const std::exception_ptr& failure) {
          if (failure) std::rethrow_exception(failure);
        });
    clock_.settle();
    return reply ? *reply : fail(ErrorKind::Internal, "it did not end");
  }

  // The channels of a plan for everybody who was in no campaign before: "IN whatsapp, DE sms".
  std::string plan(std::uint64_t seed = 1) {
    const auto model = current().value();
    const ContactEligibility allowed;
    ChoicePolicy policy;
    policy.exploration = 0.2;
    policy.seed = seed;
    const ChannelChoice choice(*model, PriceTable::built_in(), policy);
    std::map<std::string, std::map<std::string, int>> counts;
    std::string each;
    for (int i = 1000; i < 1400; ++i) {
      const Contact contact = person(i);
      const Decision decision = choice.decide(
          {.contact = contact, .contact_hash = hash64(contact.id), .eligibility = allowed, .now = clock_.wall_now()});
      ++counts[contact.country][std::string(to_string(*decision.channel))];
      each += to_string(*decision.channel).front();
    }
    each_ = each;
    std::string text;
    for (const char* country : {"IN", "DE"}) {
      const auto most = std::ranges::max_element(counts[country], {}, [](const auto& one) { return one.second; });
      text += std::string(text.empty() ? "" : ", ") + country + ' ' + most->first;
    }
    return text;
  }

  asio::io_context context_{1};
  ManualClock clock_{context_};
  GivenContactLog log_;
  std::shared_ptr<const ContactTable> contacts_;
  LearnedResponses::Model otherwise_ = std::make_shared<const ResponseModel>();
  LearnedResponses learned_{{.log = log_, .clock = clock_, .learning = context_.get_executor()}};
  std::string each_;
};

TEST_F(LearnedResponsesTest, TheNextPlanMovesToTheChannelOnWhichASegmentAnswered) {
  EXPECT_EQ(plan(), "IN whatsapp, DE email") << "the priors' choice, for the prices of each country";
  clock_.advance(seconds(3));
  campaign(3, days(2));
  EXPECT_EQ(plan(), "IN sms, DE whatsapp");
}

TEST_F(LearnedResponsesTest, WhatASegmentAnsweredLongAgoIsForgotten) {
  campaign(3, days(2));
  EXPECT_EQ(plan(), "IN sms, DE whatsapp");
  clock_.advance(days(900));
  EXPECT_EQ(plan(), "IN whatsapp, DE email");
}

TEST_F(LearnedResponsesTest, TheSameSeedPlansTheSameAgain) {
  campaign(3, days(2));
  plan(7);
  const std::string first = each_;
  plan(7);
  EXPECT_EQ(each_, first);
  plan(8);
  EXPECT_NE(each_, first);
}

TEST_F(LearnedResponsesTest, WithoutMessagesTheContactsAloneAreTheModel) {
  EXPECT_EQ(current().value(), otherwise_);
}

TEST_F(LearnedResponsesTest, IsReadAgainOnlyWhenItIsOldOrTheContactsAreOthers) {
  campaign(3, days(2));
  const auto first = current().value();
  EXPECT_EQ(current().value(), first);
  EXPECT_EQ(log_.readings, 1);
  clock_.advance(seconds(3));
  EXPECT_NE(current().value(), first);
  EXPECT_EQ(log_.readings, 2);
  ContactTable::Builder builder;
  builder.add(person(1));
  contacts_ = std::move(builder).build();
  EXPECT_EQ(current().value()->contacts_seen(), 1U);
  EXPECT_EQ(log_.readings, 3);
}

TEST_F(LearnedResponsesTest, AnOutageIsSaidAndOvercome) {
  log_.is_out = true;
  EXPECT_EQ(current().error().kind, ErrorKind::Unavailable);
  log_.is_out = false;
  campaign(3, days(2));
  EXPECT_NE(current().value(), otherwise_);
}

TEST_F(LearnedResponsesTest, EverybodyOfWhomThereIsEvidenceIsLearntFrom) {
  campaign(3, days(2));
  auto evidence = std::make_shared<ResponseEvidence>(clock_.wall_now());
  for (int i = 0; i < 10; ++i) {
    evidence->add(person(i).id, {.channel = Channel::Sms, .sent_at = clock_.wall_now(), .was_answered = true});
  }
  const auto model = learn_responses(*contacts_, clock_.wall_now(), {}, evidence, 1);
  EXPECT_EQ(model->contacts_seen(), 10U) << "the first row is the sample, and one of the ten";
}

}  // namespace
}  // namespace clarion::testing
