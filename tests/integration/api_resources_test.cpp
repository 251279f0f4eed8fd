// The other resources of the HTTP API against the built program.

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <string>

#include "audience/field.h"
#include "support/clarion_server.h"

namespace clarion::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

class Api : public ::testing::Test {
 protected:
  // Sends to `count` addresses at `tps` without waiting.
  void start_list(const std::string& id, int count, double tps) {
    std::string users;
    for (int i = 0; i < count; ++i) {
      users += (i == 0 ? "" : ",") + std::string(R"({"customer_id": "U)") + std::to_string(i) +
               R"(", "selected_channel": "sms", "phone": "+1425555)" + std::to_string(1000 + i) +
               R"(", "message": "Hi"})";
    }
    const HttpReply reply = server_.post("/api/send-campaign",
                                         R"({"campaign_id": ")" + id + R"(", "throughput_tps": )" +
                                             std::to_string(tps) + R"(, "eligible_users": [)" + users + "]}",
                                         {{"Prefer", "respond-async"}});
    ASSERT_THAT(reply.status, ::testing::AnyOf(200, 202)) << reply.body;
  }
  boost::json::object campaign(const std::string& id) { return object_of(server_.get("/api/campaigns/" + id)); }
  void expect_problem(const HttpReply& reply, int status, const std::string& words) {
    EXPECT_EQ(reply.status, status) << reply.body;
    EXPECT_EQ(reply.header("content-type"), "application/problem+json");
    const auto problem = object_of(reply);
    EXPECT_EQ(at_path(problem, "status"), status);
    EXPECT_THAT(std::string(at_path(problem, "detail").as_string().c_str()), HasSubstr(words));
  }
  // Reads the campaign's stream to its end; the last document.
  boost::json::object follow(const std::string& id) {
    HttpConnection connection(server_.port(), std::chrono::seconds(30));
    connection.send_request("GET", "/api/campaigns/" + id + "/stream");
    EXPECT_EQ(connection.read_head().status, 200);
    boost::json::object last;
    while (const auto event = connection.read_event()) {
      last = boost::json::parse(event->data).as_object();
      if (event->event == "end") break;
    }
    return last;
  }

  ClarionServer server_{CLARION_BINARY};
};

TEST_F(Api, TheEnvironmentHasExactlyItsThreeMembers) {
  EXPECT_EQ(server_.get("/api/environment").body,
            R"({"is_production":false,"environment":"local","aws_enabled":false})");
}

TEST_F(Api, LocationsAndSkusAreSortedWithTotals) {
  const auto locations = object_of(server_.get("/api/locations"));
  EXPECT_EQ(locations.at("total_customers"), 2000);
  const auto& names = locations.at("locations").as_array();
  ASSERT_GT(names.size(), 5U);
  for (std::size_t i = 1; i < names.size(); ++i) EXPECT_LT(names[i - 1].as_string(), names[i].as_string());
  const auto skus = object_of(server_.get("/api/skus"));
  EXPECT_EQ(skus.at("total_skus").to_number<std::size_t>(), skus.at("skus").as_array().size());
}

TEST_F(Api, ASentenceIsAnsweredWithThePlanThatSendCampaignTakes) {
  const auto answer = object_of(server_.post(
      "/api/intelligent-query", R"({"query": "Run campaign for laptops in Bangalore with at least 2 purchases"})"));
  EXPECT_EQ(at_path(answer, "success"), true);
  const auto& results = answer.at("results").as_object();
  const auto matched = results.at("total_matched").to_number<int>();
  EXPECT_GT(matched, 0);
  EXPECT_EQ(matched, results.at("eligible_count").to_number<int>() +
                         at_path(answer, "results.suppressed.count").to_number<int>());
  EXPECT_THAT(results.at("sql_query").as_string().c_str(), HasSubstr("purchase_count >= 2"));
  EXPECT_THAT(results.at("segment_id").as_string().c_str(), StartsWith("seg-"));
  EXPECT_TRUE(results.at("unsupported_dimensions").as_array().empty());
  EXPECT_EQ(results.at("promotion").at("sku"), "SKU-LAPTOP-1");

  const auto& users = results.at("eligible_users").as_array();
  ASSERT_EQ(users.size(), results.at("eligible_count").to_number<std::size_t>());
  const auto sent = object_of(
      server_.post("/api/send-campaign",
                   boost::json::serialize(boost::json::object{{"eligible_users", users}, {"throughput_tps", 1000}})));
  EXPECT_EQ(at_path(sent, "results.total_sent").to_number<std::size_t>(), users.size()) << boost::json::serialize(sent);
}

