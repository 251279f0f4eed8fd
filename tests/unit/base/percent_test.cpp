#include "base/percent.h"

#include <gtest/gtest.h>

namespace clarion {
namespace {

std::string encoded(std::string_view text, std::string_view kept = {}) {
  std::string out;
  append_percent_encoded(out, text, kept);
  return out;
}

TEST(Percent, LeavesTheUnreservedAsTheyAre) {
  EXPECT_EQ(encoded("AZaz09-._~"), "AZaz09-._~");
}

TEST(Percent, WritesEveryOtherByteInCapitals) {
  EXPECT_EQ(encoded("a b+c/ä"), "a%20b%2Bc%2F%C3%A4");
  EXPECT_EQ(encoded(std::string_view("\0\xff", 2)), "%00%FF");
}

TEST(Percent, KeepsWhatIsAskedFor) {
  EXPECT_EQ(encoded("/a@b:c", "/@"), "/a@b%3Ac");
}

}  // namespace
}  // namespace clarion
