// Compared with libphonenumber, which knows every number but takes microseconds for each.
#include "domain/phone_country.h"

#include <gtest/gtest.h>
#include <phonenumbers/phonenumberutil.h>

#include <list>
#include <set>
#include <string>

namespace clarion {
namespace {

using i18n::phonenumbers::PhoneNumber;
using i18n::phonenumbers::PhoneNumberUtil;

TEST(PhoneCountry, IsThatOfTheLibraryForAMobileOfEveryCountry) {
  const PhoneNumberUtil& library = *PhoneNumberUtil::GetInstance();
  std::set<std::string> countries;
  library.GetSupportedRegions(&countries);
  EXPECT_GT(countries.size(), 200U);
  for (const std::string& country : countries) {
    PhoneNumber number;
    if (!library.GetExampleNumberForType(country, PhoneNumberUtil::MOBILE, &number)) continue;
    std::string written;
    library.Format(number, PhoneNumberUtil::E164, &written);
    std::string largest;
    library.GetRegionCodeForCountryCode(number.country_code(), &largest);
    const std::string_view found = country_of_phone(written);
    if (number.country_code() == 1 || number.country_code() == 7) {
      std::string exact;
      library.GetRegionCodeForNumber(number, &exact);
      EXPECT_EQ(found, exact) << written;
    } else {
      EXPECT_EQ(found, largest) << written;
    }
  }
}

TEST(PhoneCountry, IsThatOfEveryAreaCodeOfNorthAmerica) {
  const PhoneNumberUtil& library = *PhoneNumberUtil::GetInstance();
  int compared = 0;
  for (std::uint64_t area = 200; area < 1000; ++area) {
    PhoneNumber number;
    number.set_country_code(1);
    number.set_national_number(area * 10'000'000 + 2'345'678);
    std::string exact;
    library.GetRegionCodeForNumber(number, &exact);
    if (exact == "ZZ") continue;
    EXPECT_EQ(country_of_phone("+1" + std::to_string(number.national_number())), exact) << area;
    ++compared;
  }
  EXPECT_GT(compared, 300);
}

TEST(PhoneCountry, IsNoneForWhatIsNoNumberOfACountry) {
  for (const char* text : {"", "+", "+1", "+14", "+1a25", "14255550156", "+80012345678", "+999123", "x", "+\xff\xff"}) {
    EXPECT_EQ(country_of_phone(text), "") << text;
  }
}

}  // namespace
}  // namespace clarion
