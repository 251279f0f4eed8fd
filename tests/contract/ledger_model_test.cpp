// Random work against the memory ledger and another one: every answer and every state has to be the same.
#include <gtest/gtest.h>

#include "base/hash.h"
#include "contract/dynamo_service.h"
#include "contract/ledger_text.h"

namespace clarion::testing {
namespace {

// One random history, played against two StoreSets step by step.
class History {
 public:
  History(std::unique_ptr<StoreSet> stores, std::uint64_t seed) : stores_(std::move(stores)), random_(seed) {}

  void play(int steps) {
    open_campaign();
    for (int step = 0; step < steps; ++step) {
      const std::string what = take_step();
      ASSERT_EQ(left_text_, right_text_) << "step " << step << ": " << what;
      if (step % 40 == 39) compare_states(step);
      if (::testing::Test::HasFailure()) return;
    }
    compare_states(steps);
  }

 private:
  struct Known {
    Campaign campaign;
    Fence fence{};
    std::uint32_t rows = 0;
  };

  // Does the same to both and keeps what they answered.
  template <class Act>
  auto both(Act act) {
    auto left = act(*memory_);
    auto right = act(*stores_);
    left_text_ = outcome(left);
    right_text_ = outcome(right);
    return left;
  }
  static std::string outcome(const Result<void>& result) { return result ? "done" : result.error().message; }
  static std::string outcome(const Result<Fence>& result) {
    return result ? std::to_string(static_cast<std::int64_t>(*result)) : result.error().message;
  }
  static std::string outcome(const Result<ClaimReply>& result) {
    return result ? text_of(*result) : result.error().message;
  }
  template <class Number>
    requires std::integral<Number>
  static std::string outcome(const Result<Number>& result) {
    return result ? std::to_string(*result) : result.error().message;
  }
  static std::string outcome(const Result<std::vector<EventOutcome>>& result) {
    if (!result) return result.error().message;
    std::string text;
    for (const EventOutcome one : *result) text += std::to_string(static_cast<int>(one));
    return text;
  }
  static std::string outcome(const Result<Campaign>& result) {
    return result ? result->definition.id : result.error().message;
  }

  void open_campaign() {
    const std::string id = "camp-" + std::to_string(campaigns_.size());
    const auto made = both([&](StoreSet& stores) {
      return run(stores.campaigns().create(definition_of(id), CampaignStatus::Running, at_second(now_)));
    });
    Known known{.campaign = made.value()};
    known.fence = both([&](StoreSet& stores) {
                    return run(stores.deliveries().take_fence(known.campaign.number, at_second(now_)));
                  }).value();
    const auto batches = random_.below(4);
    for (std::uint64_t batch = 0; batch <= batches; ++batch) {
      std::vector<PlannedDelivery> rows = random_rows(known.rows);
      known.rows += static_cast<std::uint32_t>(rows.size());
      both([&](StoreSet& stores) { return run(stores.deliveries().append_plan(known.campaign.number, rows)); });
    }
    if (random_.below(8) == 0) {
      // A crash while planning: what was there goes, and the plan is made again.
      stores_->reopen();
      known.fence = both([&](StoreSet& stores) {
                      return run(stores.deliveries().take_fence(known.campaign.number, at_second(now_)));
                    }).value();
      const std::vector<PlannedDelivery> rows = random_rows(0);
      known.rows = static_cast<std::uint32_t>(rows.size());
      both([&](StoreSet& stores) { return run(stores.deliveries().append_plan(known.campaign.number, rows)); });
    }
    both([&](StoreSet& stores) {
      return run(
          stores.deliveries().complete_plan(known.campaign.number, Money{static_cast<std::int64_t>(known.rows)}));
    });
    campaigns_.push_back(known);
  }

  std::vector<PlannedDelivery> random_rows(std::uint32_t first) {
    std::vector<PlannedDelivery> rows;
    const auto count = random_.below(200);
    for (std::uint64_t i = 0; i < count; ++i) {
      PlannedDelivery row = waiting_row("c" + std::to_string(first + i), all_channels[random_.below(3)]);
      row.estimated_cost = Money{static_cast<std::int64_t>(random_.below(500))};
      const auto kind = random_.below(10);
      if (kind == 0) row.state = DeliveryState::Skipped;
      if (kind == 1) row.state = DeliveryState::Failed;
      if (kind <= 1) row.reason = "rule-" + std::to_string(random_.below(3));
      if (kind <= 1 && random_.below(2) == 0) row.channel.reset();
      if (kind == 2 || kind == 3) row.due_at = at_second(static_cast<std::int64_t>(random_.below(400)));
      rows.push_back(std::move(row));
    }
    return rows;
  }

  std::string take_step() {
    now_ += static_cast<std::int64_t>(random_.below(4));
    Known& known = campaigns_[random_.below(campaigns_.size())];
    const auto kind = random_.below(100);
    if (kind < 35) return claim(known);
    if (kind < 65) return record(known);
    if (kind < 90) return apply_events();
    if (kind < 93) return take_fence(known);
    if (kind < 95) {
      stores_->reopen();
      return "reopen";
    }
    if (kind < 96) return skip(known);
    if (kind < 98) return claim_with_an_old_fence(known);
    open_campaign();
    return "another campaign";
  }

