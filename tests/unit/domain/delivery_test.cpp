#include "domain/delivery.h"

#include <gtest/gtest.h>

namespace clarion {
namespace {

TEST(DeliveryId, GoesOutAsShortTextAndComesBack) {
  const DeliveryId id = make_delivery_id(CampaignNumber{7}, 123456);
  const std::string text = to_string(id);
  EXPECT_TRUE(text.starts_with("d-"));
  EXPECT_EQ(parse_delivery_id(text), id);
  EXPECT_EQ(campaign_of(id), CampaignNumber{7});
  EXPECT_EQ(position_of(id), 123456U);
}

TEST(DeliveryId, RefusesWhatItNeverWrote) {
  for (const char* text : {"", "d-", "x-1", "d-il", "d-00000000000000", "d-zzzzzzzzzzzzz", "d-1 "}) {
    EXPECT_EQ(parse_delivery_id(text), std::nullopt) << text;
  }
}

TEST(AttemptId, CarriesDeliveryAndNumber) {
  const AttemptId id{make_delivery_id(CampaignNumber{1}, 2), 3};
  EXPECT_EQ(parse_attempt_id(to_string(id)), id);
  for (const char* text : {"d-1", "d-1.", "d-1.0", "d-1.-1", "d-1.2x", ".1"}) {
    EXPECT_EQ(parse_attempt_id(text), std::nullopt) << text;
  }
}

TEST(StateCounts, AddUpOnlyWhenEveryRecipientIsInOneState) {
  StateCounts counts{.planned = 6,
                     .waiting = 1,
                     .sending = 1,
                     .accepted = 1,
                     .delivered = 1,
                     .failed = 1,
                     .skipped = 1,
                     .in_doubt = 1};
  EXPECT_TRUE(counts.adds_up());
  counts.waiting = 0;
  EXPECT_FALSE(counts.adds_up());
}

}  // namespace
}  // namespace clarion
