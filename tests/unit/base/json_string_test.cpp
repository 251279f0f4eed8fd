#include "base/json_string.h"

#include <gtest/gtest.h>

#include <array>

#include "base/hex.h"

namespace clarion {
namespace {

std::string quoted(std::string_view text) {
  std::string out = "before ";
  append_json_string(out, text);
  return out;
}

TEST(JsonString, EscapesWhatJsonWantsEscapedAndNothingElse) {
  EXPECT_EQ(quoted(""), R"(before "")");
  EXPECT_EQ(quoted("20% off, José €"), R"(before "20% off, José €")");
  EXPECT_EQ(quoted(R"("a\b")"), R"(before "\"a\\b\"")");
  EXPECT_EQ(quoted("a\n\tb\x1f"), R"(before "a\u000a\u0009b\u001f")");
  EXPECT_EQ(quoted(std::string_view("\0", 1)), R"(before "\u0000")");
}

TEST(Hex, IsLowerCaseAndKeepsLeadingZeros) {
  std::string out = "x";
  append_hex(out, std::array<unsigned char, 3>{0x00, 0x0f, 0xa9});
  EXPECT_EQ(out, "x000fa9");
  append_hex(out, std::array<unsigned char, 32>{});
  EXPECT_EQ(out, "x000fa9" + std::string(64, '0'));
}

}  // namespace
}  // namespace clarion