TEST_F(Api, WordsThatWereNotUnderstoodAreNamed) {
  const auto answer =
      object_of(server_.post("/api/intelligent-query", R"({"query": "customers in Bangalore who flibbertigibbet"})"));
  EXPECT_THAT(boost::json::serialize(at_path(answer, "results.unsupported_dimensions")), HasSubstr("flibbertigibbet"));
  expect_problem(server_.post("/api/campaigns",
                              R"({"query": "customers in Bangalore who flibbertigibbet", "throughput_tps": 10})"),
                 422, "flibbertigibbet");
}

TEST_F(Api, HalfASentenceIsSentOnlyWhenTheRequestSaysSo) {
  const auto create = [this](const std::string& query, const std::string& rest) {
    return server_.post("/api/campaigns", R"({"query": ")" + query + R"(", "throughput_tps": 10)" + rest + "}");
  };
  const std::string half = "laptops in Bangalore or Atlantis";
  expect_problem(create("customers in Bangalore who flibbertigibbet", ""), 422, "city = 'Bangalore'");
  expect_problem(create(half, R"(, "accept_partial": false)"), 422, "Atlantis");
  // Nothing is left of it: that is not everybody.
  expect_problem(create("customers in Atlantis", R"(, "accept_partial": true)"), 422, "everyone");
  expect_problem(
      server_.post("/api/campaigns", R"({"filter": {"everyone": true}, "throughput_tps": 10, "accept_partial": true})"),
      400, "query only");
  EXPECT_THAT(server_.get("/api/campaigns").body, HasSubstr(R"("campaigns":[])")) << "nothing is sent";
  EXPECT_EQ(create("customers in Bangalore who flibbertigibbet", R"(, "accept_partial": true)").status, 201);
}

TEST_F(Api, ACountryIsNamedByItsCodeOrItsName) {
  const auto ask = [this](const std::string& country) {
    return object_of(server_.post("/api/query", R"({"filters": {"country": ")" + country + "\"}}"));
  };
  const auto india = at_path(ask("India"), "results.total_matched");
  EXPECT_GT(india.to_number<int>(), 0);
  for (const std::string code : {"IN", "in"}) {
    EXPECT_EQ(at_path(ask(code), "results.total_matched"), india) << code;
    EXPECT_TRUE(at_path(ask(code), "results.suggestions").as_array().empty()) << code;
  }
  EXPECT_THAT(boost::json::serialize(at_path(ask("Narnia"), "results.suggestions")), HasSubstr("No contact has"));
}

TEST_F(Api, TheStructuredFormFiltersByEveryMember) {
  const auto ask = [this](const std::string& body) {
    return at_path(object_of(server_.post("/api/query", body)), "results.total_matched").to_number<int>();
  };
  const int all = ask("{}");
  EXPECT_EQ(all, 2000);
  const int city = ask(R"({"location": "Bangalore", "sku": ""})");
  EXPECT_LT(city, all);
  EXPECT_LT(ask(R"({"location": "Bangalore", "filters": {"min_purchases": 3}})"), city);
  EXPECT_LT(ask(R"({"location": "Bangalore", "filters": {"max_purchases": 1}})"), city);
  EXPECT_LT(ask(R"({"location": "Bangalore", "filters": {"has_cart_items": true}})"), city);
  EXPECT_LT(ask(R"({"location": "Bangalore", "sku": "SKU-LAPTOP-1"})"), city);
  EXPECT_LT(ask(R"({"filters": {"country": "IN", "category": "electronics"}})"), all);
  EXPECT_EQ(ask(R"({"location": "Atlantis"})"), 0);
  const HttpReply wrong = server_.post("/api/query", R"({"filters": {"min_purchases": "many"}})");
  EXPECT_EQ(wrong.status, 400);
  EXPECT_THAT(wrong.body, HasSubstr("filters.min_purchases must be a whole number"));
  const HttpReply unknown = server_.post("/api/query", R"({"filters": {"colour": "red"}})");
  EXPECT_EQ(unknown.status, 400);
  EXPECT_THAT(unknown.body, HasSubstr("filters.colour is not a member of this request"));
}

