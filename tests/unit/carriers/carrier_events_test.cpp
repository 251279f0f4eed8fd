// Envelopes, and what is kept of words and addresses.
#include "carriers/carrier_events.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "base/json_string.h"
#include "unit/carriers/event_text.h"

namespace clarion::testing {
namespace {

// Without a time of its own.
constexpr std::string_view inbound =
    R"({"originationNumber":"+14255550182","messageBody":"Hi","inboundMessageId":"i"})";

std::string in_sns(std::string_view message, std::string_view type = "Notification") {
  std::string text;
  append_json_string(text, message);
  return fmt::format(R"({{"Type":"{}","MessageId":"22b80b92","TopicArn":"arn:aws:sns:us-west-2:123456789012:T",)"
                     R"("Message":{},"Timestamp":"2026-11-30T10:00:00.655Z","SignatureVersion":"1","Signature":"E"}})",
                     type, text);
}

std::string in_event_bridge(std::string_view source, std::string_view detail) {
  return fmt::format(R"({{"version":"0","id":"1","detail-type":"A Thing Happened","source":"{}","account":"1",)"
                     R"("time":"2026-11-30T11:00:00Z","region":"us-east-1","resources":[],"detail":{}}})",
                     source, detail);
}

std::string read_at(std::string_view body) {
  const auto read = read_carrier_events(body, received_at);
  return read ? format_iso8601(read->events.at(0).at) : read.error().message;
}

TEST(CarrierEvents, AreTheSameInEveryEnvelope) {
  const std::string wanted = "sms replied <+14255550182>";
  EXPECT_EQ(read_text(inbound), wanted);
  EXPECT_EQ(read_text(in_sns(inbound)), wanted);
  EXPECT_EQ(read_text(in_event_bridge("aws.sms-voice", inbound)), wanted);
  EXPECT_EQ(read_text(in_sns(in_event_bridge("aws.sms-voice", inbound))), wanted);
}

TEST(CarrierEvents, TakeTheEnvelopesTimeWhereTheyHaveNone) {
  EXPECT_EQ(read_at(inbound), format_iso8601(received_at));
  EXPECT_EQ(read_at(in_sns(inbound)), "2026-11-30T10:00:00.655Z");
  EXPECT_EQ(read_at(in_event_bridge("aws.sms-voice", inbound)), "2026-11-30T11:00:00.000Z");
}

TEST(CarrierEvents, WhatATopicSaysWhenItIsSetUpIsNoFault) {
  constexpr std::string_view greeting = "Successfully validated SNS topic for Amazon SES event publishing.";
  EXPECT_EQ(read_text(greeting), "informative 1");
  EXPECT_EQ(read_text(in_sns(greeting)), "informative 1");
}

TEST(CarrierEvents, WhatIsNotUnderstoodIsSaidWithoutItsContents) {
  EXPECT_EQ(read_text(""), "error: it is no JSON object");
  EXPECT_EQ(read_text("hello"), "error: it is no JSON object");
  EXPECT_EQ(read_text("[]"), "error: it is no JSON object");
  EXPECT_EQ(read_text(in_sns("ana@example.com")), "error: it is no JSON object");
  EXPECT_EQ(read_text(R"({"some":"ana@example.com"})"), "error: it is an object of no carrier's");
  EXPECT_EQ(read_text(in_sns(in_sns(in_sns(in_sns(inbound))))), "error: it is an object of no carrier's");
  EXPECT_TRUE(read_text(in_sns("", "SubscriptionConfirmation")).starts_with("error: a topic asks to confirm"));
  EXPECT_EQ(read_text(std::string(100'000, '[')), "error: it is no JSON object");
}

TEST(CarrierEvents, WordsThatMightNameSomebodyAreDropped) {
  EXPECT_EQ(harmless_words("Message has been accepted"), "Message has been accepted");
  EXPECT_EQ(harmless_words("550 5.1.1 code 1234"), "550 5.1.1 code 1234");
  EXPECT_EQ(harmless_words("to 12345"), "");
  EXPECT_EQ(harmless_words("to ana@example.com"), "");
  EXPECT_EQ(harmless_words("two\nlines"), "");
  EXPECT_EQ(harmless_words("\xff"), "");
  EXPECT_EQ(harmless_words(std::string(119, 'a') + "\xc3\xa9"), std::string(119, 'a'));
}

TEST(CarrierEvents, AddressesAreTakenOnlyWhenTheyAreSome) {
  EXPECT_EQ(phone_of("14255550156"), "+14255550156");
  EXPECT_EQ(phone_of("+14255550156"), "+14255550156");
  for (const char* none : {"", "+", "12345", "MyShop", "+1425555015x", "1234567890123456"}) {
    EXPECT_EQ(phone_of(none), "") << none;
  }
  EXPECT_EQ(mailbox_of_event("ana@example.com"), "ana@example.com");
  EXPECT_EQ(mailbox_of_event("Ana <ana@example.com>"), "ana@example.com");
  for (const char* none : {"", "ana", "@example.com", "ana@", "a b@example.com", "a@x,b@y", "<>"}) {
    EXPECT_EQ(mailbox_of_event(none), "") << none;
  }
}

}  // namespace
}  // namespace clarion::testing
