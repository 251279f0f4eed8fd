#include "audience/kept_contact.h"

#include <gtest/gtest.h>

#include "domain/contact.h"

namespace clarion::testing {
namespace {

TEST(KeptContact, OfARefusedRowWhoOptedOutWhereIsRead) {
  KeptContactReader reader;
  const Contact* contact = reader.read_opted_out(
      R"({"id":"a","age":"very","phone":"+19995550100","email":"Ana@Example.COM","first_name":"Ana",)"
      R"("consent":{"sms":{"state":"opted_in"},"whatsapp":"opted_in","email":{"state":"opted_out","source":"reply"}}})");
  ASSERT_NE(contact, nullptr);
  EXPECT_EQ(contact->id, "a");
  EXPECT_EQ(contact->email, "Ana@example.com");
  EXPECT_EQ(contact->consent[Channel::Email].state, ConsentState::OptedOut);
  EXPECT_EQ(contact->consent[Channel::Email].source, "reply");
  EXPECT_EQ(contact->consent[Channel::Sms].state, ConsentState::Unknown) << "nobody is written to because of it";
  EXPECT_EQ(contact->consent[Channel::WhatsApp].state, ConsentState::Unknown);
  EXPECT_EQ(contact->phone, "") << "nobody opted out at it";
  EXPECT_EQ(contact->first_name, "");
}

TEST(KeptContact, AnAddressThatCannotBeUsedIsLeftOut) {
  KeptContactReader reader;
  const Contact* contact = reader.read_opted_out(
      R"({"id":"a","phone":"+19995550100","email":"no address","consent":{"sms":"opted_out","email":"opted_out"}})");
  ASSERT_NE(contact, nullptr);
  EXPECT_EQ(contact->phone, "");
  EXPECT_EQ(contact->email, "");
  contact = reader.read_opted_out(R"({"id":"b","age":-1,"phone":"+14255550156","consent":{"whatsapp":"opted_out"}})");
  ASSERT_NE(contact, nullptr);
  EXPECT_EQ(contact->phone, "+14255550156");
}

TEST(KeptContact, WhoHasNotOptedOutOrCannotBeToldIsNobody) {
  KeptContactReader reader;
  EXPECT_EQ(reader.read_opted_out(R"({"id":"a","age":-1,"consent":{"sms":"opted_in"}})"), nullptr);
  EXPECT_EQ(reader.read_opted_out(R"({"age":-1,"consent":{"sms":"opted_out"}})"), nullptr);
  EXPECT_EQ(reader.read_opted_out(R"({"id":"a","consent":{"sms":"perhaps"}})"), nullptr);
  EXPECT_EQ(reader.read_opted_out(R"({"id":"a","consent":)"), nullptr);
  EXPECT_EQ(reader.read_opted_out("[]"), nullptr);
}

}  // namespace
}  // namespace clarion::testing