TEST_F(Api, AMemberThatMeansNothingIsNamedAsNotUnderstood) {
  const auto named = [this](const std::string& path, const std::string& body) {
    const auto answer = object_of(server_.post(path, body));
    const auto unsupported = at_path(answer, "results.unsupported_dimensions");
    return boost::json::serialize(unsupported);
  };
  EXPECT_THAT(named("/api/query", R"({"locaton": "Austin"})"), HasSubstr("locaton"));
  EXPECT_THAT(named("/api/intelligent-query", R"({"query": "everyone", "country": "US"})"), HasSubstr("country"));
  EXPECT_EQ(named("/api/query", R"({"location": "Austin", "sku": null, "natural_language_query": "", "filters": {},
      "respect_caps": false, "none": null})"),
            "[]");
}

TEST_F(Api, ACampaignFromASegmentIsPlannedAndSentToItsEnd) {
  const auto segment = object_of(server_.post(
      "/api/segments", R"({"name": "Austin", "filter": {"field": "city", "operator": "=", "value": "Austin"}})"));
  const std::string body = R"({"segment_id": ")" + std::string(segment.at("segment_id").as_string().c_str()) +
                           R"(", "throughput_tps": 1000, "campaign_id": "austin", "respect_caps": false})";
  const HttpReply created = server_.post("/api/campaigns", body);
  ASSERT_EQ(created.status, 201) << created.body;
  EXPECT_EQ(created.header("location"), "/api/campaigns/austin");
  const auto ended = follow("austin");
  EXPECT_EQ(at_path(ended, "status"), "completed");
  EXPECT_EQ(at_path(ended, "planned"), segment.at("count"));
  EXPECT_GT(at_path(ended, "accepted").to_number<int>(), 0);
  const auto total = [&ended](const char* name) { return at_path(ended, name).to_number<int>(); };
  EXPECT_EQ(total("planned"), total("accepted") + total("failed") + total("skipped") + total("in_doubt"));

  EXPECT_EQ(server_.post("/api/campaigns", body).status, 200) << "the same request is the same campaign";
  expect_problem(
      server_.post("/api/campaigns", R"({"filter": {"everyone": true}, "throughput_tps": 5, "campaign_id": "austin"})"),
      409, "austin");

  const auto analytics = object_of(server_.get("/api/analytics/campaigns/austin"));
  EXPECT_EQ(at_path(analytics, "total.planned"), at_path(ended, "planned"));
  EXPECT_EQ(at_path(analytics, "cost.actual"), at_path(ended, "actual_cost"));
  for (const std::string cost : {"estimated", "actual"}) {
    double sum = 0;
    for (const std::string channel : {"sms", "whatsapp", "email"}) {
      sum += at_path(analytics, fmt::format("response.{}.{}_cost", channel, cost)).to_number<double>();
    }
    EXPECT_NEAR(sum, at_path(analytics, "cost." + cost).to_number<double>(), 1e-6) << cost;
  }
}