  std::string claim(Known& known) {
    const ClaimRequest request{known.campaign.number, all_channels[random_.below(3)], known.fence, random_.below(60),
                               at_second(now_)};
    const auto reply = both([&](StoreSet& stores) { return run(stores.deliveries().claim(request)); });
    for (const ClaimedDelivery& one : reply->claimed) attempts_.push_back(one.attempt);
    return "claim";
  }

  std::string claim_with_an_old_fence(Known& known) {
    const ClaimRequest request{known.campaign.number, Channel::Sms, Fence{static_cast<std::int64_t>(known.fence) - 1},
                               10, at_second(now_)};
    both([&](StoreSet& stores) { return run(stores.deliveries().claim(request)); });
    return "claim with an old fence";
  }

  std::string record(Known& known) {
    std::vector<AttemptRecord> records;
    const auto count = random_.below(40);
    for (std::uint64_t i = 0; i < count && !attempts_.empty(); ++i) {
      AttemptRecord one;
      const std::size_t at = random_.below(attempts_.size());
      one.attempt = attempts_[at];
      if (random_.below(10) != 0) attempts_.erase(attempts_.begin() + static_cast<std::ptrdiff_t>(at));
      if (random_.below(20) == 0) one.attempt.attempt += 1;
      constexpr std::array ends{DeliveryState::Accepted, DeliveryState::Accepted, DeliveryState::Accepted,
                                DeliveryState::Failed,   DeliveryState::InDoubt,  DeliveryState::Waiting,
                                DeliveryState::Waiting,  DeliveryState::Skipped};
      one.to = ends[random_.below(ends.size())];
      one.channel = all_channels[random_.below(3)];
      one.reason = "end-" + std::to_string(random_.below(4));
      if (random_.below(3) != 0) one.provider_id = "p" + std::to_string(random_.below(1000));
      one.parts = static_cast<std::int32_t>(random_.below(4));
      one.cost = Money{static_cast<std::int64_t>(random_.below(900))};
      if (random_.below(2) == 0) one.due_at = at_second(now_ + static_cast<std::int64_t>(random_.below(60)));
      one.was_attempted = random_.below(3) != 0;
      one.at = at_second(now_ - static_cast<std::int64_t>(random_.below(5)));
      records.push_back(std::move(one));
    }
    both(
        [&](StoreSet& stores) { return run(stores.deliveries().record(known.campaign.number, known.fence, records)); });
    return "record";
  }

  std::string apply_events() {
    std::vector<DeliveryEvent> events;
    const auto count = random_.below(30);
    for (std::uint64_t i = 0; i < count; ++i) {
      const Known& known = campaigns_[random_.below(campaigns_.size())];
      events.push_back(DeliveryEvent{
          make_delivery_id(known.campaign.number, static_cast<std::uint32_t>(random_.below(known.rows + 2))),
          static_cast<DeliveryEventKind>(random_.below(8)),
          at_second(now_ - static_cast<std::int64_t>(random_.below(20))), "said"});
    }
    both([&](StoreSet& stores) { return run(stores.deliveries().apply_events(events)); });
    return "apply_events";
  }

  std::string take_fence(Known& known) {
    known.fence = both([&](StoreSet& stores) {
                    return run(stores.deliveries().take_fence(known.campaign.number, at_second(now_)));
                  }).value();
    return "take_fence";
  }

  std::string skip(Known& known) {
    both([&](StoreSet& stores) {
      return run(stores.deliveries().skip_waiting(known.campaign.number, known.fence, "cancelled", at_second(now_)));
    });
    return "skip_waiting";
  }

  void compare_states(int step) {
    for (const Known& known : campaigns_) {
      const std::string left = text_of(*memory_, known.campaign);
      EXPECT_EQ(left, text_of(*stores_, known.campaign)) << "after step " << step;
      EXPECT_EQ(left.find("DOES NOT ADD UP"), std::string::npos);
    }
  }

  std::unique_ptr<StoreSet> memory_ = make_memory_stores();
  std::unique_ptr<StoreSet> stores_;
  SeededRandom random_;
  std::int64_t now_ = 100;
  std::vector<Known> campaigns_;
  std::vector<AttemptId> attempts_;  // claimed, perhaps not ended
  std::string left_text_;
  std::string right_text_;
};

class LedgerModel : public ::testing::TestWithParam<std::uint64_t> {};

TEST_P(LedgerModel, SqliteAndMemoryAnswerAlikeWhateverIsAsked) {
  History(make_sqlite_stores(), GetParam()).play(240);
}

TEST_P(LedgerModel, DynamoAndMemoryAnswerAlikeWhateverIsAsked) {
  if (!DynamoService::is_wanted()) GTEST_SKIP() << "needs CLARION_TEST_DYNAMO";
  if (GetParam() > 3) GTEST_SKIP() << "the emulator is slow";
  History(make_dynamo_stores(), GetParam()).play(80);
}

INSTANTIATE_TEST_SUITE_P(Seeds, LedgerModel, ::testing::Range<std::uint64_t>(1, 9));

}  // namespace
}  // namespace clarion::testing
