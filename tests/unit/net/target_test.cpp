#include "net/target.h"

#include <gtest/gtest.h>

namespace clarion {
namespace {

std::string text(std::string_view input) {
  const auto target = parse_target(input);
  if (!target) return "refused: " + target.error().message;
  std::string line = target->authority.empty() ? "" : "(" + target->authority + ")";
  for (const auto& segment : target->segments) line.append("/").append(segment);
  for (const auto& [name, value] : target->query) line.append(" ").append(name).append("=").append(value);
  return line;
}

TEST(Target, IsTakenApartAndDecoded) {
  EXPECT_EQ(text("/"), "/");
  EXPECT_EQ(text("/a/b%20c"), "/a/b c");
  EXPECT_EQ(text("/a//b/"), "/a//b/");
  EXPECT_EQ(text("/a+b?c+d=e+f%2B"), "/a+b c d=e f+");
  EXPECT_EQ(text("/?q=%E0%A4%A8"), "/ q=न");
  EXPECT_EQ(text("/?a&b=&&=c&a=2&d=1=2"), "/ =c a=2 b= d=1=2");
  EXPECT_EQ(text("/a?b?c#d"), "/a b?c=");
  EXPECT_EQ(text("http://h:1/a?b=c"), "(h:1)/a b=c");
  EXPECT_EQ(text("http://h"), "(h)/");
  EXPECT_EQ(text("http://h?a=b"), "(h)/ a=b");
  EXPECT_EQ(text("*"), "/*");
}

TEST(Target, BrokenTextIsRefusedWithTheRule) {
  const std::string hex = "refused: the address has a '%' that two hexadecimal digits do not follow; write it as %25";
  const std::string utf8 = "refused: the address is not valid UTF-8; percent-encode its UTF-8 bytes";
  for (const std::string input : {"/%", "/%4", "/%g0", "/%0g", "/a?b=%", "/a?%=b", "/%%41"}) {
    EXPECT_EQ(text(input), hex) << input;
  }
  for (const std::string input : {"/%ff", "/%c0%af", "/%ed%a0%80", "/\xff", "/?a=%e0%a4"}) {
    EXPECT_EQ(text(input), utf8) << input;
  }
  EXPECT_EQ(text("/a%00b"), "refused: the address has a NUL byte (%00); remove it");
  for (const std::string input : {"", "a", "?a", "ftp://h/", "*x"}) {
    EXPECT_EQ(text(input), "refused: the address must begin with '/'") << input;
  }
}

TEST(Target, HugeInputIsHandledInOnePass) {
  EXPECT_EQ(parse_target("/" + std::string(1'000'000, '/'))->segments.size(), 1'000'001U);
  std::string query = "/?";
  for (int i = 0; i < 100'000; ++i) query += "&a=1";
  EXPECT_EQ(parse_target(query)->query.size(), 1U);
}

}  // namespace
}  // namespace clarion