TEST_F(Api, ACampaignRequestIsReadStrictly) {
  const auto refused = [this](const std::string& body, const std::string& words, int status = 400) {
    expect_problem(server_.post("/api/campaigns", body), status, words);
  };
  refused("", "empty");
  refused(R"({"throughput_tps": 10})", "give exactly one");
  refused(R"({"query": "x", "segment_id": "y", "throughput_tps": 10})", "give exactly one");
  refused(R"({"filter": {"everyone": true}})", "throughput_tps is missing");
  refused(R"({"filter": {"everyone": true}, "throughput_tps": 1001})", "from 0.001 to 1000");
  refused(R"({"filter": {"everyone": true}, "throughput_tps": 10, "colour": 1})", "colour is not a member");
  refused(R"({"filter": {"field": "colour"}, "throughput_tps": 10})", "filter");
  refused(R"({"filter": {"everyone": true}, "throughput_tps": 10, "on_unknown": "maybe"})", "on_unknown");
  refused(R"({"filter": {"everyone": true}, "throughput_tps": 10, "budget": -1})", "budget");
  refused(R"({"filter": {"everyone": true}, "throughput_tps": 10, "templates": {"sms": "none-such"}})", "none-such",
          404);
  refused(R"({"segment_id": "seg-0", "throughput_tps": 10})", "", 404);
  refused(R"({"filter": {"field": "city", "operator": "=", "value": "Atlantis"}, "throughput_tps": 10})",
          "nobody matches");
}

TEST_F(Api, ARunningCampaignIsPausedChangedResumedAndCancelled) {
  start_list("run", 200, 5);
  EXPECT_EQ(at_path(object_of(server_.post("/api/campaigns/run/pause", "")), "status"), "paused");
  expect_problem(server_.post("/api/campaigns/run/pause", ""), 409, "paused");
  const HttpReply changed = http_request(server_.port(), "PATCH", "/api/campaigns/run", R"({"throughput_tps": 20})");
  EXPECT_EQ(at_path(object_of(changed), "throughput_tps"), 20);
  for (const std::string body :
       {R"({"throughput_tps": 0})", R"({"throughput_tps": 5000})", R"({})", R"({"tps": 5})", ""}) {
    EXPECT_EQ(http_request(server_.port(), "PATCH", "/api/campaigns/run", body).status, 400) << body;
  }
  EXPECT_EQ(at_path(object_of(server_.post("/api/campaigns/run/resume", "")), "status"), "running");
  EXPECT_EQ(at_path(object_of(server_.post("/api/campaigns/run/cancel", "")), "status"), "cancelled");
  const auto ended = follow("run");
  EXPECT_EQ(at_path(ended, "waiting"), 0);
  EXPECT_GT(at_path(ended, "skipped").to_number<int>(), 0);
  expect_problem(server_.post("/api/campaigns/run/resume", ""), 409, "cancelled");
  expect_problem(server_.post("/api/campaigns/none/pause", ""), 404, "none");
  expect_problem(server_.get("/api/campaigns/none"), 404, "none");
}

TEST_F(Api, TheStreamsEventsAreNumberedAndEndWithTheCampaign) {
  start_list("stream", 20, 1000);
  HttpConnection connection(server_.port(), std::chrono::seconds(20));
  connection.send_request("GET", "/api/campaigns/stream/stream", "", {{"Last-Event-ID", "41"}});
  const HttpReply head = connection.read_head();
  EXPECT_EQ(head.header("content-type"), "text/event-stream");
  int expected = 42;
  std::string last;
  while (const auto event = connection.read_event()) {
    EXPECT_EQ(event->id, std::to_string(expected++));
    last = event->event;
    if (last == "end") break;
  }
  EXPECT_EQ(last, "end");
}

