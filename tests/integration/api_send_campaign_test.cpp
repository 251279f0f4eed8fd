// The contract of POST /api/send-campaign, line by line, against the built program.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "support/clarion_server.h"

namespace clarion::testing {
namespace {

using ::testing::HasSubstr;

const std::string three_users = R"([
  {"customer_id": "CUST-1", "selected_channel": "sms", "phone": "+14255550156", "message": "Hi Ana ..."},
  {"customer_id": "CUST-2", "selected_channel": "whatsapp", "phone": "+919812345678",
   "template_name": "promotion_template", "template_parameters": {"name": "Jo", "discount": "20%"}},
  {"customer_id": "CUST-3", "selected_channel": "email", "email": "c@example.com",
   "subject": "Special Offer", "message": "plain text", "message_html": "<p>optional</p>"}])";

std::string body_of(const std::string& users, const std::string& rest = R"("throughput_tps": 100)") {
  return R"({"eligible_users": )" + users + ", " + rest + "}";
}

class SendCampaign : public ::testing::Test {
 protected:
  HttpReply send(const std::string& body, HttpHeaders headers = {}) {
    return server_.post("/api/send-campaign", body, std::move(headers));
  }
  void expect_refused(const std::string& body, int status, const std::string& words) {
    const HttpReply reply = send(body);
    EXPECT_EQ(reply.status, status) << body.substr(0, 200);
    const auto document = object_of(reply);
    EXPECT_EQ(at_path(document, "success"), false);
    EXPECT_THAT(reply.body, HasSubstr(words)) << body.substr(0, 200);
    EXPECT_EQ(document.size(), 2U) << "only success and error";
    EXPECT_THAT(server_.get("/api/campaigns").body, HasSubstr(R"("campaigns":[])")) << "nothing is sent";
  }

  ClarionServer server_{CLARION_BINARY};
};

TEST_F(SendCampaign, AnswersTheResultsOfEveryChannel) {
  const HttpReply reply = send(body_of(three_users, R"("throughput_tps": 10, "campaign_id": "spring")"));
  EXPECT_EQ(reply.status, 200);
  const auto answer = object_of(reply);
  EXPECT_EQ(at_path(answer, "success"), true);
  EXPECT_EQ(at_path(answer, "results.total_sent"), 3);
  EXPECT_EQ(at_path(answer, "results.total_failed"), 0);
  EXPECT_EQ(at_path(answer, "results.total_skipped"), 0);
  EXPECT_EQ(at_path(answer, "results.total_in_doubt"), 0);
  EXPECT_EQ(at_path(answer, "results.campaign_id"), "spring");
  for (const std::string channel : {"sms", "whatsapp", "email"}) {
    EXPECT_EQ(at_path(answer, "results.by_channel." + channel + ".sent"), 1) << channel;
    EXPECT_EQ(at_path(answer, "results.by_channel." + channel + ".failed"), 0) << channel;
    EXPECT_EQ(at_path(answer, "results.by_channel." + channel + ".total"), 1) << channel;
  }
}

TEST_F(SendCampaign, ListsAllThreeChannelsWhenOneIsUsed) {
  const auto answer = object_of(
      send(body_of(R"([{"customer_id": "A", "selected_channel": "sms", "phone": "+14255550156", "message": "Hi"}])")));
  EXPECT_EQ(at_path(answer, "results.by_channel.email.total"), 0);
  EXPECT_EQ(at_path(answer, "results.by_channel.whatsapp.total"), 0);
}

