// The reading clients and the queue over real sockets, against services that check every request.
#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/json/parse.hpp>

#include <future>

#include "aws/email_account_client.h"
#include "aws/json_object.h"
#include "aws/sms_account_client.h"
#include "aws/sqs_client.h"
#include "aws/sts_client.h"
#include "aws/whatsapp_account_client.h"
#include "base/task_group.h"
#include "carriers/aws_bulk_email_sender.h"
#include "fakes/fixed_credentials.h"
#include "net/http_client.h"
#include "support/clarion_server.h"
#include "support/node_server.h"

namespace clarion::testing {
namespace {

using namespace std::chrono_literals;

// Callers of every service at one port.
class Account {
 public:
  explicit Account(std::uint16_t port) : port_(port) {}
  ~Account() { run(client_.close()); }
  Account(const Account&) = delete;
  Account& operator=(const Account&) = delete;

  template <class T>
  T run(Task<T> task) {
    auto future = asio::co_spawn(context_, std::move(task), asio::use_future);
    context_.restart();
    while (future.wait_for(0s) != std::future_status::ready) context_.run_one();
    return future.get();
  }
  // A new reader each time: none of them has to wait for its turn.
  AwsReader::Deps of(std::string signing_name) {
    callers_.push_back(std::make_unique<AwsCaller>(
        AwsCaller::Deps{client_, credentials_, clock_},
        AwsEndpoint{{false, "127.0.0.1", port_}, "", "us-east-1", std::move(signing_name)}, 10s));
    return {.caller = *callers_.back(), .clock = clock_};
  }

