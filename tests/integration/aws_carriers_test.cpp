// The senders over a real socket, against a service that checks every request as AWS would.
#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>

#include <future>
#include <map>
#include <optional>

#include "aws/send_failures.h"
#include "carriers/aws_email_sender.h"
#include "carriers/aws_sms_sender.h"
#include "carriers/aws_whatsapp_sender.h"
#include "fakes/fixed_credentials.h"
#include "net/http_client.h"
#include "support/clarion_server.h"
#include "support/node_server.h"

namespace clarion::testing {
namespace {

using namespace std::chrono_literals;

const AwsCredentials long_lived{"AKIDSTANDIN", "stand-in-secret", ""};
const AwsCredentials session{"ASIASTANDIN", "stand-in-session-secret", "stand-in-session-token"};
const AwsCredentials expired{"ASIAEXPIRED", "stand-in-old-secret", "stand-in-old-token"};

// The right time, and a wrong date.
class SkewedClock final : public Clock {
 public:
  explicit SkewedClock(std::chrono::milliseconds skew) : skew_(skew) {}
  [[nodiscard]] TimePoint now() const override { return right_.now(); }
  [[nodiscard]] WallTime wall_now() const override { return right_.wall_now() + skew_; }
  Task<void> sleep_until(TimePoint deadline) override { return right_.sleep_until(deadline); }

 private:
  SystemClock right_;
  std::chrono::milliseconds skew_;
};

struct Setup {
  std::vector<AwsCredentials> keys = {session};
  std::chrono::milliseconds skew{0};
  std::chrono::milliseconds deadline{10s};
};

AwsSmsSettings sms_settings() {
  AwsSmsSettings settings;
  settings.origination_identity = "pool-0123456789abcdef0123456789abcdef";
  settings.configuration_set = "clarion";
  settings.time_to_live_seconds = 3600;
  settings.max_price_usd = "0.05";
  settings.india_entity_id = "1101";
  settings.india_template_id = "1107";
  return settings;
}
AwsWhatsAppSettings whatsapp_settings() {
  AwsWhatsAppSettings settings;
  settings.phone_number_id = "phone-number-id-0123456789abcdef0123456789abcdef";
  return settings;
}
AwsEmailSettings email_settings() {
  AwsEmailSettings settings;
  settings.from = "Shop <news@example.com>";
  settings.configuration_set = "clarion";
  settings.tenant = "shop";
  return settings;
}

// The three senders as production has them, pointed at one port.
class Senders {
 public:
  Senders(std::uint16_t port, Setup setup)
      : clock_(setup.skew),
        client_(context_.get_executor(), clock_, {}),
        credentials_(std::move(setup.keys)),
        sms_caller_({client_, credentials_, clock_}, endpoint(port, "sms-voice"), setup.deadline),
        whatsapp_caller_({client_, credentials_, clock_}, endpoint(port, "social-messaging"), setup.deadline),
        email_caller_({client_, credentials_, clock_}, endpoint(port, "ses"), setup.deadline) {}
  ~Senders() { run(client_.close()); }
  Senders(const Senders&) = delete;
  Senders& operator=(const Senders&) = delete;

  template <class T>
  T run(Task<T> task) {
    auto future = asio::co_spawn(context_, std::move(task), asio::use_future);
    context_.restart();
    while (future.wait_for(0s) != std::future_status::ready) context_.run_one();
    return future.get();
  }
  SendOutcome send(const Message& message) { return run(sender_of(message.channel()).send(message)); }
  // All at once, over as many connections as it takes.
  std::vector<SendOutcome> send_all(const std::vector<Message>& messages) {
    std::vector<std::future<SendOutcome>> sent;
    for (const Message& message : messages) {
      sent.push_back(asio::co_spawn(context_, sender_of(message.channel()).send(message), asio::use_future));
    }
    std::vector<SendOutcome> outcomes;
    context_.restart();
    for (auto& outcome : sent) {
      while (outcome.wait_for(0s) != std::future_status::ready) context_.run_one();
      outcomes.push_back(outcome.get());
    }
    return outcomes;
  }
  [[nodiscard]] std::uint64_t connections_made() const { return client_.connections_made(); }

