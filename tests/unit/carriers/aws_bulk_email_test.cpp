#include <fmt/format.h>
#include <gtest/gtest.h>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/json/parse.hpp>

#include <deque>
#include <future>

#include "aws/json_object.h"
#include "carriers/aws_bulk_email_sender.h"
#include "fakes/fixed_credentials.h"
#include "fakes/manual_clock.h"
#include "fakes/scripted_transport.h"

namespace clarion {
namespace {

using namespace std::chrono_literals;

AwsEmailSettings settings_of_size(std::int32_t size) {
  AwsEmailSettings settings;
  settings.from = "Shop <news@example.com>";
  settings.configuration_set = "cs";
  settings.tenant = "shop";
  settings.bulk_size = size;
  return settings;
}

class AwsBulkEmailTest : public ::testing::Test {
 protected:
  // Hands a message over; time does not move.
  void send(std::uint32_t position, std::string to, EmailBody body) {
    const Message& message =
        messages_.emplace_back(Message{.attempt = {make_delivery_id(CampaignNumber{1}, position), 1},
                                       .contact_id = "C",
                                       .destination = std::move(to),
                                       .parts = 1,
                                       .body = std::move(body)});
    outcomes_.push_back(asio::co_spawn(context_, sender_.send(message), asio::use_future));
    clock_.settle();
  }
  void send_plain(std::uint32_t position) {
    send(position, fmt::format("a{}@example.com", position), {"S", "T", "", ""});
  }
  void answer(std::string body, int status = 200) {
    transport_.answers.push_back(HttpReply{status, {}, std::move(body)});
  }
  static std::string results(std::vector<std::string_view> statuses) {
    std::string list;
    for (std::size_t i = 0; i < statuses.size(); ++i) {
      list += fmt::format(R"({}{{"Status":"{}","MessageId":"m{}"}})", i > 0 ? "," : "", statuses[i], i);
    }
    return R"({"BulkEmailEntryResults":[)" + list + "]}";
  }
  // "m0", a failure's class, or "waiting", one for each message.
  std::string said() {
    std::string text;
    for (auto& outcome : outcomes_) {
      if (!text.empty()) text += ' ';
      if (outcome.wait_for(0s) != std::future_status::ready) {
        text += "waiting";
        continue;
      }
      const SendOutcome result = outcome.get();
      text += result ? result->provider_id : std::string(to_string(result.error().failure));
    }
    outcomes_.clear();
    return text;
  }
  boost::json::value request(std::size_t index) const {
    return boost::json::parse(testing::body_of(transport_.requests.at(index)));
  }

