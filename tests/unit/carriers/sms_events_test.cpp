// SMS: every type of record, and what people write back.
#include "carriers/sms_events.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "carriers/opt_out_words.h"
#include "unit/carriers/event_text.h"

namespace clarion::testing {
namespace {

using ::testing::StartsWith;

const std::string ours = to_string(make_delivery_id(CampaignNumber{3}, 7));

std::string record(std::string_view type, std::string_view description = "Message has been accepted by phone carrier") {
  return fmt::format(
      R"({{"eventType":"{}","eventVersion":"1.0","eventTimestamp":1796032800123,"isFinal":true,)"
      R"("originationPhoneNumber":"+12065550152","destinationPhoneNumber":"+14255550156","messageId":"862a8790",)"
      R"("messageStatusDescription":"{}","context":{{"attempt":"{}.1"}},"totalMessageParts":1}})",
      type, description, ours);
}

std::string inbound(std::string_view body, std::string_view more = "") {
  return fmt::format(
      R"({{"originationNumber":"+14255550182","destinationNumber":"+12125550101","messageKeyword":"JOIN",)"
      R"("messageBody":"{}","inboundMessageId":"cae173d2"{}}})",
      body, more);
}

TEST(SmsEvents, EveryTypeMeansWhatTheTableSays) {
  const std::string who = ours + " <+14255550156> [{}: Message has been accepted by phone carrier]";
  const auto text = [&who](std::string_view kind, std::string_view type) {
    return fmt::format("sms {} ", kind) + fmt::format(fmt::runtime(who), type);
  };
  const std::pair<std::string_view, std::string_view> rows[] = {
      {"TEXT_QUEUED", ""},
      {"TEXT_PENDING", ""},
      {"TEXT_SENT", ""},
      {"TEXT_UNKNOWN", ""},
      {"TEXT_SUCCESSFUL", "delivered"},
      {"TEXT_DELIVERED", "delivered"},
      {"TEXT_INVALID", "bounced!"},
      {"TEXT_BLOCKED", "bounced!"},
      {"TEXT_INVALID_MESSAGE", "failed"},
      {"TEXT_UNREACHABLE", "failed"},
      {"TEXT_CARRIER_UNREACHABLE", "failed"},
      {"TEXT_TTL_EXPIRED", "failed"},
      {"TEXT_CARRIER_BLOCKED", "failed"},
      {"TEXT_SPAM", "failed"},
      {"TEXT_PROTECT_BLOCKED", "failed"},
      {"RCS_QUEUED", ""},
      {"RCS_SENT", ""},
      {"RCS_FALLEN_BACK_TO_SMS", ""},
      {"RCS_DELIVERED", "delivered"},
      {"RCS_READ", "opened"},
      {"RCS_FAILED", "failed"},
      {"RCS_TTL_EXPIRED", "failed"},
      {"RCS_PROTECT_BLOCKED", "failed"},
  };
  EXPECT_EQ(std::size(rows), sms_event_rows().size());
  for (const auto& [type, kind] : rows) {
    EXPECT_EQ(read_text(record(type)), kind.empty() ? "informative 1" : text(kind, type));
  }
  EXPECT_EQ(read_text(record("VOICE_ANSWERED")), "informative 1");
  EXPECT_EQ(read_text(record("MEDIA_DELIVERED")), "informative 1");
}

TEST(SmsEvents, TimesAreMillisecondsAndIdsAreKept) {
  const CarrierEvent event = read_carrier_events(record("TEXT_DELIVERED"), received_at)->events.at(0);
  EXPECT_EQ(format_iso8601(event.at), "2026-11-30T10:00:00.123Z");
  EXPECT_EQ(event.message_id, "862a8790");
  const std::string timeless = R"({"eventType":"TEXT_DELIVERED","messageId":"m","eventTimestamp":"soon"})";
  EXPECT_EQ(read_carrier_events(timeless, received_at)->events.at(0).at, received_at);
}

TEST(SmsEvents, ThePriceIsKeptAsItWasSaid) {
  const std::string priced = R"({"eventType":"TEXT_DELIVERED","messageId":"m","totalMessagePrice":0.09582})";
  EXPECT_EQ(read_carrier_events(priced, received_at)->events.at(0).detail, "TEXT_DELIVERED; totalMessagePrice 0.09582");
  const std::string strange = R"({"eventType":"TEXT_DELIVERED","messageId":"m","totalMessagePrice":"+14255550156"})";
  EXPECT_EQ(read_carrier_events(strange, received_at)->events.at(0).detail, "TEXT_DELIVERED");
}

TEST(SmsEvents, WordsThatMightNameSomebodyAreNotKept) {
  EXPECT_EQ(read_text(record("TEXT_UNREACHABLE", "Handset +14255550156 is off")),
            "sms failed " + ours + " <+14255550156> [TEXT_UNREACHABLE]");
}

TEST(SmsEvents, AReplyIsOneAndStopEndsMessagesToItsSender) {
  EXPECT_EQ(read_text(inbound("Is it still there?")), "sms replied <+14255550182>");
  for (const char* stop : {"STOP", "stop", " Stop. ", "\\\"Unsubscribe\\\"", "arret", "OPT OUT", "Cancel!"}) {
    EXPECT_EQ(read_text(inbound(stop)), "sms opted_out <+14255550182> [said stop]") << stop;
  }
  for (const char* reply : {"Stop by tomorrow?", "don't stop", "", "stopover"}) {
    EXPECT_EQ(read_text(inbound(reply)), "sms replied <+14255550182>") << reply;
  }
  const auto read = read_carrier_events(inbound("Yes", R"(,"previousPublishedMessageId":"862a8790")"), received_at);
  EXPECT_EQ(read->events.at(0).message_id, "862a8790");
  EXPECT_EQ(read->events.at(0).at, received_at) << "it names no time of its own";
}

TEST(SmsEvents, StartIsNoReplyButTakesAStopBack) {
  for (const char* start : {"START", "start", " Unstop! "}) {
    EXPECT_EQ(read_text(inbound(start)), "sms opt_in <+14255550182>") << start;
  }
  EXPECT_EQ(read_text(inbound("Start", R"(,"previousPublishedMessageId":"862a8790")")),
            "sms opt_in <+14255550182> of 862a8790");
  EXPECT_EQ(read_carrier_events(inbound("START"), received_at)->opt_ins.at(0).at, received_at);
  for (const char* reply : {"YES", "Start when?", "restart", "SUBSCRIBE"}) {
    EXPECT_EQ(read_text(inbound(reply)), "sms replied <+14255550182>") << reply;
  }
}

TEST(SmsEvents, WhatIsNotUnderstoodIsSaidWithoutItsContents) {
  EXPECT_EQ(read_text(R"({"eventType":"TEXT_DELIVERED","destinationPhoneNumber":"+14255550156"})"),
            "error: a record of SMS without eventType or messageId");
  EXPECT_EQ(read_text(R"({"eventType":7,"messageId":"m"})"), "error: a record of SMS without eventType or messageId");
  EXPECT_THAT(read_text(R"({"inboundMessageId":"m","originationNumber":"+14255550156"})"),
              StartsWith("error: an SMS from a person without"));
}

TEST(OptOutWords, PayloadsOfButtonsMayGoOnAfterAWordThatMeansNothingElse) {
  for (const char* payload : {"STOP", "STOP-01", "stop_promo", "OPT_OUT", "opt-out:7", "UNSUBSCRIBE", "End"}) {
    EXPECT_TRUE(is_opt_out_payload(payload)) << payload;
  }
  for (const char* payload : {"", "CANCEL-ORDER-7", "END_USER", "STOPOVER", "NONSTOP-1", "REMOVE_ITEM"}) {
    EXPECT_FALSE(is_opt_out_payload(payload)) << payload;
  }
  EXPECT_TRUE(is_opt_out("Stop promotions"));
}

}  // namespace
}  // namespace clarion::testing
