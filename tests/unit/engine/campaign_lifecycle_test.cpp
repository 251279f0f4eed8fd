#include "unit/engine/engine_fixture.h"

namespace clarion::testing {
namespace {

class CampaignLifecycle : public EngineTest {};

TEST_F(CampaignLifecycle, RunsFromPlanToCompletedOnEveryChannelAtOnce) {
  auto rows = planned(40, Channel::Sms);
  for (auto& row : planned(40, Channel::WhatsApp, 40)) rows.push_back(row);
  for (auto& row : planned(40, Channel::Email, 80)) rows.push_back(row);
  PlannedDelivery nobody;
  nobody.contact_id = "c120";
  nobody.state = DeliveryState::Skipped;
  nobody.reason = "no_consent";
  rows.push_back(nobody);

  const auto created = start(definition(100), std::move(rows));
  ASSERT_TRUE(created);
  EXPECT_TRUE(created->is_planned);
  EXPECT_EQ(created->estimated_cost, Money{1'200'000});
  const CampaignProgress done = wait(10s);
  EXPECT_EQ(text(done), "completed w0 s0 a120 f0 k1 ?0");
  EXPECT_EQ(done.campaign.actual_cost, Money{1'200'000});
  EXPECT_TRUE(done.campaign.finished_at);
  EXPECT_EQ(sms_.sent.size(), 40U);
  EXPECT_EQ(email_.sent.size(), 40U);
  expect_nobody_twice();
}

}  // namespace
}  // namespace clarion::testing
