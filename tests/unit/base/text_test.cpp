#include "base/text.h"

#include <gtest/gtest.h>

namespace clarion {
namespace {

TEST(FoldText, MakesCaseAndCompositionEqual) {
  EXPECT_EQ(fold_text("BangaLORE"), "bangalore");
  EXPECT_EQ(fold_text("S\u00c3O Paulo"), fold_text("s\u00e3o paulo"));
  EXPECT_EQ(fold_text("Sa\u0303o"), fold_text("S\u00e3o"));
  EXPECT_EQ(fold_text("Stra\u00dfe"), "strasse");
  EXPECT_EQ(fold_text(""), "");
  EXPECT_EQ(fold_text("a b\t@[`{1"), "a b\t@[`{1");
}

TEST(FoldText, NeverFailsOnMalformedBytes) {
  EXPECT_TRUE(is_valid_utf8(fold_text("a\xff\xc3")));
}

TEST(Utf8, RefusesEveryMalformedForm) {
  for (const char* good : {"", "plain", "\u00e9", "\u20ac", "\U0001F600", "\U0010FFFF", "a\u00e9b long enough text"}) {
    EXPECT_TRUE(is_valid_utf8(good)) << good;
  }
  for (const char* bad : {"\xff", "\xc3", "abc\xc3", "\xc0\xaf", "\xe0\x80\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80",
                          "\x80", "\xe2\x82", "12345678\xe2"}) {
    EXPECT_FALSE(is_valid_utf8(bad));
  }
}

TEST(Trim, TakesBlanksFromBothEndsOnly) {
  EXPECT_EQ(trim(" \t a b \r\n"), "a b");
  EXPECT_EQ(trim(" \n"), "");
  EXPECT_EQ(trim("x"), "x");
}

}  // namespace
}  // namespace clarion
