#include "audience/phone_shapes.h"

#include <gtest/gtest.h>
#include <phonenumbers/phonenumberutil.h>

#include <set>
#include <string>

#include "audience/digit_pattern.h"
#include "base/hash.h"

namespace clarion {
namespace {

using i18n::phonenumbers::PhoneNumber;
using i18n::phonenumbers::PhoneNumberUtil;

// What libphonenumber makes of `text`: Unsure where it cannot be parsed or would be written another way.
PhoneJudgement ask_libphonenumber(const std::string& text) {
  const PhoneNumberUtil& util = *PhoneNumberUtil::GetInstance();
  PhoneNumber number;
  if (util.Parse(text, "ZZ", &number) != PhoneNumberUtil::NO_PARSING_ERROR) return PhoneJudgement::Unsure;
  if (!util.IsValidNumber(number)) return PhoneJudgement::NoNumber;
  std::string e164;
  util.Format(number, PhoneNumberUtil::E164, &e164);
  return e164 == text ? PhoneJudgement::Valid : PhoneJudgement::Unsure;
}

bool is_same_or_unsure(PhoneJudgement fast, PhoneJudgement expected) {
  return fast == PhoneJudgement::Unsure || fast == expected;
}

TEST(DigitPattern, MatchesWhatThePatternsSay) {
  const auto pattern = DigitPattern::compile({"[2-9]\\d{2}", "1(?:2|3[45]?){1,2}", "7{0,2}", ""});
  ASSERT_TRUE(pattern);
  EXPECT_EQ(pattern->match("234"), 1U);
  EXPECT_EQ(pattern->match("777"), 1U);
  EXPECT_EQ(pattern->match("77"), 4U);
  EXPECT_EQ(pattern->match(""), 12U);
  EXPECT_EQ(pattern->match("1342"), 2U);
  EXPECT_EQ(pattern->match("1"), 0U);
  EXPECT_EQ(pattern->match("2345"), 0U);
  EXPECT_EQ(pattern->match_any_prefix("2345"), 13U);
}

TEST(DigitPattern, RefusesWhatItDoesNotKnow) {
  for (const char* pattern : {"1+", "2*", "a", "(1", "[1", "[5-2]", "1{2", "1{3,2}", "1{99}", "1)", "\\w"}) {
    EXPECT_FALSE(DigitPattern::compile({pattern})) << pattern;
  }
}

TEST(PhoneShapes, NeverContradictsLibphonenumber) {
  SeededRandom random(7);
  const PhoneNumberUtil& util = *PhoneNumberUtil::GetInstance();
  std::set<std::string> regions;
  util.GetSupportedRegions(&regions);
  std::size_t certain = 0;
  std::size_t valid = 0;
  std::size_t wrong = 0;
  for (const std::string& region : regions) {
    // Around real examples, where the borders of the patterns are; then anywhere.
    for (int kind = 0; kind <= 10; ++kind) {
      PhoneNumber example;
      if (!util.GetExampleNumberForType(region, static_cast<PhoneNumberUtil::PhoneNumberType>(kind), &example))
        continue;
      for (int round = 0; round < 12; ++round) {
        std::string text;
        util.Format(example, PhoneNumberUtil::E164, &text);
        for (std::uint64_t changes = random.below(4); changes > 0; --changes) {
          text[2 + random.below(text.size() - 2)] = static_cast<char>('0' + random.below(10));
        }
        if (random.below(8) == 0) text.push_back(static_cast<char>('0' + random.below(10)));
        if (random.below(8) == 0) text.pop_back();
        const PhoneJudgement expected = ask_libphonenumber(text);
        const PhoneJudgement fast = judge_e164(text);
        EXPECT_TRUE(is_same_or_unsure(fast, expected)) << region << " " << text;
        valid += expected == PhoneJudgement::Valid ? 1U : 0U;
        wrong += expected == PhoneJudgement::NoNumber ? 1U : 0U;
        certain += fast != PhoneJudgement::Unsure ? 1U : 0U;
      }
    }
  }
  // It is worth having only if it recognises nearly all.
  EXPECT_GT(valid, 5000U);
  EXPECT_GT(wrong, 2000U);
  EXPECT_GT(static_cast<double>(certain), 0.9 * static_cast<double>(valid + wrong))
      << certain << " of " << valid + wrong;
}

TEST(PhoneShapes, LeavesNumbersThatParsingWouldShorten) {
  SeededRandom random(13);
  const PhoneNumberUtil& util = *PhoneNumberUtil::GetInstance();
  std::set<std::string> regions;
  util.GetSupportedRegions(&regions);
  std::size_t shortened = 0;
  for (const std::string& region : regions) {
    std::string prefix;
    util.GetNddPrefixForRegion(region, true, &prefix);
    if (prefix.empty() || prefix.front() == '0') continue;
    // The national prefix behind the country code: libphonenumber drops it where the rest is still a number.
    for (int round = 0; round < 200; ++round) {
      std::string text = "+" + std::to_string(util.GetCountryCodeForRegion(region)) + prefix;
      for (std::uint64_t digits = 5 + random.below(6); digits > 0; --digits) {
        text.push_back(static_cast<char>('0' + random.below(10)));
      }
      const PhoneJudgement expected = ask_libphonenumber(text);
      PhoneNumber number;
      shortened += expected == PhoneJudgement::Unsure &&
                           util.Parse(text, "ZZ", &number) == PhoneNumberUtil::NO_PARSING_ERROR &&
                           util.IsValidNumber(number)
                       ? 1U
                       : 0U;
      EXPECT_TRUE(is_same_or_unsure(judge_e164(text), expected)) << region << " " << text;
    }
  }
  EXPECT_GT(shortened, 20U);
}

TEST(PhoneShapes, AgreesOnNumbersOfBigCountries) {
  SeededRandom random(11);
  std::size_t missed = 0;
  for (const char* prefix :
       {"+1", "+91", "+44", "+49", "+55", "+971", "+65", "+33", "+7", "+39", "+86", "+61", "+52"}) {
    for (int round = 0; round < 250; ++round) {
      std::string text = prefix;
      while (text.size() < 12 + random.below(2)) text.push_back(static_cast<char>('0' + random.below(10)));
      const PhoneJudgement fast = judge_e164(text);
      const PhoneJudgement expected = ask_libphonenumber(text);
      EXPECT_TRUE(is_same_or_unsure(fast, expected)) << text;
      missed += expected == PhoneJudgement::Valid && fast != expected ? 1U : 0U;
    }
  }
  EXPECT_LT(missed, 60U);
}

TEST(PhoneShapes, LeavesEverythingUnusualToLibphonenumber) {
  for (const char* text : {"", "+", "+1", "14255550156", "+1425555015", "+1425555015x", "+0425555015", "+390612345678",
                           "+999123456789", "+142555501561234567", " +14255550156", "+1 4255550156"}) {
    EXPECT_NE(judge_e164(text), PhoneJudgement::Valid) << text;
  }
  EXPECT_EQ(judge_e164("+1425555015"), PhoneJudgement::NoNumber);
  EXPECT_EQ(judge_e164("+14255550156"), PhoneJudgement::Valid);
  EXPECT_EQ(judge_e164("+919812345678"), PhoneJudgement::Valid);
  EXPECT_EQ(judge_e164("+442079460123"), PhoneJudgement::Valid);
}

}  // namespace
}  // namespace clarion