TEST_F(Api, CampaignsAndDeliveriesArePaged) {
  start_list("p1", 5, 1000);
  start_list("p2", 5, 1000);
  const auto first = object_of(server_.get("/api/campaigns?limit=1"));
  EXPECT_EQ(first.at("campaigns").at(0).at("campaign_id"), "p2");
  const auto second =
      object_of(server_.get("/api/campaigns?limit=1&before=" + boost::json::serialize(first.at("next"))));
  EXPECT_EQ(second.at("campaigns").at(0).at("campaign_id"), "p1");
  EXPECT_TRUE(second.at("next").is_null());

  std::string after;
  int seen = 0;
  do {
    const auto page = object_of(server_.get("/api/deliveries?campaign_id=p1&limit=2" + after));
    seen += static_cast<int>(page.at("deliveries").as_array().size());
    after = page.at("next").is_null() ? "" : "&after=" + std::string(page.at("next").as_string().c_str());
  } while (!after.empty());
  EXPECT_EQ(seen, 5);
  expect_problem(server_.get("/api/deliveries?stat=failed"), 400, "stat is not known here");
  expect_problem(server_.get("/api/deliveries?state=lost"), 400, "state");
  expect_problem(server_.get("/api/deliveries?limit=0"), 400, "limit");
  expect_problem(server_.get("/api/deliveries?campaign_id=none"), 404, "none");
}

TEST_F(Api, DeliveriesAreExportedWhole) {
  start_list("out", 30, 1000);
  follow("out");
  const HttpReply csv = server_.get("/api/deliveries?campaign_id=out&format=csv");
  EXPECT_EQ(csv.header("content-type"), "text/csv; charset=utf-8");
  EXPECT_EQ(std::count(csv.body.begin(), csv.body.end(), '\n'), 31);
  EXPECT_THAT(csv.body, StartsWith("delivery_id,campaign_id,contact_id,channel,state,reason,"));
  const HttpReply lines = server_.get("/api/deliveries?campaign_id=out&format=ndjson");
  EXPECT_EQ(std::count(lines.body.begin(), lines.body.end(), '\n'), 30);

  // Both say why, as the delivery itself does.
  const std::string query = R"({"query": "customers in Austin", "campaign_id": "why", "throughput_tps": 1000,
      "respect_caps": false})";
  ASSERT_EQ(server_.post("/api/campaigns", query).status, 201);
  follow("why");
  const HttpReply explained = server_.get("/api/deliveries?campaign_id=why&format=ndjson");
  const auto first = boost::json::parse(explained.body.substr(0, explained.body.find('\n'))).as_object();
  ASSERT_TRUE(first.at("why").is_object()) << explained.body.substr(0, 1000);
  const std::string id = first.at("delivery_id").as_string().c_str();
  EXPECT_EQ(first.at("why"), object_of(server_.get("/api/deliveries/" + id)).at("why"));
}

TEST_F(Api, OneDeliveryTellsWhyAndShowsItsMessage) {
  start_list("one", 1, 1000);
  follow("one");
  const auto page = object_of(server_.get("/api/deliveries?campaign_id=one"));
  const std::string id = page.at("deliveries").at(0).at("delivery_id").as_string().c_str();
  const auto delivery = object_of(server_.get("/api/deliveries/" + id));
  EXPECT_EQ(at_path(delivery, "message.text"), "Hi");
  EXPECT_EQ(at_path(delivery, "state").as_string().empty(), false);
  EXPECT_TRUE(delivery.contains("why"));
  EXPECT_TRUE(delivery.at("events").is_array());
  expect_problem(server_.get("/api/deliveries/d-zzz"), 404, "");
  expect_problem(server_.get("/api/deliveries/d-%22"), 404, "");
}

TEST_F(Api, ContactsAreSearchedAndShownWithConsent) {
  const auto found = object_of(server_.get("/api/contacts?q=CUST-000032"));
  EXPECT_EQ(found.at("total"), 1);
  const auto page = object_of(server_.get("/api/contacts?limit=2&after=2"));
  EXPECT_EQ(page.at("contacts").as_array().size(), 2U);
  EXPECT_EQ(page.at("next"), 4);
  const auto contact = object_of(server_.get("/api/contacts/CUST-000032"));
  EXPECT_TRUE(at_path(contact, "consent.sms.state").is_string());
  EXPECT_TRUE(contact.at("recent_deliveries").is_array());
  expect_problem(server_.get("/api/contacts/nobody"), 404, "nobody");
}

