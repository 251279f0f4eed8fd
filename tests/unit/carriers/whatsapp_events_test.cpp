// WhatsApp: every status and the codes that matter, and what people write back.
#include "carriers/whatsapp_events.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/json_string.h"
#include "unit/carriers/event_text.h"

namespace clarion::testing {
namespace {

const std::string ours = to_string(make_delivery_id(CampaignNumber{3}, 7));

std::string webhook(std::string_view entry) {
  std::string text;
  append_json_string(text, entry);
  return fmt::format(R"({{"context":{{}},"whatsAppWebhookEntry":{},"aws_account_id":"123456789012",)"
                     R"("message_timestamp":"2026-11-30T10:00:00.271279391Z","messageId":"aws-1"}})",
                     text);
}

std::string value(std::string_view members) {
  return webhook(fmt::format(
      R"({{"id":"5","changes":[{{"value":{{"messaging_product":"whatsapp",{}}},"field":"messages"}}]}})", members));
}

std::string status(std::string_view name, std::string_view more = "") {
  return value(fmt::format(R"("statuses":[{{"id":"wamid.1","status":"{}","timestamp":"1796032800",)"
                           R"("recipient_id":"14255550156","biz_opaque_callback_data":"{}.2"{}}}])",
                           name, ours, more));
}

std::string failed(int code, std::string_view title = "Title") {
  return status("failed",
                fmt::format(R"(,"errors":[{{"code":{},"title":"{}","error_data":{{"details":"d"}}}}])", code, title));
}

std::string message(std::string_view body) {
  return value(
      fmt::format(R"("contacts":[{{"wa_id":"14255550150"}}],"messages":[{{"from":"14255550150","id":"wamid.9",)"
                  R"("timestamp":"1796032801",{}}}])",
                  body));
}

TEST(WhatsAppEvents, EveryStatusMeansWhatTheTableSays) {
  const std::string who = ours + " <+14255550156>";
  const std::pair<std::string_view, std::string> rows[] = {
      {"accepted", "informative 1"},
      {"sent", "informative 1"},
      {"delivered", "whatsapp delivered " + who},
      {"read", "whatsapp opened " + who},
      {"failed", "whatsapp failed " + who + " [failed]"},
      {"undeliverable", "whatsapp failed " + who + " [undeliverable]"},
      {"deleted", "informative 1"},
      {"warning", "informative 1"},
      {"Message retries exhausted, dropping message.",
       "whatsapp failed " + who + " [Message retries exhausted, dropping message.]"},
  };
  EXPECT_EQ(std::size(rows), whatsapp_status_rows().size());
  for (const auto& [name, wanted] : rows) EXPECT_EQ(read_text(status(name)), wanted);
  EXPECT_EQ(read_text(status("played")), "informative 1");
}

TEST(WhatsAppEvents, CodesOfFailuresMeanWhatTheTableSays) {
  const std::string who = ours + " <+14255550156>";
  const std::string failure = "whatsapp failed " + who;
  struct Expected {
    int code;
    std::string says;
    std::string stops;  // "" nothing, "campaign", "channel", "channel x10", "slower"
  };
  const std::vector<Expected> cases{
      {131026, "whatsapp bounced! " + who + " [131026 Title]", ""},
      {131021, "whatsapp bounced! " + who + " [131021 Title]", ""},
      {131050, failure + " [131050 Title]; whatsapp opted_out " + who + " [131050 Title]", ""},
      {131047, failure + " [131047 Title]", ""},
      {131049, failure + " [131049 Title]", ""},
      {130472, failure + " [130472 Title]", ""},
      {131056, failure + " [131056 Title]", ""},
      {131057, failure + " [131057 Title]", ""},
      {1, failure + " [1 Title]", ""},
      {2, failure + " [2 Title]", ""},
      {131000, failure + " [131000 Title]", ""},
      {130429, failure + " [130429 Title]", "slower"},
      {80007, failure + " [80007 Title]", "slower"},
      {4, failure + " [4 Title]", "slower"},
      {132000, failure + " [132000 Title]", "campaign"},
      {132001, failure + " [132001 Title]", "campaign"},
      {132015, failure + " [132015 Title]", "campaign"},
      {132016, failure + " [132016 Title]", "campaign"},
      {131051, failure + " [131051 Title]", "campaign"},
      {131053, failure + " [131053 Title]", "campaign"},
      {131031, failure + " [131031 Title]", "channel"},
      {368, failure + " [368 Title]", "channel"},
      {131048, failure + " [131048 Title]", "channel"},
      {0, failure + " [0 Title]", "channel"},
      {190, failure + " [190 Title]", "channel"},
      {3, failure + " [3 Title]", "channel"},
      {10, failure + " [10 Title]", "channel"},
      {131042, failure + " [131042 Title]", "channel x10"},
      {100, failure + " [100 Title]", "channel x10"},
  };
  EXPECT_EQ(cases.size(), whatsapp_error_rows().size()) << "one case a row";
  const auto stops = [](const CarrierEvent& event) -> std::string {
    if (!event.notice) return "";
    const CarrierNotice& notice = *event.notice;
    if (notice.failure.failure == FailureClass::Throttled) return "slower";
    EXPECT_EQ(notice.failure.failure, FailureClass::ChannelStopped);
    EXPECT_TRUE(event.detail.starts_with(notice.failure.code + " "));
    EXPECT_TRUE(notice.failure.detail.ends_with('.')) << "a sentence for a person";
    const std::string scope = notice.scope == CarrierNotice::Scope::Campaign ? "campaign" : "channel";
    return notice.enough == 1 ? scope : fmt::format("{} x{}", scope, notice.enough);
  };
  for (const Expected& one : cases) {
    EXPECT_EQ(read_text(failed(one.code)), one.says);
    EXPECT_EQ(stops(read_carrier_events(failed(one.code), received_at)->events.at(0)), one.stops) << one.code;
  }
  EXPECT_EQ(read_text(failed(139999)), failure + " [139999 Title]");
  EXPECT_EQ(read_text(failed(131047, "To 14255550156")), failure + " [131047]");
}

TEST(WhatsAppEvents, TimesAreSecondsAsTextAndTheIdIsTheSends) {
  const CarrierEvent event = read_carrier_events(status("delivered"), received_at)->events.at(0);
  EXPECT_EQ(format_iso8601(event.at), "2026-11-30T10:00:00.000Z");
  EXPECT_EQ(event.message_id, "aws-1");
}

TEST(WhatsAppEvents, OneWebhookMayHoldSeveralChanges) {
  const std::string change =
      R"({"value":{"statuses":[{"status":"read","recipient_id":"14255550156"},{"status":"sent"}]},"field":"messages"})";
  EXPECT_EQ(read_text(webhook(R"({"changes":[)" + change +
                              R"(,{"value":{},"field":"message_template_status_update"},)" + change + "]}")),
            "whatsapp opened <+14255550156>; whatsapp opened <+14255550156>; informative 3");
  EXPECT_EQ(read_text(webhook(R"({"changes":[]})")), "informative 1");
}

TEST(WhatsAppEvents, AReplyOfAnyKindIsOneAndStopEndsMessagesToItsSender) {
  const std::string replied = "whatsapp replied <+14255550150>";
  const std::string stopped = "whatsapp opted_out <+14255550150> [said stop]";
  EXPECT_EQ(read_text(message(R"("type":"text","text":{"body":"Hi"})")), replied);
  EXPECT_EQ(read_text(message(R"("type":"image","image":{"mime_type":"image/png","id":"1"})")), replied);
  EXPECT_EQ(read_text(message(R"("type":"reaction","reaction":{"emoji":"x"})")), replied);
  EXPECT_EQ(read_text(message(R"("type":"invented")")), replied);
  EXPECT_EQ(read_text(message(R"("type":"button","button":{"payload":"YES","text":"Yes"})")), replied);
  EXPECT_EQ(read_text(message(R"("type":"text","text":{"body":"Stop"})")), stopped);
  EXPECT_EQ(read_text(message(R"("type":"button","button":{"payload":"STOP-01","text":"No more"})")), stopped);
  EXPECT_EQ(read_text(message(R"("type":"button","button":{"payload":"1","text":"Stop promotions"})")), stopped);
  EXPECT_EQ(read_text(message(R"("type":"interactive","interactive":{"button_reply":{"id":"OPTOUT","title":"Bye"}})")),
            stopped);
}

TEST(WhatsAppEvents, ARowOfAListMayBeStopToo) {
  EXPECT_EQ(read_text(message(R"("type":"interactive","interactive":{"list_reply":{"id":"STOP","title":"No more"}})")),
            "whatsapp opted_out <+14255550150> [said stop]");
}

TEST(WhatsAppEvents, StartIsNoReplyButTakesAStopBack) {
  const std::string start = "whatsapp opt_in <+14255550150>";
  EXPECT_EQ(read_text(message(R"("type":"text","text":{"body":"start"})")), start);
  EXPECT_EQ(read_text(message(R"("type":"button","button":{"payload":"START","text":"Yes please"})")), start);
  EXPECT_EQ(read_text(message(R"("type":"text","text":{"body":"START"},"context":{"id":"wamid.1"})")),
            start + " of wamid.1");
  EXPECT_EQ(read_text(message(R"("type":"button","button":{"payload":"STOP","text":"Start"})")),
            "whatsapp opted_out <+14255550150> [said stop]")
      << "who says both gets no more";
}

TEST(WhatsAppEvents, AReplyNamesTheMessageThatItAnswersAndAStatusWhatRepliesWillName) {
  const std::string reply = message(R"("type":"text","text":{"body":"Hi"},"context":{"from":"1","id":"wamid.1"})");
  EXPECT_EQ(read_carrier_events(reply, received_at)->events.at(0).message_id, "wamid.1");
  EXPECT_EQ(read_carrier_events(status("delivered"), received_at)->events.at(0).reply_id, "wamid.1");
}

TEST(WhatsAppEvents, WhatPeopleChooseInWhatsAppsSettingsCountsLikeStopAndStart) {
  const auto choice = [](std::string_view members) {
    return webhook(fmt::format(R"({{"id":"5","changes":[{{"value":{{"user_preferences":[{{{}}}]}},)"
                               R"("field":"user_preferences"}}]}})",
                               members));
  };
  const std::string stop =
      R"("wa_id":"14255550150","category":"marketing_messages","value":"stop","timestamp":1796032800)";
  EXPECT_EQ(read_text(choice(stop)), "whatsapp opted_out <+14255550150> [stopped marketing in WhatsApp]");
  EXPECT_EQ(format_iso8601(read_carrier_events(choice(stop), received_at)->events.at(0).at),
            "2026-11-30T10:00:00.000Z");
  const std::string resume = R"("wa_id":"14255550150","category":"marketing_messages","value":"resume")";
  EXPECT_EQ(read_text(choice(resume)), "whatsapp opt_in <+14255550150>");
  EXPECT_EQ(read_text(choice(R"("wa_id":"14255550150","category":"other","value":"stop")")), "informative 1");
  EXPECT_EQ(read_text(choice(R"("category":"marketing_messages","value":"stop")")), "informative 1");
  EXPECT_EQ(read_text(choice(R"("wa_id":"14255550150","category":"marketing_messages","value":"maybe")")),
            "informative 1");
}

TEST(WhatsAppEvents, EventsOfEventBridgeKnowOnlyTheSendsId) {
  const auto bridge = [](std::string_view detail) {
    return fmt::format(R"({{"version":"0","id":"1","detail-type":"WhatsApp Message","source":"aws.social-messaging",)"
                       R"("time":"2026-11-30T09:00:00Z","detail":{}}})",
                       detail);
  };
  const std::string body = bridge(
      R"({"messageId":"aws-1","status":"failed","eventTimestamp":"1796032800","errors":[{"code":131026,"title":"No"}]})");
  EXPECT_EQ(read_text(body), "whatsapp bounced! [131026 No]");
  const CarrierEvent event = read_carrier_events(body, received_at)->events.at(0);
  EXPECT_EQ(event.message_id, "aws-1");
  EXPECT_EQ(format_iso8601(event.at), "2026-11-30T10:00:00.000Z");
  EXPECT_EQ(read_text(bridge("{}")), "error: a WhatsApp event without messageId");
}

TEST(WhatsAppEvents, WhatIsNotUnderstoodIsSaid) {
  EXPECT_EQ(read_text(webhook("{")), "error: a WhatsApp event whose webhook is no JSON object");
  EXPECT_EQ(read_text(R"({"whatsAppWebhookEntry":{}})"), "error: a WhatsApp event whose webhook is no JSON object");
  EXPECT_EQ(read_text(webhook("{}")), "error: a WhatsApp webhook without changes");
}

}  // namespace
}  // namespace clarion::testing
