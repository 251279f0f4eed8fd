// Production, end to end: the built program against a service that checks every request as AWS does and keeps its own
// account of what it accepted.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>
#include <map>
#include <optional>
#include <regex>
#include <string>

#include "support/events_queue.h"
#include "support/eventually.h"
#include "support/production_server.h"
#include "support/sample_campaign.h"

namespace clarion::testing {
namespace {

namespace json = boost::json;
using ::testing::AllOf;
using ::testing::AnyOf;
using ::testing::HasSubstr;
using ::testing::Not;

// What a log may never hold.
void expect_no_secret(const std::string& log, const ProductionServer& production) {
  for (const std::string& secret :
       {std::string("stand-in-session-secret"), std::string("stand-in-session-token"), production.token(),
        std::string("AWS4-HMAC"), std::string("Signature="), std::string("ASIASTANDIN")}) {
    EXPECT_EQ(log.find(secret), std::string::npos) << secret;
  }
  std::smatch found;
  EXPECT_FALSE(std::regex_search(log, found, std::regex(R"(\+?1206\d{7}|p\d+@example\.com)"))) << found.str();
}

// Where the records are, and how many recipients that is worth in time.
struct Records {
  std::string store;
  int planned;
  int rate;  // messages a second and channel
};

class ProductionOutcomes : public ::testing::TestWithParam<Records> {};

TEST_P(ProductionOutcomes, EveryRecipientHasOneOutcomeAndNobodyGetsTwo) {
  const AwsStandIn aws(R"({"seed":7,"throttle":0.05,"fail_before":0.005,"fail_after":0.005,"reset_before":0.005,)"
                       R"("reset_after":0.005,"reset_bytes":20})");
  const int planned = GetParam().planned;
  std::map<std::string, std::string> environment{{"CLARION_LOG_LEVEL", "debug"}, {"SMS_PARTS_PER_SECOND", "500"}};
  // With records that others share, the queues too: where work waits, and what carriers say later.
  std::optional<DynamoDbEmulator> dynamo;
  std::optional<QueueEmulator> queues;
  std::optional<EventsQueue> events;
  std::string work_url;
  if (GetParam().store == "dynamodb") {
    environment.merge(records_in_dynamodb(CLARION_BINARY, dynamo.emplace(), aws));
    environment["AWS_ENDPOINT_URL_SQS"] = queues.emplace().url();
    work_url = make_work_queue(*queues).url;
    environment["WORK_QUEUE_URL"] = work_url;
    environment["EVENTS_QUEUE_URL"] = events.emplace(*queues).url();
    environment["SMS_REPLIES"] = "yes";
  }
  ProductionServer production(CLARION_BINARY, aws, environment);
  const int rate = GetParam().rate;
  const HttpConnection asking = production.begin_campaign(campaign_of(planned, "mixed", rate));
  if (queues) {
    const auto is_begun = [](const json::object& now) { return number(now, "accepted") > 0; };
    std::ignore = production.follow("mixed", is_begun);
    EXPECT_GT(messages_in(*queues, work_url), 0) << "work is announced";
  }
  const json::object ended = production.follow("mixed");
  EXPECT_EQ(ended.at("status"), "completed");
  if (events) EXPECT_EQ(object_of(production.get("/api/events")).at("sources").as_array().size(), 1U);

  // Clarion's figures against the service's own.
  const json::object counts = aws.counts();
  const std::int64_t lost_after = total(counts, "fail_after") + total(counts, "reset_after");
  const std::int64_t lost_before = total(counts, "fail_before") + total(counts, "reset_before");
  EXPECT_EQ(number(ended, "accepted") + number(ended, "in_doubt"), planned);
  EXPECT_EQ(number(ended, "in_doubt"), lost_after + lost_before);
  EXPECT_EQ(number(ended, "accepted") + lost_after, total(counts, "accepted"));
  EXPECT_EQ(number(counts, "unsigned"), 0);
  EXPECT_EQ(total(counts, "refused"), 0) << counts.at("refusals");
  EXPECT_GT(lost_after, planned / 500);
  EXPECT_GT(total(counts, "throttled"), planned / 50);
  for (const auto& [to, times] : counts.at("recipients").as_object()) EXPECT_EQ(times, 1) << to;
  for (const auto& [attempt, times] : counts.at("attempts").as_object()) EXPECT_EQ(times, 1) << attempt;

  // Recipient by recipient.
  const FinishedProcess exported = production.run({"export", "deliveries", "--campaign", "mixed", "--format", "json"});
  ASSERT_EQ(exported.code, 0) << exported.errors;
  std::map<std::string, std::string> states;
  for (const json::value& row : json::parse(exported.output).as_array()) {
    const std::string to = row.at("destination").as_string().c_str();
    EXPECT_TRUE(states.emplace(to, row.at("state").as_string().c_str()).second) << to << " twice";
    if (row.at("state") == "accepted") {
      EXPECT_TRUE(counts.at("recipients").as_object().contains(to)) << to;
      EXPECT_EQ(row.at("provider_id").as_string().size(), 36U);
    }
  }
  EXPECT_EQ(states.size(), static_cast<std::size_t>(planned));
  for (const auto& [to, times] : counts.at("throttled").as_object()) {
    EXPECT_THAT(states[std::string(to)], AnyOf("accepted", "in_doubt")) << to << " was throttled and forgotten";
  }

  // The rate was not passed: a campaign has a burst of five seconds, and a tenth of a second may come bunched by the
  // network. Each channel has more to send than that.
  const int most = 5 * rate + rate / 10 + 1;
  ASSERT_GT(planned / 3, most + rate);
  double latest_first = 0;
  double earliest_last = 1e300;
  for (const std::string channel : {"sms", "whatsapp", "email"}) {
    const json::array times = arrivals(counts, channel);
    latest_first = std::max(latest_first, times.front().to_number<double>());
    earliest_last = std::min(earliest_last, times.back().to_number<double>());
    EXPECT_LE(burst_needed(counts, channel, rate), most) << channel;
  }
  EXPECT_LT(latest_first, earliest_last) << "the channels run at the same time";
  EXPECT_EQ(production.server().stop(), 0);
  expect_no_secret(production.log(), production);
}

INSTANTIATE_TEST_SUITE_P(Stores, ProductionOutcomes,
                         ::testing::Values(Records{"sqlite", 5000, 150}, Records{"dynamodb", 5000, 150}),
                         [](const auto& test) { return test.param.store; });

TEST(Production, TheProvidersQuotaIsHeldAndUsed) {
  const AwsStandIn aws;
  ProductionServer production(CLARION_BINARY, aws, {{"SMS_PARTS_PER_SECOND", "200"}});
  ASSERT_THAT(production.post("/api/send-campaign", campaign_of(800, "paced", 1000, "sms")).status, AnyOf(200, 202));
  EXPECT_EQ(number(production.follow("paced"), "accepted"), 800);
  const json::object counts = aws.counts();
  EXPECT_LE(burst_needed(counts, "sms", 200), 200 + 60);
  const json::array times = arrivals(counts, "sms");
  const double took = times.back().to_number<double>() - times.front().to_number<double>();
  EXPECT_GE(took, 2800) << "800 at 200 a second, 200 of them at once";
  EXPECT_LE(took, 4500);
}

TEST(Production, AnAccountInTroubleStopsItsChannelAndNoOther) {
  const AwsStandIn aws(R"({"account":{"email":"paused"}})");
  const ProductionServer production(CLARION_BINARY, aws);
  const HttpConnection asking = production.begin_campaign(campaign_of(90, "half", 500));
  const auto others_are_done = [](const json::object& campaign) {
    return number(campaign, "accepted") == 60 && number(campaign, "by_channel.email.waiting") == 30;
  };
  const json::object stopped = production.follow("half", others_are_done);
  EXPECT_EQ(stopped.at("status"), "running") << "a pause of the account's sending can be lifted";
  EXPECT_THAT(stopped.at("status_reason").as_string().c_str(),
              AllOf(HasSubstr("email stopped (SendingPausedException)"), HasSubstr("One message tries it again at 2")));
  EXPECT_EQ(stopped.at("limited_by"), "channel_stopped");
  EXPECT_EQ(number(stopped, "by_channel.sms.accepted"), 30);
  EXPECT_EQ(number(stopped, "by_channel.whatsapp.accepted"), 30);
  EXPECT_EQ(number(stopped, "by_channel.email.waiting"), 30) << "nobody is given up for a fault of the account";

  aws.change_plan(R"({"account":{}})");
  EXPECT_EQ(production.post("/api/campaigns/half/resume", "{}").status, 200);
  EXPECT_EQ(number(production.follow("half"), "accepted"), 90);
  for (const auto& [to, times] : aws.counts().at("recipients").as_object()) EXPECT_EQ(times, 1) << to;
}

TEST(Production, RefusalsOfEveryoneStopTheChannelAndFailFew) {
  json::object answers;
  const std::string campaign = campaign_of(200, "refused", 10, "sms");
  for (const json::value& user : json::parse(campaign).at("eligible_users").as_array()) {
    answers[user.at("phone").as_string()] = {{"code", "ValidationException"},
                                             {"members", {{"Reason", "SENDER_ID_NOT_REGISTERED"}}}};
  }
  const AwsStandIn aws(json::serialize(json::value{{"answers", answers}}));
  const ProductionServer production(CLARION_BINARY, aws);
  const HttpConnection asking = production.begin_campaign(campaign);
  const auto is_paused = [](const json::object& now) { return now.at("status") == "paused"; };
  const json::object stopped = production.follow("refused", is_paused);
  EXPECT_THAT(
      stopped.at("status_reason").as_string().c_str(),
      AllOf(HasSubstr("sms stopped (ValidationException): "), HasSubstr("messages in a row were refused (blocked)")));
  // Those that were under way already were refused too.
  EXPECT_GE(number(stopped, "failed"), 25);
  EXPECT_LE(number(stopped, "failed"), 60);
  EXPECT_EQ(number(stopped, "failed") + number(stopped, "waiting"), 200);
}

TEST(Production, AMessageWhoseTemplateIsNotApprovedIsNeverSent) {
  const AwsStandIn aws;
  const ProductionServer production(CLARION_BINARY, aws,
                                    {{"WHATSAPP_BUSINESS_ACCOUNT_ID", "waba-0123456789abcdef0123456789abcdef"}});
  aws.change_account(
      R"({"templates":[{"templateName":"welcome","templateLanguage":"en_US","templateStatus":"PAUSED",
          "templateQualityScore":"RED"}]})");
  const std::string templates = production.get("/api/provider-templates").body;
  EXPECT_THAT(templates, HasSubstr(R"("is_known":true)"));
  EXPECT_THAT(templates,
              HasSubstr(R"({"template_name":"welcome","language":"en_US","status":"PAUSED","quality":"RED"})"));
  EXPECT_EQ(production.post("/api/send-campaign", campaign_of(6, "paused", 100)).status, 200);
  const json::object ended = production.follow("paused");
  EXPECT_EQ(number(ended, "by_channel.whatsapp.failed"), 2);
  EXPECT_EQ(number(ended, "by_channel.sms.accepted"), 2);
  EXPECT_THAT(production.get("/api/deliveries?campaign_id=paused&state=failed").body,
              HasSubstr(R"("reason":"template_not_approved")"));
  EXPECT_EQ(number(aws.counts(), "channels.whatsapp.requests"), 0);

  // A campaign that could choose the channel is refused before it begins; one that leaves it out is not.
  ASSERT_EQ(production.post("/api/contacts/import", "id,email,consent_email\nA,a@example.com,opted_in\n").status, 200);
  const std::string everyone = R"({"filter": {"everyone": true}, "throughput_tps": 10, "templates": {"email": "news",
      "whatsapp": "news"})";
  HttpReply refused;
  EXPECT_TRUE(eventually([&] {
    refused = production.post("/api/campaigns", everyone + "}");  // nobody matches until the contact is seen
    return refused.status == 422;
  })) << refused.body;
  EXPECT_THAT(refused.body, HasSubstr("leave whatsapp out"));
  EXPECT_EQ(production.post("/api/campaigns", everyone + R"(, "channels": ["email"]})").status, 201);
}

