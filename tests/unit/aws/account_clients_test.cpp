#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>

#include "aws/email_account_client.h"
#include "aws/sms_account_client.h"
#include "aws/sts_client.h"
#include "aws/whatsapp_account_client.h"
#include "fakes/fixed_credentials.h"
#include "fakes/manual_clock.h"
#include "fakes/scripted_transport.h"

namespace clarion {
namespace {

using namespace std::chrono_literals;

class AccountClientsTest : public ::testing::Test {
 protected:
  template <class T>
  T run(Task<T> task) {
    auto future = asio::co_spawn(context_, std::move(task), asio::use_future);
    clock_.advance(1min);
    return future.get();
  }
  void answer(std::string body, int status = 200) {
    transport_.answers.push_back(HttpReply{status, {}, std::move(body)});
  }
  void answer_not_found() { answer(R"({"__type":"ResourceNotFoundException","message":"no such thing"})", 404); }
  // "GET /path" or "POST / target body" of request number `index`.
  std::string asked(std::size_t index) const {
    const std::string& request = transport_.requests.at(index);
    std::string text = request.substr(0, request.find(" HTTP/1.1"));
    if (const auto at = request.find("X-Amz-Target: "); at != std::string::npos) {
      text += ' ' + request.substr(at + 14, request.find("\r\n", at) - at - 14);
    }
    if (!testing::body_of(request).empty()) text += ' ' + testing::body_of(request);
    return text;
  }
  AwsReader::Deps deps() { return {.caller = caller_, .clock = clock_}; }