TEST_F(Api, AFileOfContactsIsCheckedAndThenTakenIn) {
  const std::string file =
      "customer_id,phone,sms_consent\nUP-1,+14255550177,opted_in\nUP-2,none,opted_in\nUP-3,+14255550178,opted_in\n";
  const auto checked = object_of(server_.post("/api/contacts/import?dry_run=true", file));
  EXPECT_EQ(checked.at("format"), "csv");
  EXPECT_EQ(checked.at("read"), 3);
  EXPECT_EQ(checked.at("imported"), 2);
  EXPECT_EQ(checked.at("rejected"), 1);
  EXPECT_THAT(checked.at("rejected_csv").as_string().c_str(), HasSubstr("phone"));
  EXPECT_EQ(object_of(server_.post("/api/contacts/import?dry_run=true", file)).at("imported"), 2) << "nothing was kept";

  EXPECT_EQ(object_of(server_.post("/api/contacts/import", file)).at("imported"), 2);
  EXPECT_EQ(object_of(server_.post("/api/contacts/import", file)).at("replaced"), 2);
  for (const auto& entry : std::filesystem::directory_iterator(server_.directory() / "data" / "local")) {
    EXPECT_FALSE(entry.path().filename().string().starts_with("upload-")) << entry.path();
  }
  expect_problem(server_.post("/api/contacts/import", ""), 400, "the body is empty");
  expect_problem(server_.post("/api/contacts/import?format=xls", file), 400, "format");
}

TEST_F(Api, TheInstallationTellsItsLimitsAndItsPrices) {
  const auto installation = object_of(server_.get("/api/installation"));
  EXPECT_EQ(installation.at("max_tps"), 1000);
  EXPECT_EQ(installation.at("requires_token"), false);
  EXPECT_EQ(at_path(installation, "contacts.count"), 2000);
  EXPECT_EQ(at_path(installation, "set_up.sms"), true);
  const auto& prices = installation.at("prices").as_array();
  ASSERT_FALSE(prices.empty());
  for (const auto& row : prices) EXPECT_FALSE(row.at("source").as_string().empty());
}

TEST_F(Api, ACampaignIsPreviewedAsItWillBePlanned) {
  const std::string audience = R"("filter": {"everyone": true}, "start_at": "2031-01-01T00:00:00Z")";
  const auto preview = object_of(server_.post("/api/audience/preview", "{" + audience + R"(, "limit": 5})"));
  EXPECT_EQ(preview.at("eligible_users").as_array().size(), 5U);
  EXPECT_EQ(object_of(server_.get("/api/segments")).at("total_segments"), 0) << "a preview saves nothing";
  const auto expected = at_path(preview, "after_metrics.messages_by_channel");
  server_.post("/api/campaigns", "{" + audience + R"(, "campaign_id": "seen", "throughput_tps": 0.01})");
  auto campaign = object_of(server_.get("/api/campaigns/seen"));
  while (campaign.at("is_planned") == false) campaign = object_of(server_.get("/api/campaigns/seen"));
  for (const auto* channel : {"sms", "whatsapp", "email"}) {
    const auto counts = at_path(campaign, std::string("by_channel.") + channel).as_object();
    EXPECT_EQ(counts.at("planned").as_int64() - counts.at("skipped").as_int64(), expected.as_object().at(channel))
        << channel;
  }
  const auto excluded = object_of(server_.post(
      "/api/audience/preview", R"({"filter": {"everyone": true}, "excluded_by": "no_consent", "limit": 50})"));
  const boost::json::array users = at_path(excluded, "suppressed.users").as_array();
  ASSERT_FALSE(users.empty());
  for (const auto& user : users) EXPECT_EQ(user.at("rule"), "no_consent");
  EXPECT_LE(at_path(excluded, "cost_range.lowest").to_number<double>(),
            at_path(excluded, "after_metrics.cost").to_number<double>());
  expect_problem(server_.post("/api/audience/preview", R"({"query": "everyone", "segment_id": "a"})"), 400,
                 "exactly one");
}