TEST_F(SendCampaign, RefusesBodiesThatAreNoRequest) {
  expect_refused("", 400, "empty");
  expect_refused("{", 400, "JSON");
  expect_refused("[]", 400, "must be a JSON object");
  expect_refused(std::string("\xff\xfe{\0}\0", 6), 400, "error");
  expect_refused(R"({"throughput_tps": 10})", 400, "eligible_users");
  expect_refused(body_of("[]"), 400, "eligible_users");
  expect_refused(body_of("{}"), 400, "eligible_users");
  expect_refused(body_of("null"), 400, "eligible_users");
  expect_refused(body_of(std::string(10'000, '[')), 400, "error");
  expect_refused(body_of("[{\"customer_id\": \"\xC3\x28\"}]"), 400, "error");
}

TEST_F(SendCampaign, RefusesEveryRateThatIsNone) {
  expect_refused(R"({"eligible_users": )" + three_users + "}", 400, "throughput_tps is missing");
  for (const std::string rate : {"null", "\"10\"", "true", "0", "-1", "1000.5", "1001", "1e9", "[]"}) {
    expect_refused(body_of(three_users, R"("throughput_tps": )" + rate), 400, "throughput_tps");
  }
}

TEST_F(SendCampaign, RefusesCampaignIdsThatAreNone) {
  for (const std::string& id :
       {std::string(R"("")"), std::string(R"("a b")"), std::string(R"("a/b")"), std::string(R"(".")"),
        std::string(R"("..")"), std::string("7"), "\"" + std::string(65, 'a') + "\""}) {
    expect_refused(body_of(three_users, R"("throughput_tps": 10, "campaign_id": )" + id), 400, "campaign_id");
  }
}

TEST_F(SendCampaign, CountsUnknownChannelsAndMissingAddressesAsFailedWithAReason) {
  const auto answer = object_of(send(body_of(R"([
    {"customer_id": "A", "selected_channel": "fax", "phone": "+14255550156", "message": "Hi"},
    {"customer_id": "B", "selected_channel": "sms", "message": "Hi"},
    {"customer_id": "C", "selected_channel": "email", "email": "not an address", "subject": "S", "message": "M"},
    {"customer_id": "D", "selected_channel": "sms", "phone": "+14255550157", "message": "Hi"}])",
                                             R"("throughput_tps": 100, "campaign_id": "mixed")")));
  EXPECT_EQ(at_path(answer, "results.total_sent"), 1);
  EXPECT_EQ(at_path(answer, "results.total_failed"), 3);
  const std::string ledger = server_.get("/api/deliveries?campaign_id=mixed&state=failed").body;
  EXPECT_THAT(ledger, HasSubstr("unknown_channel"));
  EXPECT_THAT(ledger, HasSubstr("no_address"));
  EXPECT_THAT(ledger, HasSubstr("invalid_address"));
}

TEST_F(SendCampaign, ChoosesTheChannelOfAKnownCustomer) {
  // CUST-000032 is one of the demo contacts; its addresses and consent are known.
  const auto answer = object_of(send(body_of(
      R"([{"customer_id": "CUST-000032", "message": "Hi", "subject": "S", "template_name": "t"},
          {"customer_id": "nobody-knows", "message": "Hi", "subject": "S"}])",
      R"("throughput_tps": 100, "campaign_id": "chosen")")));
  EXPECT_EQ(at_path(answer, "results.total_planned"), 2);
  EXPECT_EQ(at_path(answer, "results.total_sent"), 1);
  EXPECT_EQ(at_path(answer, "results.total_failed"), 1);
  EXPECT_THAT(server_.get("/api/deliveries?campaign_id=chosen&state=failed").body, HasSubstr("no_channel"));
}

TEST_F(SendCampaign, ARepeatedRequestIsAnsweredAndSendsNothingAgain) {
  const std::string body = body_of(three_users, R"("throughput_tps": 100, "campaign_id": "once")");
  const auto first = object_of(send(body));
  // Spaces, the order of members and the way a number is written do not make it another request.
  const auto second =
      object_of(send(R"({"campaign_id":"once","throughput_tps":1e2,"eligible_users":)" + three_users + "}"));
  EXPECT_EQ(at_path(first, "results.total_sent"), at_path(second, "results.total_sent"));
  const auto deliveries = object_of(server_.get("/api/deliveries?campaign_id=once"));
  EXPECT_EQ(deliveries.at("deliveries").as_array().size(), 3U);
  for (const auto& row : deliveries.at("deliveries").as_array()) EXPECT_EQ(row.at("attempts"), 1);
}