TEST(Production, AListByWhatsAppIsNotTakenWhileNobodyCanSayWhichTemplatesAreApproved) {
  const AwsStandIn aws;
  const ProductionServer production(CLARION_BINARY, aws,
                                    {{"AWS_ENDPOINT_URL_SOCIALMESSAGING", "http://127.0.0.1:1"},
                                     {"WHATSAPP_BUSINESS_ACCOUNT_ID", "waba-0123456789abcdef0123456789abcdef"}});
  const HttpReply refused = production.post("/api/send-campaign", campaign_of(3, "unknown", 10));
  EXPECT_EQ(refused.status, 503) << refused.body;
  EXPECT_THAT(refused.body, HasSubstr("nobody can say whether the WhatsApp templates are approved"));
  EXPECT_EQ(production.get("/api/campaigns/unknown").status, 404) << "the same request may come again";
  EXPECT_EQ(total(aws.counts(), "requests"), 0);
  EXPECT_EQ(production.post("/api/send-campaign", campaign_of(3, "unknown", 10, "sms")).status, 200);
  EXPECT_EQ(number(aws.counts(), "channels.sms.accepted"), 3);
}

// The stand-in quotes the request, session token included, as AWS does. What the servers log is searched in any case.
TEST(Production, ARefusedSignatureTellsNobodyTheToken) {
  const AwsStandIn aws;
  ProductionServer production(CLARION_BINARY, aws, {{"CLARION_LOG_LEVEL", "debug"}});
  // The key is right at the start, else the server would not.
  ASSERT_EQ(
      http_post(aws.port(), "/__keys", R"({"ASIASTANDIN":{"secret":"changed-since","token":"stand-in-session-token"}})")
          .status,
      200);
  const HttpReply unasked = production.post("/api/send-campaign", campaign_of(9, "unasked", 100, "whatsapp"));
  EXPECT_EQ(unasked.status, 503) << "nobody can say whether its template is approved";
  const HttpConnection asking = production.begin_campaign(campaign_of(9, "refused", 100, "sms"));
  const json::object stopped =
      production.follow("refused", [](const json::object& campaign) { return campaign.at("status") == "paused"; });
  EXPECT_THAT(stopped.at("status_reason").as_string().c_str(),
              HasSubstr("The request signature we calculated does not match the signature you provided"));
  const FinishedProcess doctor = production.run({"doctor", "--json"});
  EXPECT_THAT(doctor.output, HasSubstr("SignatureDoesNotMatch"));
  const std::string seen =
      unasked.body + json::serialize(stopped) + doctor.output + production.get("/api/campaigns").body +
      production.get("/api/deliveries?campaign_id=refused").body + production.get("/api/quotas").body;
  EXPECT_EQ(production.server().stop(), 0);
  expect_no_secret(production.log(), production);
  EXPECT_THAT(seen, Not(AnyOf(HasSubstr("stand-in-session-token"), HasSubstr("Canonical"))));
  EXPECT_THAT(json::serialize(aws.counts().at("refusals")), HasSubstr("x-amz-security-token:stand-in-session-token"))
      << "else this proves nothing";
}

