// How answers look: numbers, errors, campaigns, ledger rows.

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <string>

#include "api/campaign_json.h"
#include "api/delivery_json.h"
#include "api/errors.h"
#include "api/json_text.h"
#include "api/query_reader.h"
#include "api/send_metrics_text.h"
#include "base/csv_cell.h"

namespace clarion {
namespace {

namespace json = boost::json;
using namespace std::string_literals;
using ::testing::EndsWith;
using ::testing::HasSubstr;

TEST(WriteJson, NumbersAreWrittenAsPeopleWriteThem) {
  EXPECT_EQ(write_json(json::object{{"a", 10.0}, {"b", 0.1455}, {"c", -3}, {"d", 9007199254740993LL}, {"e", 1e300}}),
            R"({"a":10,"b":0.1455,"c":-3,"d":9007199254740993,"e":1e+300})");
}

TEST(WriteJson, TextsAreEscapedAndReadBackTheSame) {
  const std::string text = "quote \" slash \\ line\n tab\t bell\a é \xF0\x9F\x98\x80 nul\0."s;
  const json::value value(json::object{{text, json::array{text, nullptr, true}}});
  EXPECT_EQ(json::parse(write_json(value)), value);
}

TEST(Errors, OldPathsAnswerSuccessFalseAndNewOnesProblems) {
  HttpRequest request;
  request.path = "/api/send-campaign";
  EXPECT_EQ(error_response(request, {ErrorKind::Conflict, "taken"}).body, R"({"success":false,"error":"taken"})");
  request.path = "/api/campaigns/x";
  const HttpResponse problem = error_response(request, {ErrorKind::NotFound, "no x"});
  EXPECT_EQ(problem.status, 404);
  EXPECT_EQ(problem.content_type, "application/problem+json");
  EXPECT_THAT(problem.body, HasSubstr(R"("detail":"no x","instance":"/api/campaigns/x")"));
}

TEST(Errors, DetailsStayHere) {
  HttpRequest request;
  request.path = "/api/campaigns";
  EXPECT_EQ(error_response(request, {ErrorKind::Internal, "failed", "SQLITE_FULL"}).body.find("SQLITE"),
            std::string::npos);
}

TEST(Errors, AreLoggedByRouteBecauseAPathMayHoldAnAddress) {
  HttpRequest request;
  request.path = "/api/suppressions/email/someone@example.com";
  request.route = "/api/suppressions/{channel}/{address}";
  request.id = "r1";
  ::testing::internal::CaptureStderr();
  (void)error_response(request, {ErrorKind::Unavailable, "the disk is full", "SQLITE_FULL"});
  const std::string log = ::testing::internal::GetCapturedStderr();
  EXPECT_THAT(log, HasSubstr(R"("request_id":"r1","route":"/api/suppressions/{channel}/{address}","status":503)"));
  EXPECT_THAT(log, ::testing::Not(HasSubstr("someone")));
}

TEST(Errors, RetryAfterIsWholeSecondsRoundedUp) {
  HttpRequest request;
  const HttpResponse response =
      error_response(request, {ErrorKind::Throttled, "slow down", {}, std::chrono::milliseconds(1200)});
  EXPECT_EQ(response.status, 429);
  ASSERT_EQ(response.headers.size(), 1U);
  EXPECT_EQ(response.headers[0].second, "2");
}

CampaignProgress sample_progress() {
  CampaignProgress progress;
  progress.campaign.definition.id = "spring";
  progress.campaign.definition.throughput_tps = 10;
  progress.campaign.status = CampaignStatus::Running;
  progress.counts.by_channel[Channel::Sms] = {.planned = 10,
                                              .waiting = 2,
                                              .sending = 1,
                                              .accepted = 4,
                                              .delivered = 3,
                                              .failed = 1,
                                              .skipped = 1,
                                              .in_doubt = 1};
  progress.counts.without_channel = {.planned = 1, .failed = 1};
  return progress;
}

TEST(CampaignJson, EveryCountAddsUp) {
  const json::object document = campaign_to_json(sample_progress());
  const auto count = [&document](std::string_view name) { return document.at(name).to_number<int>(); };
  EXPECT_EQ(count("planned"), 11);
  EXPECT_EQ(count("planned"), count("waiting") + count("sending") + count("accepted") + count("failed") +
                                  count("skipped") + count("in_doubt"));
  EXPECT_TRUE(document.at("eta_seconds").is_null());
  EXPECT_EQ(document.at("by_channel").as_object().size(), 3U);
}

TEST(CampaignJson, TotalsOfTheSendContractAreSentFailedSkippedAndInDoubt) {
  const json::object document = send_contract_of(campaign_to_json(sample_progress()));
  EXPECT_EQ(document.at("status"), "running");
  const json::object& results = document.at("results").as_object();
  EXPECT_EQ(write_json(results.at("by_channel").at("sms")),
            R"({"sent":4,"failed":1,"total":7,"skipped":1,"in_doubt":1,"delivered":3,"waiting":3})");
  EXPECT_EQ(results.at("total_failed"), 2);
  const auto count = [](const json::object& object, std::string_view name) { return object.at(name).to_number<int>(); };
  for (const std::string name : {"sent", "failed", "skipped", "in_doubt", "waiting"}) {
    int sum = count(results.at("without_channel").as_object(), name);
    for (const auto& row : results.at("by_channel").as_object()) sum += count(row.value().as_object(), name);
    EXPECT_EQ(count(results, "total_" + name), sum) << name;
  }
  EXPECT_EQ(count(results, "total_planned"), count(results, "total_sent") + count(results, "total_failed") +
                                                 count(results, "total_skipped") + count(results, "total_in_doubt") +
                                                 count(results, "total_waiting"));
}

TEST(DeliveryJson, EveryReasonOfAListIsExplained) {
  for (const std::string reason : {"no_channel", "unknown_channel", "invalid_user", "invalid_message", "invalid_phone",
                                   "invalid_customer_id", "duplicate_contact"}) {
    EXPECT_TRUE(explain_reason(DeliveryState::Failed, reason).is_string()) << reason;
  }
  EXPECT_THAT(explain_reason(DeliveryState::Failed, "invalid_phone").as_string().c_str(), HasSubstr("phone"));
  EXPECT_THAT(explain_reason(DeliveryState::Failed, "invalid_content").as_string().c_str(), HasSubstr("empty message"));
}

TEST(DeliveryCsv, FormulasAndQuotesAreMadeHarmless) {
  Delivery delivery;
  delivery.contact_id = "=1+1";
  delivery.reason = "a \"b\", c";
  delivery.destination = "+14255550156";
  std::string row;
  append_delivery_csv(row, delivery);
  delivery.campaign_id = "+cmd|' /C calc'!A0";
  delivery.why = "+1+1";
  std::string other;
  append_delivery_csv(other, delivery);
  EXPECT_THAT(other, HasSubstr(",\"'+cmd|' /C calc'!A0\","));
  EXPECT_THAT(other, HasSubstr(",\"'+1+1\","));
  EXPECT_THAT(row, HasSubstr("\"'=1+1\""));
  EXPECT_THAT(row, HasSubstr("\"a \"\"b\"\", c\""));
  EXPECT_THAT(row, HasSubstr(",+14255550156,"));
  EXPECT_THAT(row, EndsWith("\r\n"));
}

TEST(DeliveryCsv, HasTheFirstTimeOfEachKindOfEventAndThenAllOfThem) {
  using namespace std::chrono_literals;
  Delivery delivery;
  delivery.sent_at = WallTime{1'800'000'000s};
  std::string silent;
  append_delivery_csv(silent, delivery);
  EXPECT_THAT(silent, EndsWith(",2027-01-15T08:00:00.000Z,,,,,,,,,\r\n"));
  const auto place = [](const std::string& text, const std::string& word) {
    const std::size_t found = text.find(word);
    EXPECT_NE(found, std::string::npos) << word << " in " << text;
    return std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(found), ',');
  };
  std::int64_t minute = 0;
  for (const auto kind : {DeliveryEventKind::Delivered, DeliveryEventKind::Opened, DeliveryEventKind::Clicked,
                          DeliveryEventKind::Replied, DeliveryEventKind::Bounced, DeliveryEventKind::Failed,
                          DeliveryEventKind::Complained, DeliveryEventKind::OptedOut}) {
    const WallTime at = WallTime{1'800'000'000s} + std::chrono::minutes(++minute);
    // What a person settled has no column of its own.
    delivery.events = {{.delivery = {}, .kind = DeliveryEventKind::SettledArrived, .at = at - 1s, .detail = "by hand"},
                       {.delivery = {}, .kind = kind, .at = at, .detail = "says \"no\""},
                       {.delivery = {}, .kind = kind, .at = at + 1s, .detail = "again"}};
    std::string row;
    append_delivery_csv(row, delivery);
    const std::string name(to_string(kind));
    const std::string time = format_iso8601(at);
    EXPECT_EQ(place(row, time), place(delivery_csv_header(), name + "_at"));
    const std::string gap(8 - static_cast<std::size_t>(minute), ',');
    const std::string all =
        fmt::format(R"([{{"kind":"settled_arrived","at":"{}","detail":"by hand"}},)"
                    R"({{"kind":"{}","at":"{}","detail":"says \"no\""}},{{"kind":"{}","at":"{}","detail":"again"}}])",
                    format_iso8601(at - 1s), name, time, name, format_iso8601(at + 1s));
    EXPECT_THAT(row, EndsWith(time + gap + "," + csv_cell(all) + "\r\n"));
    EXPECT_EQ(json::parse(all), json::value(events_to_json(delivery)));
  }
}