TEST_F(SendCampaign, TheSameIdWithAnotherBodyIsAConflict) {
  send(body_of(three_users, R"("throughput_tps": 100, "campaign_id": "taken")"));
  const HttpReply reply = send(body_of(three_users, R"("throughput_tps": 50, "campaign_id": "taken")"));
  EXPECT_EQ(reply.status, 409);
  EXPECT_EQ(at_path(object_of(reply), "success"), false);
  EXPECT_THAT(reply.body, HasSubstr("taken"));
}

std::string many_users(int count) {
  std::string users = "[";
  for (int i = 0; i < count; ++i) {
    users += (i == 0 ? "" : ",") + std::string(R"({"customer_id": "U)") + std::to_string(i) +
             R"(", "selected_channel": "email", "email": "u)" + std::to_string(i) +
             R"(@example.com", "subject": "S", "message": "M"})";
  }
  return users + "]";
}

TEST_F(SendCampaign, WhatDoesNotFinishInTimeIsAcceptedAndGoesOn) {
  const HttpReply reply =
      send(body_of(many_users(60), R"("throughput_tps": 5, "campaign_id": "slow", "wait_seconds": 0)"));
  EXPECT_EQ(reply.status, 202);
  EXPECT_EQ(reply.header("location"), "/api/campaigns/slow");
  const auto answer = object_of(reply);
  EXPECT_EQ(at_path(answer, "status"), "running");
  EXPECT_EQ(at_path(answer, "results.total_planned"), 60);
  EXPECT_EQ(at_path(object_of(server_.get("/api/campaigns/slow")), "status"), "running");
}

TEST_F(SendCampaign, PreferRespondAsyncDoesNotWait) {
  const HttpReply reply = send(body_of(many_users(60), R"("throughput_tps": 5)"), {{"Prefer", "respond-async"}});
  EXPECT_EQ(reply.status, 202);
  EXPECT_THAT(reply.header("location"), HasSubstr("/api/campaigns/"));
}

TEST_F(SendCampaign, PreferencesAreReadAsAListInAnyCase) {
  const HttpReply listed =
      send(body_of(many_users(60), R"("throughput_tps": 5)"), {{"Prefer", "wait=10, Respond-Async; x=1"}});
  EXPECT_EQ(listed.status, 202);
  EXPECT_EQ(listed.header("preference-applied"), "respond-async");
  const HttpReply another = send(body_of(three_users), {{"Prefer", "respond-asynchronously"}});
  EXPECT_EQ(another.status, 200);
  EXPECT_EQ(another.header("preference-applied"), "");
}

TEST_F(SendCampaign, WaitSecondsMustBeANumberOfSeconds) {
  for (const std::string seconds : {"-1", "\"5\"", "1e9"}) {
    expect_refused(body_of(three_users, R"("throughput_tps": 10, "wait_seconds": )" + seconds), 400, "wait_seconds");
  }
}

TEST_F(SendCampaign, SuppressedAddressesAreSkippedWithTheReason) {
  ASSERT_EQ(server_.post("/api/suppressions", R"({"channel": "sms", "address": "+14255550156"})").status, 201);
  const auto answer = object_of(send(body_of(three_users, R"("throughput_tps": 100, "campaign_id": "quiet")")));
  EXPECT_EQ(at_path(answer, "results.total_sent"), 2);
  EXPECT_EQ(at_path(answer, "results.by_channel.sms.skipped"), 1);
  EXPECT_EQ(at_path(answer, "results.by_channel.sms.total"), 1);
  EXPECT_THAT(server_.get("/api/deliveries?campaign_id=quiet&state=skipped").body, HasSubstr("suppressed"));
}

