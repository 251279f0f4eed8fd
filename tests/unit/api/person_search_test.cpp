#include "api/person_search.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace clarion {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class PersonSearch : public ::testing::Test {
 protected:
  PersonSearch() : contacts_(made()) {}
  std::vector<std::string> found(const std::string& text) const {
    return find_people(*contacts_, text, WallTime{}).value_or(std::vector<std::string>{"refused"});
  }

 private:
  static std::shared_ptr<const ContactTable> made() {
    ContactTable::Builder builder;
    for (const char* number : {"+14255550156", "+14255550157"}) {
      Contact contact;
      contact.id = std::string("P-") + (number + 10);
      contact.first_name = "Ana";
      contact.phone = number;
      builder.add(contact);
    }
    return std::move(builder).build();
  }
  std::shared_ptr<const ContactTable> contacts_;
};

TEST_F(PersonSearch, APhoneNumberIsFoundAlsoWhenItsPlusBecameASpace) {
  EXPECT_THAT(found("+14255550156"), ElementsAre("P-56"));
  EXPECT_THAT(found(" 14255550156"), ElementsAre("P-56"));
  EXPECT_THAT(found(" 1 425 555 0157"), ElementsAre("P-57"));
}

TEST_F(PersonSearch, OtherWordsWithASpaceBeforeThemStayWords) {
  EXPECT_THAT(found(" P-57"), ElementsAre("P-57"));
  EXPECT_THAT(found(" 123"), ElementsAre("123")) << "too short for a number: an id";
  EXPECT_THAT(found("14255550156"), ElementsAre("14255550156")) << "no space: an id";
  EXPECT_THAT(found(" 19999999999"), IsEmpty());
}

}  // namespace
}  // namespace clarion