TEST(SendMetricsText, IsWhatPrometheusReads) {
  PerChannel<SendCounts> counts;
  counts[Channel::Sms] = {.accepted = 3, .failed = 1, .in_doubt = 2, .throttled = 4};
  counts[Channel::Sms].answers = {1, 0, 0, 2, 0, 0, 0, 0, 1};
  counts[Channel::Sms].answer_seconds = 9.5;
  std::string text;
  append_send_metrics(text, counts);
  for (const std::string_view line :
       {R"(clarion_sends_total{channel="sms",outcome="accepted"} 3)",
        R"(clarion_sends_total{channel="sms",outcome="in_doubt"} 2)",
        R"(clarion_sends_total{channel="email",outcome="failed"} 0)", R"(clarion_throttled_total{channel="sms"} 4)",
        R"(clarion_carrier_answer_seconds_bucket{channel="sms",le="0.01"} 1)",
        R"(clarion_carrier_answer_seconds_bucket{channel="sms",le="0.1"} 3)",
        R"(clarion_carrier_answer_seconds_bucket{channel="sms",le="+Inf"} 4)",
        R"(clarion_carrier_answer_seconds_sum{channel="sms"} 9.5)",
        R"(clarion_carrier_answer_seconds_count{channel="sms"} 4)"}) {
    EXPECT_THAT(text, HasSubstr("\n" + std::string(line) + "\n"));
  }
}

TEST(QueryReader, RefusesWhatItDoesNotKnow) {
  HttpRequest request;
  request.query = {{"limit", "5x"}, {"stat", "failed"}};
  QueryReader wrong_value(request);
  EXPECT_EQ(wrong_value.integer("limit", 10, 1, 100), 10);
  EXPECT_EQ(wrong_value.finish().error().message, "the parameter limit must be a whole number from 1 to 100");
  request.query.erase("limit");
  QueryReader unknown(request);
  (void)unknown.text("state");
  EXPECT_EQ(unknown.finish().error().message, "the parameter stat is not known here; known are state");
}

}  // namespace
}  // namespace clarion
