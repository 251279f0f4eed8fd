#include "engine/suppressing_delivery_store.h"

#include <gmock/gmock.h>

#include "fakes/memory_audience_stores.h"
#include "unit/engine/engine_fixture.h"

namespace clarion::testing {
namespace {

class SuppressingDeliveryStoreTest : public EngineTest {
 protected:
  SuppressingDeliveryStoreTest() {
    front_ = &store_;
    sms_.answer = [](const Message& message) -> SendOutcome {
      if (message.contact_id != "c1") return Accepted{.provider_id = "id", .parts = 1, .cost = {}};
      return std::unexpected(SendFailure{FailureClass::OptedOut, "ConflictException", ""});
    };
  }
  // "sms +14255550000 opt_out <delivery>" lines.
  std::string suppressed() {
    std::string lines;
    const auto all = run(suppressions_.list());
    for (const Suppression& one : all.value()) {
      lines += std::string(to_string(one.channel)) + " " + one.address + " " + one.reason + " " + one.source + "\n";
    }
    return lines;
  }

  MemorySuppressionStore suppressions_;
  SuppressingDeliveryStore store_{{.inner = deliveries_, .log = rows_, .suppressions = suppressions_}};
};

TEST_F(SuppressingDeliveryStoreTest, WhoTheCarrierKnowsAsOptedOutIsSuppressedAndNobodyElse) {
  auto rows = planned(3);
  rows[2].payload = "unrenderable";
  ASSERT_TRUE(start(definition(100), std::move(rows)));
  EXPECT_EQ(text(wait(10s)), "completed w0 s0 a1 f2 k0 ?0");
  EXPECT_EQ(suppressed(), "sms +142555510001 opt_out " + to_string(make_delivery_id(CampaignNumber{1}, 1)) + "\n");
}

TEST_F(SuppressingDeliveryStoreTest, TheRefusalIsNotRecordedBeforeItIsKept) {
  suppressions_.failure = Error{ErrorKind::Unavailable, "the suppressions cannot be written"};
  ASSERT_TRUE(start(definition(100), planned(2)));
  EXPECT_EQ(progress().counts.total().failed, 0);
  EXPECT_THAT(wait(5s).campaign.status_reason, ::testing::HasSubstr("the suppressions cannot be written"));
  EXPECT_EQ(progress().counts.total().failed, 0);
  suppressions_.failure.reset();
  EXPECT_EQ(text(wait(60s)), "completed w0 s0 a1 f1 k0 ?0");
  EXPECT_NE(suppressed(), "");
  expect_nobody_twice();
}

}  // namespace
}  // namespace clarion::testing