TEST(Production, ACrashLeavesDoubtAndRepeatsNobody) {
  const AwsStandIn aws(R"({"latency_ms":100})");
  ProductionServer production(CLARION_BINARY, aws);
  // The burst is 5 x 20 on each of three channels. After it about six are under way at every moment: neither none nor
  // many, however slow the machine.
  const HttpConnection asking = production.begin_campaign(campaign_of(420, "crash", 20));
  const auto is_halfway = [](const json::object& campaign) { return number(campaign, "accepted") >= 310; };
  ASSERT_GE(number(production.follow("crash", is_halfway), "accepted"), 310);
  production.server().process().send_signal(SIGKILL);
  production.server().process().wait();

  const FinishedProcess resumed = production.run({"campaigns", "resume", "crash"});
  const FinishedProcess exported = production.run({"export", "deliveries", "--campaign", "crash", "--format", "json"});
  const json::object counts = aws.counts();
  std::map<std::string, int> states;
  for (const json::value& row : json::parse(exported.output).as_array()) {
    ++states[row.at("state").as_string().c_str()];
    if (row.at("state") == "accepted") {
      EXPECT_TRUE(counts.at("recipients").as_object().contains(row.at("destination").as_string()));
    }
  }
  EXPECT_EQ(states["accepted"] + states["in_doubt"], 420) << resumed.errors << resumed.output;
  EXPECT_GT(states["in_doubt"], 0);
  EXPECT_LT(states["in_doubt"], 60) << "only what was under way";
  for (const auto& [to, times] : counts.at("recipients").as_object()) EXPECT_EQ(times, 1) << to;
}