 private:
  std::uint16_t port_;
  asio::io_context context_;
  SystemClock clock_;
  HttpClient client_{context_.get_executor(), clock_, {}};
  FixedCredentials credentials_{{{"AKIDSTANDIN", "stand-in-secret", ""}}};
  std::vector<std::unique_ptr<AwsCaller>> callers_;
};

TEST(AwsAccount, IsReadInShapesThatTheServicesTake) {
  AwsStandIn stand_in;
  Account account(stand_in.port());
  const auto identity = account.run(StsClient(account.of("sts")).get_caller_identity());
  ASSERT_TRUE(identity) << identity.error().message;
  EXPECT_EQ(identity->account, "123456789012");

  const auto email = account.run(EmailAccountClient(account.of("ses")).get_account());
  ASSERT_TRUE(email) << email.error().message;
  EXPECT_EQ(email->max_per_second, 1000);
  EXPECT_TRUE(email->has_production_access);
  const auto sender = account.run(EmailAccountClient(account.of("ses")).find_identity("news@example.com"));
  ASSERT_TRUE(sender && *sender);
  EXPECT_TRUE((*sender)->is_verified);
  EXPECT_EQ(account.run(EmailAccountClient(account.of("ses")).find_identity("a+b@other.example")), std::nullopt);
  EXPECT_TRUE(*account.run(EmailAccountClient(account.of("ses")).find_configuration_set("clarion")));
  EXPECT_FALSE(*account.run(EmailAccountClient(account.of("ses")).find_configuration_set("no such")));

  const auto pool =
      account.run(SmsAccountClient(account.of("sms-voice")).find_pool("pool-0123456789abcdef0123456789abcdef"));
  ASSERT_TRUE(pool && *pool);
  EXPECT_EQ((*pool)->status, "ACTIVE");
  EXPECT_EQ(account.run(SmsAccountClient(account.of("sms-voice")).find_pool("pool-gone")), std::nullopt);
  const auto numbers = account.run(SmsAccountClient(account.of("sms-voice")).list_numbers());
  ASSERT_TRUE(numbers) << numbers.error().message;
  EXPECT_EQ(numbers->at(0).number, "+12065550100");
  EXPECT_EQ(account.run(SmsAccountClient(account.of("sms-voice")).get_account_tier()), "PRODUCTION");
  EXPECT_EQ(account.run(SmsAccountClient(account.of("sms-voice")).list_spend_limits())->at(0).enforced_usd, 1000);
  const auto set = account.run(SmsAccountClient(account.of("sms-voice")).find_configuration_set("clarion"));
  ASSERT_TRUE(set && *set);
  EXPECT_EQ((*set)->destinations.at(0).events, std::vector<std::string>{"TEXT_ALL"});

  WhatsAppAccountClient whatsapp(account.of("social-messaging"));
  const auto number = account.run(whatsapp.find_number("phone-number-id-0123456789abcdef0123456789abcdef"));
  ASSERT_TRUE(number && *number);
  EXPECT_EQ((*number)->quality, "GREEN");
  EXPECT_EQ(account.run(whatsapp.find_number("phone-number-id-ffffffffffffffffffffffffffffffff")), std::nullopt);
  const auto templates = account.run(whatsapp.list_templates((*number)->business_id));
  ASSERT_TRUE(templates) << templates.error().message;
  EXPECT_EQ(templates->at(0).status, "APPROVED");
  EXPECT_EQ(at_path(stand_in.counts(), "unsigned"), 0);
}

TEST(AwsQueue, HoldsWhatIsSentUntilItIsRemoved) {
  QueueEmulator emulator;
  Account account(emulator.port());
  AwsReader::Deps deps = account.of("sqs");
  EXPECT_EQ(account.run(find_queue_url(deps, "events")).error().kind, ErrorKind::NotFound);
  AwsReader reader(deps);
  ASSERT_TRUE(account.run(reader.read("sqs:CreateQueue", {.target = "AmazonSQS.CreateQueue",
                                                          .content_type = "application/x-amz-json-1.0",
                                                          .body = R"({"QueueName":"events"})"})));
  const auto url = account.run(find_queue_url(deps, "events"));
  ASSERT_TRUE(url) << url.error().message;
  SqsClient queue(deps, *url);

  std::vector<SqsSend> messages(12);
  for (std::size_t i = 0; i < messages.size(); ++i)
    messages[i].body = "{\"n\":" + std::to_string(i) + ",\"é\":\"\\\"\"}";
  for (const auto& sent : account.run(queue.send(messages))) ASSERT_TRUE(sent) << sent.error().message;
  EXPECT_EQ(account.run(queue.get_queue())->waiting, 12);

  const auto received = account.run(queue.receive({.most = 10, .wait = 1s, .lease = 60s}));
  ASSERT_TRUE(received) << received.error().message;
  ASSERT_FALSE(received->empty());
  EXPECT_EQ(received->front().receive_count, 1);
  EXPECT_TRUE(received->front().body.starts_with("{\"n\":")) << received->front().body;
  EXPECT_GT(received->front().sent_at, *parse_iso8601("2020-01-01"));
  EXPECT_EQ(account.run(queue.get_queue())->in_flight, static_cast<std::int64_t>(received->size()));

  std::vector<std::string> handles;
  for (const SqsMessage& message : *received) handles.push_back(message.receipt_handle);
  const std::string first = handles.front();
  EXPECT_TRUE(account.run(queue.prolong({{first, 0s}})).at(0)) << "given back";
  handles.erase(handles.begin());
  for (const auto& removed : account.run(queue.remove(handles))) EXPECT_TRUE(removed);
  EXPECT_EQ(account.run(queue.get_queue())->in_flight, 0);
  EXPECT_EQ(account.run(queue.get_queue())->waiting, 12 - static_cast<std::int64_t>(handles.size()));
  EXPECT_FALSE(account.run(queue.prolong({{"no-such-handle", 30s}})).at(0));
}

TEST(AwsBulkEmail, ArrivesAsItWasRendered) {
  EmailEmulator emulator;
  Account account(emulator.port());
  AwsReader::Deps deps = account.of("ses");
  AwsEmailSettings settings;
  settings.from = "news@example.com";
  settings.bulk_size = 50;
  AwsBulkEmailSender sender(deps.caller, deps.clock, settings);
  const std::vector<EmailBody> bodies{
      {"Grüße, \"Ana\" & {{subject}}", "a < b & {{text}}\n\\ {{{x}}}", "", "https://e.example/u/1"},
      {"2", "second\ttext", "", ""},
      {"3", "text", "<p title=\"x\">&amp; {{#if}} é</p>", ""}};
  const auto send_all = [&]() -> Task<std::vector<SendOutcome>> {
    std::vector<Message> messages;
    for (std::uint32_t i = 0; i < bodies.size(); ++i) {
      messages.push_back({.attempt = {make_delivery_id(CampaignNumber{1}, i), 1},
                          .contact_id = "C",
                          .destination = "a" + std::to_string(i) + "@example.com",
                          .parts = 1,
                          .body = bodies[i]});
    }
    std::vector<SendOutcome> outcomes;
    TaskGroup group;
    for (const Message& message : messages) {
      group.spawn(co_await asio::this_coro::executor,
                  [](AwsBulkEmailSender& bulk, const Message& one, std::vector<SendOutcome>& all) -> Task<void> {
                    all.push_back(co_await bulk.send(one));
                  }(sender, message, outcomes));
    }
    co_await group.join();
    co_return outcomes;
  };
  for (const SendOutcome& outcome : account.run(send_all())) EXPECT_TRUE(outcome) << outcome.error().detail;
  const auto stored = boost::json::parse(http_get(emulator.port(), "/store").body);
  ASSERT_EQ(json_list(stored, "emails").size(), 3U);
  for (const auto& email : json_list(stored, "emails")) {
    const auto& to = json_member(email, "destination")->at("to").at(0).as_string();
    const EmailBody& body = bodies.at(static_cast<std::size_t>(to.at(1) - '0'));
    EXPECT_EQ(json_text(email, "subject"), body.subject);
    EXPECT_EQ(json_text(*json_member(email, "body"), "text"), body.text);
    EXPECT_EQ(json_text(*json_member(email, "body"), "html"), body.html);
    EXPECT_EQ(json_list(email, "headers").size(), body.unsubscribe_url.empty() ? 0U : 2U);
  }
}

}  // namespace
}  // namespace clarion::testing
