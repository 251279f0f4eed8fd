#include "engine/vetting.h"

#include <gmock/gmock.h>

#include "fakes/memory_audience_stores.h"
#include "unit/engine/engine_fixture.h"

namespace clarion::testing {
namespace {

using ::testing::HasSubstr;

// Answers `takes` later.
class SlowSuppressionStore final : public SuppressionStore {
 public:
  SlowSuppressionStore(SuppressionStore& inner, Clock& clock) : inner_(inner), clock_(clock) {}
  Duration takes = Duration::zero();
  Task<Result<void>> add(std::vector<Suppression> suppressions) override { return inner_.add(std::move(suppressions)); }
  Task<Result<bool>> remove(Release release) override { return inner_.remove(std::move(release)); }
  Task<Result<std::vector<Suppression>>> list() override { return inner_.list(); }
  Task<Result<std::vector<Suppression>>> find(Channel channel, std::vector<std::string> addresses) override {
    if (takes > Duration::zero()) co_await clock_.sleep_for(takes);
    co_return co_await inner_.find(channel, std::move(addresses));
  }

 private:
  SuppressionStore& inner_;
  Clock& clock_;
};

class VettingTest : public EngineTest {
 protected:
  VettingTest() { vetting_ = &vetting; }
  static Contact contact(int number, ConsentState consent) {
    Contact one;
    one.id = "c" + std::to_string(number);
    one.phone = "+1425555" + std::to_string(10000 + number);
    one.consent[Channel::Sms] = {.state = consent, .source = "form", .at = std::nullopt};
    return one;
  }
  void know(const std::vector<Contact>& people) {
    ContactTable::Builder builder;
    for (const Contact& one : people) builder.add(one);
    contacts = std::move(builder).build();
  }
  void suppress(std::string address, Channel channel = Channel::Sms) {
    std::vector<Suppression> one{{channel, std::move(address), "opt_out", "test", {}}};
    ASSERT_TRUE(run(suppressions.add(std::move(one))));
  }
  [[nodiscard]] std::string reasons() const {
    std::string text;
    for (const MemoryRow& row : ledger_.campaigns.at(1).rows) {
      text += row.plan.contact_id + ":" + (row.reason.empty() ? "-" : row.reason) + " ";
    }
    return text;
  }

  MemorySuppressionStore suppressions;
  std::shared_ptr<const ContactTable> contacts = ContactTable::Builder().build();
  SlowSuppressionStore slow{suppressions, clock_};
  Vetting vetting{{.suppressions = slow, .contacts = [this] { return contacts; }}};
};

TEST_F(VettingTest, WhoSaysStopAfterThePlanIsSkippedAndTheOthersAreSentTo) {
  CampaignDefinition later = definition(100);
  later.start_at = clock_.wall_now() + 1h;
  ASSERT_TRUE(start(later, planned(4)));
  suppress("+142555510001");
  suppress("+142555510002", Channel::WhatsApp);
  know({contact(3, ConsentState::OptedOut)});
  clock_.advance(1h);
  EXPECT_EQ(text(wait(10s)), "completed w0 s0 a2 f0 k2 ?0");
  EXPECT_EQ(reasons(), "c0:- c1:suppressed c2:- c3:opted_out ");
  EXPECT_EQ(ledger_.campaigns.at(1).rows.at(1).attempts, 0) << "nothing was sent";
}

TEST_F(VettingTest, AnOptOutOfAnybodyAtTheAddressHoldsUnlessTheContactOptedInThere) {
  Contact other = contact(0, ConsentState::OptedOut);
  other.id = "somebody else";
  Contact third = contact(1, ConsentState::OptedOut);
  third.id = "a third";
  know({other, third, contact(1, ConsentState::OptedIn)});
  ASSERT_TRUE(start(definition(100), planned(2)));
  EXPECT_EQ(text(wait(10s)), "completed w0 s0 a1 f0 k1 ?0");
  EXPECT_EQ(reasons(), "c0:opted_out c1:- ");
}

TEST_F(VettingTest, AMailboxIsTheSameInAnyCase) {
  auto rows = planned(1, Channel::Email);
  rows[0].destination = "Ana@example.com";
  suppress("ana@example.com", Channel::Email);
  ASSERT_TRUE(start(definition(100), std::move(rows)));
  EXPECT_EQ(text(wait(10s)), "completed w0 s0 a0 f0 k1 ?0");
}

TEST_F(VettingTest, NothingIsSentWhileNobodyCanSayWhoHasOptedOut) {
  suppressions.find_failure = Error{ErrorKind::Unavailable, "the suppressions cannot be read"};
  ASSERT_TRUE(start(definition(100), planned(20)));
  const CampaignProgress held = wait(5s);
  EXPECT_EQ(held.counts.total().accepted, 0);
  EXPECT_THAT(held.campaign.status_reason, HasSubstr("the suppressions cannot be read"));
  EXPECT_LT(deliveries_.calls(LedgerCall::Claim), 30U) << "it asks less and less often";
  suppressions.find_failure.reset();
  EXPECT_EQ(text(wait(60s)), "completed w0 s0 a20 f0 k0 ?0");
  expect_nobody_twice();
}

TEST_F(VettingTest, WhatWasClaimedLongBeforeItsTurnIsLookedAtAgain) {
  // A burst of one, then one in 100 seconds: the second is claimed at once and waits.
  ASSERT_TRUE(start(definition(0.01), planned(3)));
  clock_.advance(10s);
  EXPECT_EQ(state(), "running w1 s1 a1 f0 k0 ?0");
  suppress("+142555510001");
  EXPECT_EQ(text(wait(10min)), "completed w0 s0 a2 f0 k1 ?0");
  EXPECT_EQ(reasons(), "c0:- c1:suppressed c2:- ");
}

TEST_F(VettingTest, WhatWaitedLongIsGivenBackWhenNobodyCanSay) {
  ASSERT_TRUE(start(definition(0.01), planned(2)));
  clock_.advance(10s);
  suppressions.find_failure = Error{ErrorKind::Unavailable, "the suppressions cannot be read"};
  clock_.advance(3min);
  EXPECT_EQ(progress().counts.total().accepted, 1);
  suppressions.find_failure.reset();
  EXPECT_EQ(text(wait(10min)), "completed w0 s0 a2 f0 k0 ?0");
  expect_nobody_twice();
}

TEST_F(VettingTest, WhoPausesWhileItIsAskedAgainIsObeyed) {
  ASSERT_TRUE(start(definition(0.01), planned(2)));
  clock_.advance(10s);
  EXPECT_EQ(state(), "running w0 s1 a1 f0 k0 ?0");
  slow.takes = 3s;
  clock_.advance(91s);
  ASSERT_TRUE(run(engine().pause("camp", "lunch")));
  clock_.advance(30s);
  EXPECT_EQ(state(), "paused w1 s0 a1 f0 k0 ?0") << "it was being asked when the pause came";
  expect_nobody_twice();
}

TEST_F(VettingTest, WhoIsSkippedCostsNoBudget) {
  CampaignDefinition capped = definition(100);
  capped.budget = Money{10'000};  // one message
  suppress("+142555510000");
  ASSERT_TRUE(start(std::move(capped), planned(2)));
  EXPECT_EQ(text(wait(10s)), "completed w0 s0 a1 f0 k1 ?0");
}

}  // namespace
}  // namespace clarion::testing