 private:
  static AwsEndpoint endpoint(std::uint16_t port, std::string signing_name) {
    return {{false, "127.0.0.1", port}, "", "us-east-1", std::move(signing_name)};
  }
  ChannelSender& sender_of(Channel channel) {
    if (channel == Channel::Sms) return sms_;
    if (channel == Channel::WhatsApp) return whatsapp_;
    return email_;
  }

  asio::io_context context_;
  SkewedClock clock_;
  HttpClient client_;
  FixedCredentials credentials_;
  AwsCaller sms_caller_;
  AwsCaller whatsapp_caller_;
  AwsCaller email_caller_;
  AwsSmsSender sms_{sms_caller_, sms_settings()};
  AwsWhatsAppSender whatsapp_{whatsapp_caller_, clock_, whatsapp_settings()};
  AwsEmailSender email_{email_caller_, email_settings()};
};

AttemptId attempt(std::uint32_t position) {
  return {make_delivery_id(CampaignNumber{7}, position), 1};
}
Message message(std::uint32_t position, std::string destination, MessageBody body) {
  return {.attempt = attempt(position),
          .contact_id = "C-" + std::to_string(position),
          .destination = std::move(destination),
          .parts = 1,
          .body = std::move(body)};
}
Message sms(std::uint32_t position = 1, std::string to = "+12065550142") {
  return message(position, std::move(to), SmsBody{"Grüße, \"Ana\"\n€ \x01 🎉"});
}
Message whatsapp(std::uint32_t position = 2, std::string to = "+12065550143") {
  using Kind = WhatsAppComponent::Kind;
  WhatsAppBody body{.template_name = "welcome", .language = "en_US", .components = {}};
  body.components.push_back({.kind = Kind::Header, .button_index = 0, .button_type = {}, .parameters = {{"", "Ana"}}});
  body.components.push_back(
      {.kind = Kind::Body, .button_index = 0, .button_type = {}, .parameters = {{"first_name", "Ana"}, {"city", ""}}});
  body.components.push_back(
      {.kind = Kind::Button, .button_index = 0, .button_type = "url", .parameters = {{"", "u/7"}}});
  body.components.push_back(
      {.kind = Kind::Button, .button_index = 1, .button_type = "quick_reply", .parameters = {{"", "STOP"}}});
  return message(position, std::move(to), std::move(body));
}
Message email(std::uint32_t position = 3, std::string to = "ana@example.com") {
  return message(position, std::move(to),
                 EmailBody{"Grüße", "Hello Ana", "<p>Hello Ana</p>", "https://example.com/u/7"});
}

class AwsCarriersTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() { stand_in_ = new AwsStandIn; }
  static void TearDownTestSuite() { delete std::exchange(stand_in_, nullptr); }
  void SetUp() override { stand_in_->reset(); }
  static AwsStandIn& aws() { return *stand_in_; }

  std::optional<FailureClass> failure_of(const SendOutcome& outcome) {
    if (outcome) return std::nullopt;
    return outcome.error().failure;
  }
  std::int64_t count(std::string_view path) { return at_path(aws().counts(), path).to_number<std::int64_t>(); }