TEST(Production, AsksForTokensOnLoopbackToo) {
  const AwsStandIn aws;
  const ProductionServer production(CLARION_BINARY, aws);
  const std::uint16_t port = production.port();
  EXPECT_EQ(http_get(port, "/api/environment").status, 401);
  EXPECT_EQ(production.get("/api/environment").body,
            R"({"is_production":true,"environment":"production","aws_enabled":true})");
  const HttpReply stranger = http_post(port, "/api/send-campaign", campaign_of(3, "x", 10));
  EXPECT_EQ(stranger.status, 401);
  EXPECT_THAT(stranger.header("www-authenticate"), HasSubstr("Bearer"));
  const FinishedProcess reader = production.run({"token", "create", "--name", "reader", "--scope", "read"});
  const HttpHeaders reads{{"Authorization", "Bearer " + reader.output.substr(0, reader.output.find('\n'))}};
  EXPECT_EQ(http_get(port, "/api/campaigns", reads).status, 200);
  EXPECT_EQ(http_post(port, "/api/send-campaign", campaign_of(3, "x", 10), reads).status, 403);
  EXPECT_EQ(total(aws.counts(), "requests"), 0);
  EXPECT_EQ(production.post("/api/send-campaign", campaign_of(3, "x", 10)).status, 200);
  EXPECT_EQ(total(aws.counts(), "accepted"), 3);
}

}  // namespace
}  // namespace clarion::testing