TEST_F(Api, FieldsOfAFilterComeWithTheirOperatorsAndValues) {
  const auto fields = object_of(server_.get("/api/audience/fields"));
  const auto find = [&fields](std::string_view name) {
    for (const auto& field : fields.at("fields").as_array()) {
      if (field.at("field").as_string() == name) return field.as_object();
    }
    return boost::json::object();
  };
  EXPECT_EQ(boost::json::serialize(find("has_open_complaint").at("operators")), R"(["="])");
  EXPECT_THAT(boost::json::serialize(find("consent_sms").at("operators")), StartsWith(R"(["=","!=")"));
  ASSERT_EQ(fields.at("fields").as_array().size(), field_count);
  for (const Field field : all_fields) EXPECT_FALSE(find(to_string(field)).empty()) << to_string(field);
  EXPECT_EQ(find("age").at("type"), "number");
  EXPECT_FALSE(find("city").at("values").as_array().empty());
  EXPECT_TRUE(find("phone").at("values").as_array().empty()) << "nobody's address is offered as a choice";
}

TEST_F(Api, SuppressionsAreAddedListedAndRemoved) {
  EXPECT_EQ(server_
                .post("/api/suppressions", R"({"suppressions": [
      {"channel": "email", "address": "Ana@EXAMPLE.com", "reason": "complaint"},
      {"channel": "sms", "address": "+1 425 555 0156"}]})")
                .status,
            201);
  const auto list = object_of(server_.get("/api/suppressions"));
  EXPECT_EQ(list.at("total"), 2);
  EXPECT_THAT(boost::json::serialize(list), HasSubstr("Ana@example.com"));
  EXPECT_EQ(http_request(server_.port(), "DELETE", "/api/suppressions/sms/%2B14255550156").status, 204);
  expect_problem(http_request(server_.port(), "DELETE", "/api/suppressions/sms/%2B14255550156"), 404, "not suppressed");
  expect_problem(server_.post("/api/suppressions", R"({"channel": "fax", "address": "+14255550156"})"), 400, "channel");
  expect_problem(server_.post("/api/suppressions", R"({"channel": "sms", "address": "12"})"), 400, "address");
  expect_problem(server_.post("/api/suppressions", R"({"suppressions": []})"), 400, "suppressions");
}