TEST_F(SendCampaign, WhoOptedOutAtAnAddressIsSkippedUnderEveryCustomerId) {
  // The first demo contact who opted out of SMS, as a caller who keeps other ids would name them.
  std::string phone;
  std::string after;
  while (phone.empty()) {
    const auto page = object_of(server_.get("/api/contacts?limit=500" + after));
    for (const auto& contact : page.at("contacts").as_array()) {
      if (contact.at("consent").at("sms").at("state") != "opted_out" || !contact.at("phone").is_string()) continue;
      phone = contact.at("phone").as_string().c_str();
      break;
    }
    ASSERT_TRUE(phone.size() > 3 || page.at("next").is_string()) << "the demo contacts have nobody who opted out";
    if (phone.empty()) after = "&after=" + std::string(page.at("next").as_string().c_str());
  }
  const auto answer = object_of(send(body_of(
      R"([{"customer_id": "other-system-7", "selected_channel": "sms", "message": "Hi", "phone": ")" + phone + R"("}])",
      R"("throughput_tps": 100, "campaign_id": "stopped")")));
  EXPECT_EQ(at_path(answer, "results.total_sent"), 0);
  EXPECT_EQ(at_path(answer, "results.by_channel.sms.skipped"), 1);
  EXPECT_THAT(server_.get("/api/deliveries?campaign_id=stopped").body, HasSubstr("opted_out"));
}

TEST_F(SendCampaign, CapsHoldOnlyWhenTheyAreAskedFor) {
  const std::string user =
      R"([{"customer_id": "CUST-1", "selected_channel": "email", "email": "c@example.com", "subject": "S", "message": "M"}])";
  for (const std::string id : {"a", "b", "c", "d"}) {
    const auto answer = object_of(send(body_of(user, R"("throughput_tps": 100, "campaign_id": ")" + id + "\"")));
    EXPECT_EQ(at_path(answer, "results.total_sent"), 1) << id;
  }
  const auto capped = object_of(
      send(body_of(user, R"("throughput_tps": 100, "campaign_id": "e", "wait_seconds": 5, "respect_caps": true)")));
  EXPECT_EQ(at_path(capped, "results.total_skipped"), 1);
  EXPECT_THAT(server_.get("/api/deliveries?campaign_id=e").body, HasSubstr("frequency_cap_day"));
}

TEST_F(SendCampaign, ABodyAbove64MiBIsRefusedWithTheAdviceToImport) {
  HttpConnection connection(server_.port());
  connection.send("POST /api/send-campaign HTTP/1.1\r\nHost: localhost\r\nContent-Length: 67108865\r\n\r\n");
  const HttpReply reply = connection.read_reply();
  EXPECT_EQ(reply.status, 413);
  EXPECT_EQ(at_path(object_of(reply), "success"), false);
  EXPECT_THAT(reply.body, HasSubstr("import"));
}

TEST_F(SendCampaign, AWrongMethodIs405AndAnUnknownPath404BothAsJson) {
  const HttpReply method = server_.get("/api/send-campaign");
  EXPECT_EQ(method.status, 405);
  EXPECT_EQ(method.header("allow"), "POST, OPTIONS");
  EXPECT_EQ(at_path(object_of(method), "success"), false);
  const HttpReply path = server_.post("/api/send-campaigns", "{}");
  EXPECT_EQ(path.status, 404);
  EXPECT_EQ(at_path(object_of(path), "success"), false);
}

TEST_F(SendCampaign, AMemberThatAsksNotToSendNowIsRefused) {
  for (const std::string member : {R"("dry_run": true)", R"("dryRun": 1)", R"("scheduled_at": "2027-01-01")"}) {
    expect_refused(body_of(three_users, R"("throughput_tps": 10, )" + member), 400, "nothing was sent");
  }
  const auto sent = object_of(send(body_of(three_users, R"("throughput_tps": 100, "dry_run": false, "promo": 1)")));
  EXPECT_EQ(at_path(sent, "results.total_sent"), 3);
  EXPECT_EQ(at_path(sent, "ignored_members"), boost::json::value({"dry_run", "promo"}));
}

TEST_F(SendCampaign, UnknownMembersOfTheOldContractAreTolerated) {
  const auto answer = object_of(send(body_of(three_users, R"("throughput_tps": 100, "sent_by": "another program")")));
  EXPECT_EQ(at_path(answer, "results.total_sent"), 3);
}

}  // namespace
}  // namespace clarion::testing
