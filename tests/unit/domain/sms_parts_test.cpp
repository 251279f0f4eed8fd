#include "domain/sms_parts.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace clarion {
namespace {

std::string repeat(std::string_view text, std::size_t count) {
  std::string out;
  for (std::size_t i = 0; i < count; ++i) out += text;
  return out;
}

// "GSM-7 161/153 2 parts", with the characters that forced UCS-2.
std::string show(std::string_view text) {
  const auto parts = count_sms_parts(text);
  if (!parts) return parts.error().message;
  return fmt::format("{} {}/{} {} part{}{}{}", to_string(parts->encoding), parts->units, parts->part_size, parts->parts,
                     parts->parts == 1 ? "" : "s", parts->forced_by.empty() ? "" : " by ", parts->forced_by);
}

TEST(SmsParts, CountsGsm7InSeptets) {
  EXPECT_EQ(show(""), "GSM-7 0/160 0 parts");
  EXPECT_EQ(show("a"), "GSM-7 1/160 1 part");
  EXPECT_EQ(show(repeat("a", 160)), "GSM-7 160/160 1 part");
  EXPECT_EQ(show(repeat("a", 161)), "GSM-7 161/153 2 parts");
  EXPECT_EQ(show(repeat("a", 306)), "GSM-7 306/153 2 parts");
  EXPECT_EQ(show(repeat("a", 307)), "GSM-7 307/153 3 parts");
  EXPECT_EQ(show(repeat("a", 459)), "GSM-7 459/153 3 parts");
}

TEST(SmsParts, KnowsTheWholeDefaultAlphabet) {
  const std::string_view alphabet =
      "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§"
      "¿abcdefghijklmnopqrstuvwxyzäöñüà";
  EXPECT_EQ(show(alphabet), "GSM-7 127/160 1 part") << "128 codes, one of them the escape";
}

TEST(SmsParts, CountsTheExtensionTableTwice) {
  EXPECT_EQ(show("€"), "GSM-7 2/160 1 part");
  EXPECT_EQ(show("^{}\\[~]|€\f"), "GSM-7 20/160 1 part");
  EXPECT_EQ(show(repeat("€", 80)), "GSM-7 160/160 1 part");
  EXPECT_EQ(show(repeat("€", 81)), "GSM-7 162/153 2 parts");
}

TEST(SmsParts, NeverDividesAnEscapeSequence) {
  // 152 + the escape would be septet 153 and its character septet 154.
  EXPECT_EQ(show(repeat("a", 152) + "€" + repeat("a", 152)), "GSM-7 306/153 3 parts");
  EXPECT_EQ(show(repeat("a", 151) + "€" + repeat("a", 153)), "GSM-7 306/153 2 parts");
  // 76 pairs fill 152 of 153 septets, so 153 pairs need three parts although 306 septets would fit two.
  EXPECT_EQ(show(repeat("€", 153)), "GSM-7 306/153 3 parts");
  EXPECT_EQ(show(repeat("a", 158) + "€"), "GSM-7 160/160 1 part") << "a single part has no header";
}

TEST(SmsParts, CountsUcs2InCodeUnits) {
  EXPECT_EQ(show("ş"), "UCS-2 1/70 1 part by ş");
  EXPECT_EQ(show(repeat("ş", 70)), "UCS-2 70/70 1 part by ş");
  EXPECT_EQ(show(repeat("ş", 71)), "UCS-2 71/67 2 parts by ş");
  EXPECT_EQ(show(repeat("ş", 134)), "UCS-2 134/67 2 parts by ş");
  EXPECT_EQ(show(repeat("ş", 135)), "UCS-2 135/67 3 parts by ş");
  EXPECT_EQ(show("नमस्ते"), "UCS-2 6/70 1 part by नमस्ते");
}

TEST(SmsParts, OneForeignCharacterChangesTheWholeText) {
  EXPECT_EQ(show(repeat("a", 70) + "`"), "UCS-2 71/67 2 parts by `");
  EXPECT_EQ(show("€" + repeat("a", 68) + "`"), "UCS-2 70/70 1 part by `") << "€ is one code unit";
  EXPECT_EQ(show("It’s"), "UCS-2 4/70 1 part by ’");
  EXPECT_EQ(show("a\tb"), "UCS-2 3/70 1 part by \t");
  EXPECT_EQ(show("ç"), "UCS-2 1/70 1 part by ç") << "only the capital Ç is in the alphabet";
}

TEST(SmsParts, NeverDividesASurrogatePair) {
  EXPECT_EQ(show("😀"), "UCS-2 2/70 1 part by 😀");
  EXPECT_EQ(show(repeat("😀", 35)), "UCS-2 70/70 1 part by 😀");
  // 33 pairs fill 66 of 67 units; the 34th moves to the next part.
  EXPECT_EQ(show(repeat("😀", 67)), "UCS-2 134/67 3 parts by 😀");
  EXPECT_EQ(show(repeat("a", 66) + "😀" + repeat("a", 66)), "UCS-2 134/67 3 parts by 😀");
  EXPECT_EQ(show(repeat("a", 65) + "😀" + repeat("a", 67)), "UCS-2 134/67 2 parts by 😀");
}

TEST(SmsParts, NamesEachForcingCharacterOnceAndAtMostSixteen) {
  EXPECT_EQ(show("ş–ş–ş"), "UCS-2 5/70 1 part by ş–");
  EXPECT_EQ(count_sms_parts("абвгдежзийклмнопрстуфхц")->forced_by, "абвгдежзийклмноп");
}

TEST(SmsParts, RefusesWhatIsNotUtf8) {
  for (const std::string_view text : {"\xff", "a\xc3", "\xc0\x80", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\x80",
                                      "\xe2\x82", "\xff\xfeH", "\xe0\x80\xaf"}) {
    const auto parts = count_sms_parts(text);
    ASSERT_FALSE(parts) << text;
    EXPECT_EQ(parts.error().kind, ErrorKind::Invalid);
  }
  EXPECT_EQ(show("ok\xff"), "The text is not valid UTF-8 at byte 2; save it as UTF-8.");
}

TEST(SmsParts, CountsALongTextInOnePass) {
  EXPECT_EQ(show(repeat("a", 1'530'000)), "GSM-7 1530000/153 10000 parts");
}

}  // namespace
}  // namespace clarion