 private:
  static inline AwsStandIn* stand_in_ = nullptr;
};

TEST_F(AwsCarriersTest, EachChannelIsAcceptedWithItsAttempt) {
  for (const AwsCredentials& keys : {session, long_lived}) {
    aws().reset();
    Senders senders(aws().port(), {.keys = {keys}});
    for (const Message& each : {sms(), whatsapp(), email(), sms(4, "+919812345678")}) {
      const SendOutcome outcome = senders.send(each);
      ASSERT_TRUE(outcome) << outcome.error().code << ": " << outcome.error().detail;
      EXPECT_EQ(outcome->provider_id.size(), 36U);
    }
    EXPECT_EQ(senders.connections_made(), 1U);
    const auto counts = aws().counts();
    EXPECT_EQ(at_path(counts, "unsigned"), 0);
    EXPECT_EQ(counts.at("attempts").as_object().size(), 4U);
    EXPECT_TRUE(counts.at("attempts").as_object().contains(to_string(attempt(1)))) << counts.at("attempts");
    EXPECT_TRUE(counts.at("attempts").as_object().contains(to_string(attempt(2))));
  }
  EXPECT_EQ(at_path(aws().message_to("+12065550142"), "MessageBody"), "Grüße, \"Ana\"\n€ \x01 🎉");
  EXPECT_EQ(at_path(aws().message_to("+919812345678"), "DestinationCountryParameters.IN_TEMPLATE_ID"), "1107");
  EXPECT_EQ(at_path(aws().message_to("+12065550143"), "message.template.name"), "welcome");
  EXPECT_EQ(at_path(aws().message_to("ana@example.com"), "Content.Simple.Body.Html.Data"), "<p>Hello Ana</p>");
}

// Every row of the three tables, answered over the wire as the service words it.
TEST_F(AwsCarriersTest, EveryRefusalOfTheTablesMeansWhatItsRowSays) {
  struct Table {
    Message message;
    std::span<const SendFailureRow> rows;
  };
  Senders senders(aws().port(), {});
  std::size_t rows = 0;
  for (const auto& [message, table] :
       {Table{sms(), sms_failures()}, Table{whatsapp(), whatsapp_failures()}, Table{email(), email_failures()}}) {
    for (const SendFailureRow& row : table) {
      boost::json::object answer{{"code", row.code}, {"message", row.reason.empty() ? "no" : row.reason}};
      if (message.channel() == Channel::Sms) answer["members"] = {{"Reason", row.reason}};
      aws().change_plan(boost::json::serialize(
          boost::json::value{{"answers", {{std::string_view(message.destination), std::move(answer)}}}}));
      const SendOutcome outcome = senders.send(message);
      EXPECT_EQ(failure_of(outcome), row.failure) << row.code << ' ' << row.reason;
      EXPECT_TRUE(outcome || outcome.error().code == row.code);
      ++rows;
    }
  }
  EXPECT_EQ(count("channels.sms.answered") + count("channels.whatsapp.answered") + count("channels.email.answered"),
            static_cast<std::int64_t>(rows));
  EXPECT_TRUE(aws().counts().at("recipients").as_object().empty());
}

TEST_F(AwsCarriersTest, TroublesOfTheAccountStopTheChannel) {
  Senders senders(aws().port(), {});
  for (const std::string_view trouble : {"paused", "suspended", "denied", "daily_quota"}) {
    const boost::json::value all{{"account", {{"sms", trouble}, {"whatsapp", trouble}, {"email", trouble}}}};
    aws().change_plan(boost::json::serialize(all));
    EXPECT_EQ(action_for(failure_of(senders.send(sms())).value()), FailureAction::PauseChannel) << trouble;
    // What a person has to change is not tried again by itself.
    const FailureClass failure = failure_of(senders.send(email())).value();
    EXPECT_EQ(action_for(failure), FailureAction::PauseChannel) << trouble;
    EXPECT_EQ(probe_interval(failure).has_value(), trouble != "denied") << trouble;
    // WhatsApp has no daily quota of AWS's; what is above the rate is throttled.
    EXPECT_EQ(action_for(failure_of(senders.send(whatsapp())).value()),
              trouble == "daily_quota" ? FailureAction::Retry : FailureAction::PauseChannel)
        << trouble;
  }
}

TEST_F(AwsCarriersTest, WhatMayHaveBeenAcceptedIsInDoubtAndNothingElseIs) {
  struct Case {
    std::string_view plan;
    FailureClass failure;
    std::int64_t delivered;
  };
  using enum FailureClass;
  const std::vector<Case> cases{
      {R"({"throttle":1})", Throttled, 0},
      {R"({"fail_before":1})", Ambiguous, 0},
      {R"({"fail_after":1})", Ambiguous, 1},
      {R"({"reset_before":1})", Ambiguous, 0},
      {R"({"reset_after":1})", Ambiguous, 1},
      {R"({"reset_after":1,"reset_bytes":12})", Ambiguous, 1},
      {R"({"reset_after":1,"reset_bytes":90})", Ambiguous, 1},
      {R"({"hang_before":1})", Ambiguous, 0},
      {R"({"hang_after":1})", Ambiguous, 1},
      {R"({"garbage":1})", Ambiguous, 1},
      {R"({"late":1,"late_ms":5000})", Ambiguous, 1},
      {R"({"unknown_code":1})", InvalidContent, 0},
  };
  Senders patient(aws().port(), {});
  Senders hasty(aws().port(), {.deadline = 300ms});
  for (const Case& each : cases) {
    const bool answers_in_time = !each.plan.contains("hang") && !each.plan.contains("late");
    Senders& senders = answers_in_time ? patient : hasty;
    for (const Message& message : {sms(), whatsapp(), email()}) {
      aws().reset();
      aws().change_plan(each.plan);
      EXPECT_EQ(failure_of(senders.send(message)), each.failure) << each.plan << ' ' << to_string(message.channel());
      const auto counts = aws().counts();
      EXPECT_EQ(counts.at("recipients").as_object().size(), static_cast<std::size_t>(each.delivered)) << each.plan;
    }
  }
  aws().reset();
  EXPECT_TRUE(patient.send(sms())) << "the client goes on after all that";
}

TEST_F(AwsCarriersTest, WhereNobodyListensNothingWasSent) {
  AwsStandIn gone;
  Senders senders(gone.port(), {});
  EXPECT_TRUE(senders.send(sms()));
  gone.stop();
  EXPECT_EQ(failure_of(senders.send(sms(2))), FailureClass::NotConnected);
}

TEST_F(AwsCarriersTest, AnExpiredTokenCostsOneMoreAttemptAndNoMessage) {
  Senders senders(aws().port(), {.keys = {expired, session}});
  EXPECT_TRUE(senders.send(sms()));
  EXPECT_EQ(count("unsigned"), 1);
  EXPECT_EQ(count("channels.sms.accepted"), 1);
}

TEST_F(AwsCarriersTest, AWrongClockIsCorrectedByTheServicesDate) {
  for (const auto skew : {-3h, 3h}) {
    aws().reset();
    Senders senders(aws().port(), {.skew = skew});
    EXPECT_TRUE(senders.send(sms(1)));
    EXPECT_TRUE(senders.send(sms(2)));
    EXPECT_EQ(count("unsigned"), 1) << "only the first request learns";
    EXPECT_EQ(count("channels.sms.accepted"), 2);
  }
}

TEST_F(AwsCarriersTest, AWrongClockCostsNoMessageOfManyAtOnce) {
  for (const auto skew : {-3h, 3h}) {
    aws().reset();
    Senders senders(aws().port(), {.skew = skew});
    std::vector<Message> messages;
    for (std::uint32_t i = 0; i < 60; ++i) {
      const std::string number = "+1206555" + std::to_string(2000 + i);
      if (i % 3 == 0) messages.push_back(sms(i, number));
      if (i % 3 == 1) messages.push_back(whatsapp(i, number));
      if (i % 3 == 2) messages.push_back(email(i, "p" + std::to_string(i) + "@example.com"));
    }
    for (const SendOutcome& outcome : senders.send_all(messages)) {
      EXPECT_TRUE(outcome) << outcome.error().code << ": " << outcome.error().detail;
    }
    EXPECT_GT(count("unsigned"), 3) << "all of them were under way before the first reply";
    EXPECT_LE(count("unsigned"), 60);
    const auto counts = aws().counts();
    EXPECT_EQ(counts.at("recipients").as_object().size(), 60U);
    for (const auto& [to, times] : counts.at("recipients").as_object()) EXPECT_EQ(times, 1) << to;
  }
}

TEST_F(AwsCarriersTest, AWrongSecretStopsTheChannelAndIsNotRepeated) {
  Senders senders(aws().port(), {.keys = {{"AKIDSTANDIN", "guessed", ""}}});
  for (const Message& each : {sms(), whatsapp(), email()}) {
    const SendOutcome outcome = senders.send(each);
    EXPECT_EQ(failure_of(outcome), FailureClass::ChannelStopped);
    EXPECT_EQ(outcome.error().code, "SignatureDoesNotMatch");
  }
  EXPECT_EQ(count("unsigned"), 3);
}

TEST_F(AwsCarriersTest, WhatTheSendersReportIsWhatTheServiceCounted) {
  aws().change_plan(R"({"seed":5,"throttle":0.05,"fail_before":0.03,"fail_after":0.03,"reset_before":0.02,)"
                    R"("reset_after":0.02,"reset_bytes":30,"latency_ms":2})");
  std::vector<Message> messages;
  for (std::uint32_t i = 0; i < 900; ++i) {
    const std::string number = "+1206555" + std::to_string(1000 + i);
    if (i % 3 == 0) messages.push_back(sms(i, number));
    if (i % 3 == 1) messages.push_back(whatsapp(i, number));
    if (i % 3 == 2) messages.push_back(email(i, "p" + std::to_string(i) + "@example.com"));
  }
  Senders senders(aws().port(), {});
  std::map<std::string_view, std::int64_t> outcomes;
  for (const SendOutcome& outcome : senders.send_all(messages)) {
    ++outcomes[outcome ? "accepted" : to_string(outcome.error().failure)];
  }
  const auto counts = aws().counts();
  std::map<std::string, std::int64_t> service;
  for (const auto& [channel, members] : counts.at("channels").as_object()) {
    for (const auto& [name, value] : members.as_object()) {
      if (value.is_number()) service[name] += value.to_number<std::int64_t>();
    }
  }
  EXPECT_EQ(service["requests"], 900);
  EXPECT_EQ(at_path(counts, "unsigned"), 0);
  EXPECT_EQ(outcomes["throttled"], service["throttled"]);
  const std::int64_t after = service["fail_after"] + service["reset_after"];
  EXPECT_EQ(outcomes["accepted"], service["accepted"] - after);
  EXPECT_EQ(outcomes["ambiguous"], service["fail_before"] + service["reset_before"] + after);
  EXPECT_GT(after, 0);
  EXPECT_EQ(outcomes["accepted"] + outcomes["throttled"] + outcomes["ambiguous"], 900);
  for (const auto& [recipient, times] : counts.at("recipients").as_object()) EXPECT_EQ(times, 1) << recipient;
}

// Another implementation of SES, by other people.
TEST(EmailEmulatorTest, TakesTheEmailAsItWasMeant) {
  EmailEmulator mail;
  Senders senders(mail.port(), {});
  const SendOutcome outcome = senders.send(email(3,
                                                 "ana@b\xc3\xbc"
                                                 "cher.example"));
  ASSERT_TRUE(outcome) << outcome.error().detail;
  const auto store = object_of(http_get(mail.port(), "/store"));
  ASSERT_EQ(store.at("emails").as_array().size(), 1U);
  const auto& sent = store.at("emails").as_array().front().as_object();
  EXPECT_EQ(sent.at("messageId").as_string(), outcome->provider_id);
  EXPECT_EQ(sent.at("subject"), "Grüße");
  EXPECT_EQ(at_path(sent, "body.text"), "Hello Ana");
  EXPECT_EQ(at_path(sent, "body.html"), "<p>Hello Ana</p>");
  EXPECT_EQ(at_path(sent, "destination.to").as_array().at(0), "ana@xn--bcher-kva.example");
  EXPECT_NE(boost::json::serialize(sent.at("headers")).find("List-Unsubscribe=One-Click"), std::string::npos);
}

}  // namespace
}  // namespace clarion::testing
