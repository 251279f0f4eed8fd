#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "carriers/aws_email_sender.h"
#include "carriers/aws_sms_sender.h"
#include "carriers/aws_whatsapp_sender.h"
#include "fakes/fixed_credentials.h"
#include "fakes/manual_clock.h"
#include "fakes/scripted_transport.h"

namespace clarion {
namespace {

const AttemptId attempt{make_delivery_id(CampaignNumber{1}, 2), 3};

Message message_to(std::string destination, MessageBody body) {
  return {.attempt = attempt,
          .contact_id = "CUST-1",
          .destination = std::move(destination),
          .parts = 1,
          .body = std::move(body)};
}

class AwsSendersTest : public ::testing::Test {
 protected:
  SendOutcome send(ChannelSender& sender, std::string destination, MessageBody body) {
    const Message message = message_to(std::move(destination), std::move(body));
    auto future = asio::co_spawn(context_, sender.send(message), asio::use_future);
    clock_.settle();
    return future.get();
  }
  std::string sent() const { return testing::body_of(transport_.requests.back()); }
  void answer(int status, std::string body) { transport_.answers.push_back(HttpReply{status, {}, std::move(body)}); }

  asio::io_context context_;
  testing::ManualClock clock_{context_};
  testing::ScriptedTransport transport_;
  testing::FixedCredentials credentials_;
  AwsCaller caller_{
      {transport_, credentials_, clock_}, {{true, "h", 443}, "", "us-east-1", "s"}, std::chrono::seconds(10)};
};

TEST_F(AwsSendersTest, SmsCarriesPoolTypeLimitsAndAttempt) {
  AwsSmsSettings settings;
  settings.origination_identity = "pool-1";
  settings.configuration_set = "cs";
  settings.time_to_live_seconds = 600;
  settings.max_price_usd = "0.05";
  settings.india_entity_id = "E";
  settings.india_template_id = "T";
  AwsSmsSender sender(caller_, settings);
  answer(200, R"({"MessageId":"m-1"})");
  const SendOutcome outcome = send(sender, "+14255550156", SmsBody{"Hi \"Ana\"\n\x01é"});
  ASSERT_TRUE(outcome);
  EXPECT_EQ(outcome->provider_id, "m-1");
  EXPECT_EQ(
      sent(),
      R"({"DestinationPhoneNumber":"+14255550156","MessageBody":"Hi \"Ana\"\u000a\u0001é","MessageType":"PROMOTIONAL",)"
      R"("OriginationIdentity":"pool-1","ConfigurationSetName":"cs","MaxPrice":"0.05","TimeToLive":600,)"
      R"("Context":{"attempt":")" +
          to_string(attempt) + R"("}})");
  answer(200, R"({"MessageId":"m-2"})");
  ASSERT_TRUE(send(sender, "+919812345678", SmsBody{"Hi"}));
  EXPECT_NE(sent().find(R"("DestinationCountryParameters":{"IN_ENTITY_ID":"E","IN_TEMPLATE_ID":"T"})"),
            std::string::npos)
      << sent();
  answer(200, R"({"MessageId":"m-3"})");
  ASSERT_TRUE(send(sender, "+919812345678", SmsBody{.text = "Hi", .dlt_template_id = "1107"}));
  EXPECT_TRUE(sent().contains(R"("IN_TEMPLATE_ID":"1107")")) << "each text has its own registration";
}

TEST_F(AwsSendersTest, ASuccessThatNamesNoMessageIsInDoubt) {
  AwsSmsSender sender(caller_, {});
  for (const std::string_view body : {"<html>It works!</html>", "{}", R"({"MessageId":""})", ""}) {
    answer(200, std::string(body));
    const SendOutcome outcome = send(sender, "+14255550156", SmsBody{"Hi"});
    ASSERT_FALSE(outcome) << body;
    EXPECT_EQ(outcome.error().failure, FailureClass::Ambiguous) << body;
  }
}

