#include "store/consent_join.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "audience/consent_merge.h"
#include "base/hash.h"

namespace clarion::testing {
namespace {

using namespace std::chrono_literals;

const WallTime today(std::chrono::sys_days{std::chrono::year{2026} / 6 / 1});

Contact contact(std::string id, ConsentState state = ConsentState::Unknown, std::optional<WallTime> at = {}) {
  Contact made;
  made.id = std::move(id);
  made.consent[Channel::Sms] = {.state = state, .source = "", .at = at};
  return made;
}

class ConsentJoinTest : public ::testing::Test {
 protected:
  ConsentJoin join_ = ConsentJoin::create().value();
  ChangedConsents changed_ = ChangedConsents::create().value();
};

TEST_F(ConsentJoinTest, WhoWasThereKeepsAnOptOutAndIsReplaced) {
  join_.add_kept(contact("A", ConsentState::OptedOut, today - 24h));
  join_.add_kept(contact("B", ConsentState::OptedOut, today - 24h));
  join_.add_row(contact("A", ConsentState::OptedIn, today - 48h));
  join_.add_row(contact("C", ConsentState::OptedIn, today - 48h));
  const auto counts = join_.join(today, changed_).value();
  EXPECT_EQ(counts.replaced, 1);
  EXPECT_EQ(counts.opt_outs_kept, 1);
  EXPECT_EQ(counts.opt_ins_kept, 0);
  const auto of_a = join_.take_row("A");
  ASSERT_TRUE(of_a);
  EXPECT_EQ((*of_a)[Channel::Sms].state, ConsentState::OptedOut);
  EXPECT_FALSE(join_.take_row("C")) << "it says so itself";
  EXPECT_TRUE(join_.take_kept("A"));
  EXPECT_FALSE(join_.take_kept("B"));
  EXPECT_TRUE(join_.check_kept());
}

TEST_F(ConsentJoinTest, EveryRowOfOnePersonHasTheLastConsent) {
  join_.add_row(contact("A", ConsentState::OptedIn, today - 48h));
  join_.add_row(contact("A", ConsentState::OptedOut));
  const auto counts = join_.join(today, changed_).value();
  EXPECT_EQ(counts.replaced, 1);
  for (int row = 0; row < 2; ++row) {
    const auto consent = join_.take_row("A");
    ASSERT_TRUE(consent);
    EXPECT_EQ((*consent)[Channel::Sms].state, ConsentState::OptedOut);
    EXPECT_EQ((*consent)[Channel::Sms].at, today) << "an opt-out without a date counts from the import";
  }
}

TEST_F(ConsentJoinTest, OtherContactsThanThoseThatWereAddedAreAConflict) {
  join_.add_kept(contact("A"));
  join_.add_kept(contact("B"));
  ASSERT_TRUE(join_.join(today, changed_));
  EXPECT_FALSE(join_.take_kept("A"));
  EXPECT_FALSE(join_.check_kept()) << "B is gone";
  EXPECT_FALSE(join_.take_kept("X"));
  EXPECT_FALSE(join_.check_kept()) << "X is new";
}

// The rule applied row by row, with everybody in memory.
TEST_F(ConsentJoinTest, ManyAreJoinedAsOneAfterTheOther) {
  SeededRandom random(7);
  constexpr std::uint64_t people = 5000;
  const auto draw = [&] {
    Contact made = contact(fmt::format("C-{}", random.below(people)));
    for (const Channel channel : all_channels) {
      Consent& consent = made.consent[channel];
      consent.state = static_cast<ConsentState>(random.below(3));
      if (random.below(2) == 0) consent.at = today - std::chrono::hours(random.below(50));
      if (random.below(2) == 0) consent.source = std::string(random.below(500), 's');
    }
    return made;
  };
  std::map<std::string, PerChannel<Consent>> known;
  std::vector<std::string> kept;
  for (int i = 0; i < 4000; ++i) {
    const Contact made = draw();
    join_.add_kept(made);
    kept.push_back(made.id);
    known[made.id] = made.consent;
  }
  const auto distinct_kept = static_cast<std::int64_t>(known.size());
  std::map<std::string, bool> is_replaced;
  std::vector<Contact> rows;
  ConsentJoin::Counts expected;
  for (int i = 0; i < 8000; ++i) {
    rows.push_back(draw());
    join_.add_row(rows.back());
    const auto merged = merge_consent(known[rows.back().id], rows.back().consent, today);
    known[rows.back().id] = merged.consent;
    is_replaced[rows.back().id] = true;
    expected.opt_outs_kept += merged.is_opt_out_kept ? 1 : 0;
    expected.opt_ins_kept += merged.is_opt_in_kept ? 1 : 0;
  }
  expected.replaced = 8000 - (static_cast<std::int64_t>(known.size()) - distinct_kept);
  const auto counts = join_.join(today, changed_).value();
  EXPECT_EQ(counts.replaced, expected.replaced);
  EXPECT_EQ(counts.opt_outs_kept, expected.opt_outs_kept);
  EXPECT_EQ(counts.opt_ins_kept, expected.opt_ins_kept);
  for (const Contact& row : rows) ASSERT_EQ(join_.take_row(row.id).value_or(row.consent), known[row.id]);
  for (const std::string& id : kept) ASSERT_EQ(join_.take_kept(id), is_replaced[id]);
  EXPECT_TRUE(join_.check_kept());
  EXPECT_FALSE(changed_.is_empty());
}

}  // namespace
}  // namespace clarion::testing