  asio::io_context context_;
  testing::ManualClock clock_{context_};
  testing::ScriptedTransport transport_;
  testing::FixedCredentials credentials_;
  AwsCaller caller_{{transport_, credentials_, clock_}, {{true, "h", 443}, "", "us-east-1", "s"}, 10s};
};

TEST_F(AccountClientsTest, StsTellsWhoTheCredentialsBelongTo) {
  StsClient client(deps());
  answer(
      "<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:aws:iam::123456789012:user/a&amp;b</Arn>"
      "<UserId>AIDA</UserId><Account>123456789012</Account></GetCallerIdentityResult></GetCallerIdentityResponse>");
  const auto identity = run(client.get_caller_identity());
  ASSERT_TRUE(identity);
  EXPECT_EQ(identity->account, "123456789012");
  EXPECT_EQ(identity->arn, "arn:aws:iam::123456789012:user/a&b");
  EXPECT_EQ(asked(0), "POST / Action=GetCallerIdentity&Version=2011-06-15");
  answer("<html>");
  EXPECT_TRUE(run(client.get_caller_identity()).error().message.contains("does not speak like AWS"));
  answer("<Error><Code>InvalidClientTokenId</Code><Message>bad</Message></Error>", 403);
  EXPECT_EQ(run(client.get_caller_identity()).error().kind, ErrorKind::Denied);
}

TEST_F(AccountClientsTest, SesTellsQuotaSandboxAndHealth) {
  EmailAccountClient client(deps());
  answer(R"({"SendQuota":{"Max24HourSend":200.0,"MaxSendRate":1,"SentLast24Hours":12.0},"SendingEnabled":true,)"
         R"("ProductionAccessEnabled":false,"EnforcementStatus":"PROBATION","VdmAttributes":{"x":[1]}})");
  const auto account = run(client.get_account());
  ASSERT_TRUE(account);
  EXPECT_EQ(account->max_per_second, 1);
  EXPECT_EQ(account->max_per_day, 200);
  EXPECT_EQ(account->sent_last_day, 12);
  EXPECT_TRUE(account->is_sending_enabled);
  EXPECT_FALSE(account->has_production_access);
  EXPECT_EQ(account->enforcement, "PROBATION");
  EXPECT_EQ(asked(0), "GET /v2/email/account");
  answer(R"({"SendQuota":{"Max24HourSend":-1}})");
  EXPECT_FALSE(run(client.get_account())->max_per_day) << "-1 is unlimited";
}

TEST_F(AccountClientsTest, SesLooksForTheAddressThenItsDomains) {
  EmailAccountClient client(deps());
  answer_not_found();
  answer_not_found();
  answer(R"({"VerifiedForSendingStatus":true,"VerificationStatus":"SUCCESS","DkimAttributes":{"Status":"PENDING"}})");
  const auto identity = run(client.find_sending_identity("a+b@mail.example.com"));
  ASSERT_TRUE(identity && *identity);
  EXPECT_EQ((*identity)->name, "example.com");
  EXPECT_TRUE((*identity)->is_verified);
  EXPECT_EQ((*identity)->dkim, "PENDING");
  EXPECT_EQ(asked(0), "GET /v2/email/identities/a%2Bb%40mail.example.com");
  EXPECT_EQ(asked(2), "GET /v2/email/identities/example.com");
  answer_not_found();
  answer_not_found();
  EXPECT_EQ(run(client.find_sending_identity("a@example.com")), std::nullopt) << "never for com";
  EXPECT_EQ(transport_.requests.size(), 5U);
  answer(R"({"__type":"AccessDeniedException"})", 403);
  EXPECT_EQ(run(client.find_sending_identity("a@example.com")).error().kind, ErrorKind::Denied);
}

TEST_F(AccountClientsTest, SesTellsWhereEventsGo) {
  EmailAccountClient client(deps());
  answer(R"({"ConfigurationSetName":"cs","SendingOptions":{"SendingEnabled":false}})");
  EXPECT_FALSE((*run(client.find_configuration_set("cs")))->is_sending_enabled);
  answer(R"({"ConfigurationSetName":"cs"})");
  EXPECT_TRUE((*run(client.find_configuration_set("cs")))->is_sending_enabled);
  answer_not_found();
  EXPECT_FALSE(*run(client.find_configuration_set("gone")));
  answer(R"({"EventDestinations":[{"Name":"d","Enabled":true,"MatchingEventTypes":["BOUNCE","DELIVERY"],)"
         R"("SnsDestination":{"TopicArn":"arn:t"}},{"Name":"other"}]})");
  const auto destinations = run(client.list_event_destinations("c/s"));
  ASSERT_EQ(destinations->size(), 2U);
  EXPECT_EQ(destinations->front().topic_arn, "arn:t");
  EXPECT_EQ(destinations->front().events, (std::vector<std::string>{"BOUNCE", "DELIVERY"}));
  EXPECT_FALSE(destinations->back().is_enabled);
  EXPECT_EQ(asked(3), "GET /v2/email/configuration-sets/c%2Fs/event-destinations");
}

TEST_F(AccountClientsTest, SmsTellsPoolsAndNumbersWithTheirRates) {
  SmsAccountClient client(deps());
  answer(R"({"Pools":[{"PoolId":"pool-1","Status":"ACTIVE","MessageType":"PROMOTIONAL","OptOutListName":"Default",)"
         R"("SelfManagedOptOutsEnabled":true,"SharedRoutesEnabled":false,"New":{}}]})");
  const auto pool = run(client.find_pool("pool-1"));
  ASSERT_TRUE(pool && *pool);
  EXPECT_EQ((*pool)->opt_out_list, "Default");
  EXPECT_TRUE((*pool)->has_self_managed_opt_outs);
  EXPECT_EQ(asked(0), R"(POST / PinpointSMSVoiceV2.DescribePools {"PoolIds":["pool-1"]})");
  answer_not_found();
  EXPECT_FALSE(*run(client.find_pool("gone")));

  answer(R"({"PhoneNumbers":[{"PhoneNumberId":"phone-1","PhoneNumber":"+12065550100","Status":"ACTIVE",)"
         R"("IsoCountryCode":"US","NumberType":"TOLL_FREE","NumberCapabilities":["SMS","VOICE"],"PoolId":"pool-1",)"
         R"("MessagingLimits":{"RateLimits":{"SMS":3,"VOICE":20}}}],"NextToken":"n2"})");
  answer(R"({"PhoneNumbers":[{"PhoneNumberId":"phone-2","NumberCapabilities":["VOICE"]}]})");
  const auto numbers = run(client.list_numbers());
  ASSERT_TRUE(numbers);
  ASSERT_EQ(numbers->size(), 2U);
  EXPECT_EQ(numbers->front().parts_per_second, 3);
  EXPECT_TRUE(numbers->front().can_send_sms);
  EXPECT_FALSE(numbers->back().can_send_sms);
  EXPECT_FALSE(numbers->back().parts_per_second);
  EXPECT_EQ(asked(3), R"(POST / PinpointSMSVoiceV2.DescribePhoneNumbers {"MaxResults":100,"NextToken":"n2"})");
}

TEST_F(AccountClientsTest, SmsTellsLimitsTierAndEvents) {
  SmsAccountClient client(deps());
  answer(R"({"SpendLimits":[{"Name":"TEXT_MESSAGE_MONTHLY_SPEND_LIMIT","EnforcedLimit":1,"MaxLimit":100}]})");
  const auto limits = run(client.list_spend_limits());
  ASSERT_EQ(limits->size(), 1U);
  EXPECT_EQ(limits->front().enforced_usd, 1);
  EXPECT_EQ(limits->front().max_usd, 100);
  EXPECT_EQ(asked(0), "POST / PinpointSMSVoiceV2.DescribeSpendLimits {}");
  answer(R"({"AccountAttributes":[{"Name":"DEFAULT_PROTECT_CONFIGURATION_ID","Value":"p"},)"
         R"({"Name":"ACCOUNT_TIER","Value":"SANDBOX"}]})");
  EXPECT_EQ(run(client.get_account_tier()), "SANDBOX");
  answer("{}");
  EXPECT_EQ(run(client.get_account_tier()), "");
  answer(R"({"ConfigurationSets":[{"ConfigurationSetName":"cs","EventDestinations":[{"EventDestinationName":"d",)"
         R"("Enabled":true,"MatchingEventTypes":["TEXT_ALL"],"SnsDestination":{"TopicArn":"arn:t"}}]}]})");
  const auto set = run(client.find_configuration_set("cs"));
  ASSERT_TRUE(set && *set);
  EXPECT_EQ((*set)->destinations.at(0).topic_arn, "arn:t");
}

TEST_F(AccountClientsTest, ReadsOfSmsAndSesKeepToOneASecond) {
  SmsAccountClient client(deps());
  answer("{}");
  answer("{}");
  auto first = asio::co_spawn(context_, client.get_account_tier(), asio::use_future);
  auto second = asio::co_spawn(context_, client.list_spend_limits(), asio::use_future);
  clock_.advance(999ms);
  EXPECT_EQ(transport_.requests.size(), 1U);
  clock_.advance(1ms);
  EXPECT_EQ(transport_.requests.size(), 2U);
  EXPECT_TRUE(first.get());
  EXPECT_TRUE(second.get());
}

TEST_F(AccountClientsTest, WhatsAppTellsTheNumberAndItsTemplates) {
  WhatsAppAccountClient client(deps());
  answer(
      R"({"phoneNumber":{"arn":"a","phoneNumber":"+14255550100","phoneNumberId":"phone-number-id-1",)"
      R"("metaPhoneNumberId":"57","displayPhoneNumberName":"Shop","displayPhoneNumber":"+1 425","qualityRating":"GREEN"},)"
      R"("linkedWhatsAppBusinessAccountId":"waba-1"})");
  const auto number = run(client.find_number("phone-number-id-1"));
  ASSERT_TRUE(number && *number);
  EXPECT_EQ((*number)->quality, "GREEN");
  EXPECT_EQ((*number)->business_id, "waba-1");
  EXPECT_EQ(asked(0), "GET /v1/whatsapp/waba/phone/details?id=phone-number-id-1");
  answer_not_found();
  EXPECT_FALSE(*run(client.find_number("gone")));

  answer(
      R"({"templates":[{"templateName":"welcome","metaTemplateId":"1","templateStatus":"APPROVED",)"
      R"("templateQualityScore":"GREEN","templateLanguage":"en_US","templateCategory":"MARKETING"}],"nextToken":"a+b"})");
  answer(R"({"templates":[{"templateName":"bye"}]})");
  const auto templates = run(client.list_templates("waba-1"));
  ASSERT_TRUE(templates);
  ASSERT_EQ(templates->size(), 2U);
  EXPECT_EQ(templates->front().status, "APPROVED");
  EXPECT_EQ(templates->front().language, "en_US");
  EXPECT_EQ(asked(3), "GET /v1/whatsapp/template/list?id=waba-1&maxResults=100&nextToken=a%2Bb");

  answer(R"({"template":"{\"name\":\"welcome\"}"})");
  EXPECT_EQ(run(client.find_template("waba-1", "welcome", "en_US")), R"({"name":"welcome"})");
  EXPECT_EQ(asked(4), "GET /v1/whatsapp/template?id=waba-1&templateName=welcome&templateLanguageCode=en_US");
}

}  // namespace
}  // namespace clarion