TEST_F(AwsSendersTest, WhatsAppCarriesMetasTemplateMessageInBase64) {
  AwsWhatsAppSettings settings;
  settings.phone_number_id = "phone-number-id-1";
  AwsWhatsAppSender sender(caller_, clock_, settings);
  using Kind = WhatsAppComponent::Kind;
  WhatsAppBody body{.template_name = "statement", .language = "en_US", .components = {}};
  body.components.push_back(
      {.kind = Kind::Body, .button_index = 0, .button_type = "", .parameters = {{"first_name", "Ana"}, {"", ""}}});
  body.components.push_back(
      {.kind = Kind::Button, .button_index = 1, .button_type = "quick_reply", .parameters = {{"", "STOP"}}});
  EXPECT_EQ(write_meta_message(message_to("+14255550156", body)),
            R"({"messaging_product":"whatsapp","recipient_type":"individual","to":"+14255550156","type":"template",)"
            R"("biz_opaque_callback_data":")" +
                to_string(attempt) +
                R"(","template":{"name":"statement","language":{"code":"en_US"},"components":[)"
                R"({"type":"body","parameters":[{"type":"text","parameter_name":"first_name","text":"Ana"},)"
                R"({"type":"text","text":""}]},)"
                R"({"type":"button","sub_type":"quick_reply","index":"1","parameters":[)"
                R"({"type":"payload","payload":"STOP"}]}]}})");
  answer(200, R"({"messageId":"w-1"})");
  const SendOutcome outcome = send(sender, "+14255550156", body);
  ASSERT_TRUE(outcome);
  EXPECT_EQ(outcome->provider_id, "w-1");
  // A blob that begins with {" is "ey..." in base64.
  EXPECT_TRUE(sent().starts_with(R"({"originationPhoneNumberId":"phone-number-id-1","message":"ey)")) << sent();
  EXPECT_TRUE(sent().ends_with(R"(","metaApiVersion":"v20.0"})")) << sent();
}

TEST_F(AwsSendersTest, WhatsAppHandsOverOneMessageToOnePersonInAWhile) {
  AwsWhatsAppSettings settings;
  settings.pair_gap = std::chrono::seconds(6);
  AwsWhatsAppSender sender(caller_, clock_, settings);
  const WhatsAppBody body{.template_name = "t", .language = "en_US", .components = {}};
  answer(200, R"({"messageId":"w-1"})");
  ASSERT_TRUE(send(sender, "+14255550156", body));
  clock_.advance(std::chrono::seconds(2));
  const SendOutcome sooner = send(sender, "+14255550156", body);
  ASSERT_FALSE(sooner);
  EXPECT_EQ(sooner.error().failure, FailureClass::RecipientBusy);
  EXPECT_EQ(sooner.error().retry_after, std::chrono::seconds(4));
  EXPECT_EQ(transport_.requests.size(), 1U) << "nothing left us";
  answer(429, R"({"message":"slow down"})");
  EXPECT_EQ(send(sender, "+14255550157", body).error().failure, FailureClass::Throttled);
  answer(200, R"({"messageId":"w-2"})");
  EXPECT_TRUE(send(sender, "+14255550157", body)) << "what was refused is no message to this person";
  clock_.advance(std::chrono::seconds(4));
  answer(200, R"({"messageId":"w-3"})");
  EXPECT_TRUE(send(sender, "+14255550156", body));
}

TEST_F(AwsSendersTest, EmailCarriesBothBodiesUnsubscribeAndAttempt) {
  AwsEmailSettings settings;
  settings.from = "Shop <news@example.com>";
  settings.configuration_set = "cs";
  AwsEmailSender sender(caller_, settings);
  answer(200, R"({"MessageId":"e-1"})");
  const SendOutcome outcome =
      send(sender, "ana@bücher.example", EmailBody{"Offer", "text", "<p>html</p>", "https://example.com/u/1"});
  ASSERT_TRUE(outcome);
  EXPECT_EQ(outcome->provider_id, "e-1");
  const auto document = boost::json::parse(sent());
  EXPECT_EQ(document.at("Destination").at("ToAddresses").at(0), "ana@xn--bcher-kva.example");
  const auto& simple = document.at("Content").at("Simple");
  EXPECT_EQ(boost::json::serialize(simple.at("Body")),
            R"({"Text":{"Data":"text","Charset":"UTF-8"},"Html":{"Data":"<p>html</p>","Charset":"UTF-8"}})");
  EXPECT_EQ(boost::json::serialize(simple.at("Headers")),
            R"([{"Name":"List-Unsubscribe","Value":"<https://example.com/u/1>"},)"
            R"({"Name":"List-Unsubscribe-Post","Value":"List-Unsubscribe=One-Click"}])");
  EXPECT_EQ(document.at("ConfigurationSetName"), "cs");
  const auto& tag = document.at("EmailTags").at(0);
  EXPECT_EQ(tag.at("Name"), "attempt");
  EXPECT_FALSE(std::string_view(tag.at("Value").as_string()).contains('.')) << "tags do not allow it";
}

TEST_F(AwsSendersTest, EmailRefusesWhatSesCannotAddressAndSendsNothing) {
  AwsEmailSettings settings;
  settings.from = "news@example.com";
  AwsEmailSender sender(caller_, settings);
  for (const char* mailbox : {"josé@example.com", "no-at-sign", "@example.com", "a@\xff\xfe.example"}) {
    const SendOutcome outcome = send(sender, mailbox, EmailBody{"s", "t", "", ""});
    ASSERT_FALSE(outcome) << mailbox;
    EXPECT_EQ(outcome.error().failure, FailureClass::InvalidAddress);
  }
  EXPECT_TRUE(transport_.requests.empty());
}

TEST_F(AwsSendersTest, EmailTellsAnUnverifiedSenderFromAnUnverifiedRecipient) {
  AwsEmailSettings settings;
  settings.from = "Shop <News@example.com>";
  AwsEmailSender sender(caller_, settings);
  const auto after = [&](std::string_view named) {
    answer(400,
           R"({"__type":"MessageRejected","message":"Email address is not verified.)" + std::string(named) + R"("})");
    return send(sender, "ana@example.org", EmailBody{"s", "t", "", ""}).error();
  };
  const std::string check = " The following identities failed the check in region EU-WEST-1: ";
  EXPECT_EQ(after(check + "news@example.com").failure, FailureClass::ChannelStopped);
  EXPECT_EQ(after(check + "Shop <news@example.com>, ana@example.org").failure, FailureClass::ChannelStopped);
  EXPECT_EQ(after("").failure, FailureClass::ChannelStopped) << "it does not say whose";
  const SendFailure sandbox = after(check + "ana@example.org");
  EXPECT_EQ(sandbox.failure, FailureClass::Blocked);
  EXPECT_FALSE(sandbox.detail.contains('@')) << sandbox.detail;
}

TEST_F(AwsSendersTest, MapRefusalsAndSilence) {
  AwsSmsSender sender(caller_, {});
  answer(400, R"({"__type":"ConflictException","Reason":"DESTINATION_PHONE_NUMBER_OPTED_OUT"})");
  EXPECT_EQ(send(sender, "+1", SmsBody{"x"}).error().failure, FailureClass::OptedOut);
  transport_.answers.push_back(std::unexpected(TransportFailure{Reach::MaybeSent, "reset"}));
  EXPECT_EQ(send(sender, "+1", SmsBody{"x"}).error().failure, FailureClass::Ambiguous);
  transport_.answers.push_back(std::unexpected(TransportFailure{Reach::NotSent, "refused"}));
  EXPECT_EQ(send(sender, "+1", SmsBody{"x"}).error().failure, FailureClass::NotConnected);
}

}  // namespace
}  // namespace clarion
