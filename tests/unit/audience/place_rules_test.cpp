#include "audience/place_rules.h"

#include <gtest/gtest.h>

#include <string>

namespace clarion {
namespace {

TEST(TimeZone, IsAnIanaNameThatIcuKnows) {
  EXPECT_TRUE(is_time_zone("Europe/London"));
  EXPECT_FALSE(is_time_zone(""));
  EXPECT_FALSE(is_time_zone("Europe/Atlantis"));
  EXPECT_FALSE(is_time_zone(std::string(10'000, 'x')));
  EXPECT_FALSE(is_time_zone("\xff\xfe"));
}

}  // namespace
}  // namespace clarion