TEST_F(Api, TemplatesAreSavedAsVersionsAndPreviewedAsAPerson) {
  const std::string body = R"({"name": "hello", "channel": "sms", "definition": {"text": "Hello {{first_name}}"}})";
  EXPECT_EQ(at_path(object_of(server_.post("/api/save-template", body)), "template.version"), 1);
  EXPECT_EQ(at_path(object_of(server_.post("/api/save-template", body)), "template.version"), 1);
  EXPECT_EQ(at_path(object_of(server_.post(
                        "/api/save-template",
                        R"({"name": "hello", "channel": "sms", "definition": {"text": "Hi {{first_name}}"}})")),
                    "template.version"),
            2);
  EXPECT_THAT(server_.get("/api/templates").body, HasSubstr("hello"));
  EXPECT_EQ(at_path(object_of(server_.get("/api/templates/sms/hello")), "version"), 2);
  const auto preview = object_of(
      server_.post("/api/templates/preview", R"({"channel": "sms", "name": "hello", "contact_id": "CUST-000032"})"));
  EXPECT_EQ(at_path(preview, "text"), "Hi Ananya");
  EXPECT_EQ(at_path(preview, "sms.parts"), 1);
  EXPECT_EQ(boost::json::serialize(at_path(preview, "variables")),
            R"([{"name":"first_name","value":"Ananya","source":"contact","fallback":null}])");
  const auto long_one = object_of(
      server_.post("/api/templates/preview",
                   R"({"channel": "sms", "contact_id": "CUST-000032", "definition": {"text": "“{{brand}}” {{nick}} )" +
                       std::string(80, 'x') + R"(", "fallbacks": {"nick": "you"}}, "variables": {"brand": "Acme"}})"));
  EXPECT_EQ(at_path(long_one, "sms.parts"), 2);
  EXPECT_EQ(at_path(long_one, "sms.part_size"), 67);
  EXPECT_EQ(at_path(long_one, "sms.forced_by"), "“”");
  EXPECT_DOUBLE_EQ(at_path(long_one, "price.cost").as_double(), 2 * at_path(long_one, "price.unit_price").as_double());
  EXPECT_EQ(boost::json::serialize(at_path(long_one, "variables")),
            R"([{"name":"brand","value":"Acme","source":"campaign","fallback":null},)"
            R"({"name":"nick","value":"you","source":"fallback","fallback":"you"}])");
  const HttpReply wrong =
      server_.post("/api/save-template", R"({"name": "x", "channel": "sms", "definition": {"txt": "a"}})");
  EXPECT_EQ(wrong.status, 400);
  EXPECT_EQ(at_path(object_of(wrong), "success"), false);
  const auto versions = object_of(server_.get("/api/templates/sms/hello/versions"));
  EXPECT_EQ(at_path(versions, "versions").as_array().size(), 2U);
  EXPECT_EQ(versions.at("versions").at(0).at("version"), 2);
  EXPECT_EQ(versions.at("versions").at(1).at("definition").at("text"), "Hello {{first_name}}");
  // What comes with the program stays the last of them after it was replaced.
  server_.post("/api/save-template", R"({"name": "news", "channel": "sms", "definition": {"text": "New"}})");
  const auto news = object_of(server_.get("/api/templates/sms/news/versions"));
  EXPECT_EQ(news.at("versions").at(0).at("origin"), "saved");
  EXPECT_EQ(news.at("versions").at(1).at("origin"), "built_in");
  expect_problem(server_.get("/api/templates/sms/none/versions"), 404, "none");
  expect_problem(server_.get("/api/templates/fax/hello/versions"), 404, "sms, whatsapp or email");
  expect_problem(server_.get("/api/templates/sms/none"), 404, "none");
  expect_problem(server_.get("/api/templates/sms/hello?version=1"), 400, "version");
}

TEST_F(Api, ACampaignAboutAProductThatIsNoneIsRefused) {
  const auto create = [this](const std::string& sku) {
    return server_.post("/api/campaigns",
                        R"({"query": "customers in Bangalore", "throughput_tps": 10, "sku": ")" + sku + "\"}");
  };
  expect_problem(create("SKU-LAPTOB-1"), 422, "SKU-LAPTOP-1");
  expect_problem(create("laptops"), 422, "SKU-LAPTOP-1");
  expect_problem(create("zzzzzzzzzzzzzzzz"), 422, "GET /api/skus");
  EXPECT_EQ(create("SKU-LAPTOP-1").status, 201);
}

TEST_F(Api, HealthReadinessAndMetricsAnswer) {
  EXPECT_EQ(server_.get("/healthz").status, 200);
  EXPECT_EQ(at_path(object_of(server_.get("/readyz")), "checks.store"), "ok");
  start_list("counted", 3, 1000);
  const HttpReply metrics = server_.get("/metrics");
  EXPECT_THAT(metrics.header("content-type"), StartsWith("text/plain"));
  EXPECT_THAT(metrics.body, HasSubstr("clarion_contacts 2000"));
  EXPECT_THAT(metrics.body, HasSubstr(R"(clarion_deliveries{campaign="counted",channel="sms")"));
}

TEST_F(Api, ThePageIsServed) {
  const HttpReply page = server_.get("/");
  EXPECT_EQ(page.status, 200);
  EXPECT_THAT(page.header("content-type"), StartsWith("text/html"));
  EXPECT_EQ(server_.get("/../settings.env").status, 404);
  EXPECT_EQ(server_.get("/assets/%2e%2e/index.html").status, 404);
}

}  // namespace
}  // namespace clarion::testing
