#include "audience/contact_json.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "audience/demo_contacts.h"

namespace clarion::testing {
namespace {

TEST(ContactJson, AnotherConsentIsPutWhereTheFirstOneStands) {
  Contact nobody;
  nobody.id = "nobody";
  std::vector<Contact> people{nobody};
  generate_contacts(40, 1, [&](const Contact& contact) { people.push_back(contact); });
  for (const Contact& from : people) {
    for (Contact to : people) {
      std::string replaced;
      const ConsentPlace place = write_contact_json(to, replaced);
      replace_consent(replaced, place, from.consent);
      to.consent = from.consent;
      std::string expected;
      write_contact_json(to, expected);
      ASSERT_EQ(replaced, expected);
    }
  }
}

}  // namespace
}  // namespace clarion::testing