  asio::io_context context_;
  testing::ManualClock clock_{context_};
  testing::ScriptedTransport transport_;
  testing::FixedCredentials credentials_;
  AwsCaller caller_{{transport_, credentials_, clock_}, {{true, "h", 443}, "", "us-east-1", "ses"}, 10s};
  AwsBulkEmailSender sender_{caller_, clock_, settings_of_size(3)};
  std::deque<Message> messages_;
  std::vector<std::future<SendOutcome>> outcomes_;
};

TEST_F(AwsBulkEmailTest, WhatComesWithinAFewMillisecondsGoesOutTogether) {
  answer(results({"SUCCESS", "SUCCESS"}));
  send(1, "ana@bücher.example", {"Hi \"Ana\"", "Text {{x}}", "", "https://example.com/u/1"});
  clock_.advance(4ms);
  send_plain(2);
  EXPECT_TRUE(transport_.requests.empty());
  clock_.advance(1ms);
  EXPECT_EQ(said(), "m0 m1");
  ASSERT_EQ(transport_.requests.size(), 1U);
  EXPECT_TRUE(transport_.requests[0].starts_with("POST /v2/email/outbound-bulk-emails HTTP/1.1\r\n"));
  EXPECT_EQ(
      testing::body_of(transport_.requests[0]),
      R"({"FromEmailAddress":"Shop <news@example.com>","DefaultContent":{"Template":{"TemplateContent":)"
      R"({"Subject":"{{subject}}","Text":"{{text}}"},"TemplateData":"{}"}},"BulkEmailEntries":[)"
      R"({"Destination":{"ToAddresses":["ana@xn--bcher-kva.example"]},"ReplacementTags":[{"Name":"attempt","Value":")" +
          [this] {
            std::string tag = to_string(messages_[0].attempt);
            std::ranges::replace(tag, '.', '_');
            return tag;
          }() +
          R"("}],"ReplacementEmailContent":{"ReplacementTemplate":{"ReplacementTemplateData":)"
          R"("{\"subject\":\"Hi \\\"Ana\\\"\",\"text\":\"Text {{x}}\"}"}},"ReplacementHeaders":[)"
          R"({"Name":"List-Unsubscribe","Value":"<https://example.com/u/1>"},)"
          R"({"Name":"List-Unsubscribe-Post","Value":"List-Unsubscribe=One-Click"}]},)" +
          testing::body_of(transport_.requests[0])
              .substr(testing::body_of(transport_.requests[0]).find(R"({"Destination":{"ToAddresses":["a2@)")));
  EXPECT_TRUE(
      testing::body_of(transport_.requests[0]).ends_with(R"(],"ConfigurationSetName":"cs","TenantName":"shop"})"));
}

TEST_F(AwsBulkEmailTest, AFullCallGoesAtOnceAndTheNextBegins) {
  answer(results({"SUCCESS", "SUCCESS", "SUCCESS"}));
  for (std::uint32_t i = 1; i <= 4; ++i) send_plain(i);
  clock_.settle();
  EXPECT_EQ(transport_.requests.size(), 1U) << "without waiting";
  EXPECT_EQ(json_list(request(0), "BulkEmailEntries").size(), 3U);
  answer(results({"SUCCESS"}));
  clock_.advance(5ms);
  EXPECT_EQ(said(), "m0 m1 m2 m0");
}

TEST_F(AwsBulkEmailTest, TextAndHtmlNeverShareACall) {
  answer(results({"SUCCESS"}));
  answer(results({"SUCCESS"}));
  send_plain(1);
  send(2, "b@example.com", {"S", "T", "<p>&</p>", ""});
  clock_.advance(5ms);
  EXPECT_EQ(said(), "m0 m0");
  EXPECT_FALSE(testing::body_of(transport_.requests.at(0)).contains("Html"));
  EXPECT_TRUE(testing::body_of(transport_.requests.at(1)).contains(R"("Html":"{{html}}")"));
  EXPECT_TRUE(testing::body_of(transport_.requests.at(1)).contains(R"(\"html\":\"<p>&</p>\")"));
}

TEST_F(AwsBulkEmailTest, EachMessageGetsTheOutcomeOfItsOwnEntry) {
  answer(results({"SUCCESS", "ACCOUNT_THROTTLED", "MESSAGE_REJECTED"}));
  for (std::uint32_t i = 1; i <= 3; ++i) send_plain(i);
  clock_.settle();
  EXPECT_EQ(said(), "m0 throttled invalid_content");
  answer(R"({"BulkEmailEntryResults":[{"Status":"SUCCESS"},{"Status":"NEW_STATUS","Error":"?"}]})");
  for (std::uint32_t i = 1; i <= 3; ++i) send_plain(i);
  clock_.settle();
  EXPECT_EQ(said(), "ambiguous ambiguous ambiguous") << "no id, a status nobody knows, and no entry prove nothing";
}

TEST_F(AwsBulkEmailTest, ACallThatFailsFailsForAll) {
  const auto all_after = [this](testing::TransportAnswer reply) {
    transport_.answers.push_back(std::move(reply));
    send_plain(1);
    send_plain(2);
    clock_.advance(5ms);
    return said();
  };
  EXPECT_EQ(all_after(HttpReply{429, {}, R"({"message":"Maximum sending rate exceeded."})"}), "throttled throttled");
  EXPECT_EQ(all_after(HttpReply{500, {}, ""}), "ambiguous ambiguous");
  EXPECT_EQ(all_after(HttpReply{200, {}, "<html>"}), "ambiguous ambiguous");
  EXPECT_EQ(all_after(std::unexpected(TransportFailure{Reach::NotSent, "refused"})), "not_connected not_connected");
  EXPECT_EQ(all_after(std::unexpected(TransportFailure{Reach::MaybeSent, "reset"})), "ambiguous ambiguous");
}

TEST_F(AwsBulkEmailTest, WhatCannotGoInBulkGoesAlone) {
  answer(R"({"MessageId":"single"})");
  send(1, "a@example.com", {"S", "T", std::string(50'000, 'x'), ""});
  EXPECT_EQ(said(), "single");
  EXPECT_TRUE(transport_.requests.at(0).starts_with("POST /v2/email/outbound-emails HTTP/1.1\r\n"));
  send(2, "ünïcode@example.com", {"S", "T", "", ""});
  EXPECT_EQ(said(), "invalid_address");
  EXPECT_EQ(transport_.requests.size(), 1U);
}

TEST_F(AwsBulkEmailTest, WhenTheFirstIsCancelledTheOthersKnowThatNothingWasSent) {
  const Message first{.attempt = {make_delivery_id(CampaignNumber{1}, 9), 1},
                      .contact_id = "C",
                      .destination = "z@example.com",
                      .parts = 1,
                      .body = EmailBody{"S", "T", "", ""}};
  asio::cancellation_signal signal;
  std::string first_said;
  asio::co_spawn(
      context_, sender_.send(first),
      asio::bind_cancellation_slot(signal.slot(), [&](const std::exception_ptr&, const SendOutcome& outcome) {
        if (!outcome) first_said = to_string(outcome.error().failure);
      }));
  clock_.settle();
  send_plain(1);
  signal.emit(asio::cancellation_type::terminal);
  clock_.advance(5ms);
  EXPECT_EQ(first_said, "not_connected");
  EXPECT_EQ(said(), "not_connected");
  EXPECT_TRUE(transport_.requests.empty());
}

TEST_F(AwsBulkEmailTest, AnUnverifiedSenderStopsTheChannelAndAnUnverifiedRecipientIsOneOutcome) {
  answer(R"({"BulkEmailEntryResults":[{"Status":"SUCCESS","MessageId":"m0"},)"
         R"({"Status":"MESSAGE_REJECTED","Error":"Email address is not verified: a2@example.com"},)"
         R"({"Status":"MESSAGE_REJECTED","Error":"Email address is not verified: news@example.com"}]})");
  for (std::uint32_t i = 1; i <= 3; ++i) send_plain(i);
  clock_.settle();
  EXPECT_EQ(said(), "m0 blocked channel_stopped");
  answer(R"({"__type":"MessageRejected","message":"Email address is not verified: news@example.com"})", 400);
  for (std::uint32_t i = 1; i <= 3; ++i) send_plain(i);
  clock_.settle();
  EXPECT_EQ(said(), "channel_stopped channel_stopped channel_stopped");
}

TEST(BulkEntryFailures, FollowTheModel) {
  struct Case {
    const char* status;
    const char* error;
    FailureClass failure;
  };
  using enum FailureClass;
  // Every BulkEmailStatus but SUCCESS, and the words that tell two of a kind apart.
  const std::vector<Case> cases{{"ACCOUNT_DAILY_QUOTA_EXCEEDED", "", DailyQuotaUsedUp},
                                {"ACCOUNT_SENDING_PAUSED", "", SendingSuspended},
                                {"ACCOUNT_SUSPENDED", "", SendingSuspended},
                                {"ACCOUNT_THROTTLED", "", Throttled},
                                {"CONFIGURATION_SET_NOT_FOUND", "", ChannelStopped},
                                {"CONFIGURATION_SET_SENDING_PAUSED", "", SendingSuspended},
                                {"FAILED", "", InvalidContent},
                                {"INVALID_PARAMETER", "Illegal address", InvalidAddress},
                                {"INVALID_PARAMETER", "", InvalidContent},
                                {"INVALID_SENDING_POOL_NAME", "", ChannelStopped},
                                {"MAIL_FROM_DOMAIN_NOT_VERIFIED", "", ChannelStopped},
                                {"MESSAGE_REJECTED", "Email address is not verified.", ChannelStopped},
                                {"MESSAGE_REJECTED", "", InvalidContent},
                                {"TEMPLATE_NOT_FOUND", "", ChannelStopped},
                                {"TRANSIENT_FAILURE", "", ProviderBusy}};
  EXPECT_EQ(cases.size(), bulk_entry_failures().size()) << "one case a row";
  for (const Case& one : cases) {
    AwsFailure failure;
    failure.status = 200;
    failure.code = one.status;
    failure.body = one.error;
    EXPECT_EQ(to_send_failure(bulk_entry_failures(), failure).failure, one.failure) << one.status << one.error;
  }
}

}  // namespace
}  // namespace clarion
