#include "engine/send_request.h"

#include <gtest/gtest.h>

#include <boost/json/parse.hpp>

namespace clarion {
namespace {

std::string error_of(std::string body) {
  const auto request = parse_send_request(std::move(body), 1000);
  return request ? "" : request.error().message;
}

std::string hash_of(std::string body) {
  const auto request = parse_send_request(std::move(body), 1000);
  return request ? request->hash : request.error().message;
}

TEST(SendRequest, CutsTheUsersOutOfTheBody) {
  const auto request = parse_send_request(
      R"( {"throughput_tps": 12.5, "eligible_users": [ {"a": "]}\"{"}, 7 , "x", [1,[2]], null, {} ],
           "campaign_id": "c-1", "wait_seconds": 0, "respect_caps": true, "more": {"a": []}} )",
      1000);
  ASSERT_TRUE(request) << request.error().message;
  EXPECT_EQ(request->throughput_tps, 12.5);
  EXPECT_EQ(request->campaign_id, "c-1");
  EXPECT_EQ(request->wait_seconds, 0);
  EXPECT_TRUE(request->respects_caps);
  ASSERT_EQ(request->user_count(), 6U);
  EXPECT_EQ(request->user(0), R"({"a": "]}\"{"})");
  EXPECT_EQ(boost::json::parse(request->user(1)), boost::json::value(7));
  EXPECT_EQ(request->user(3), "[1,[2]]");
  EXPECT_EQ(request->user(5), "{}");
}

TEST(SendRequest, HasDefaultsForWhatIsOptional) {
  const auto request =
      parse_send_request(R"({"eligible_users": [{}], "throughput_tps": 1, "campaign_id": null})", 1000);
  ASSERT_TRUE(request);
  EXPECT_EQ(request->campaign_id, "");
  EXPECT_EQ(request->wait_seconds, 55);
  EXPECT_FALSE(request->respects_caps);
}

TEST(SendRequest, ListsWhatItDoesNotKnowAndRefusesWhatAsksForATrial) {
  const auto with = [](const std::string& member) {
    return R"({"eligible_users": [{}], "throughput_tps": 1, )" + member + "}";
  };
  const auto request = parse_send_request(with(R"("promo": {}, "dry_run": false, "preview": null, "promo": 1)"), 1000);
  ASSERT_TRUE(request);
  EXPECT_EQ(request->unknown_members, (std::vector<std::string>{"promo", "dry_run"}));
  for (const std::string member :
       {R"("dry_run": true)", R"("isDryRun": 1)", R"("scheduled_at": "x")", R"("TEST": {})"}) {
    EXPECT_TRUE(error_of(with(member)).contains("nothing was sent")) << member;
  }
}

TEST(SendRequest, HalfACharacterIsAReplacementCharacter) {
  const auto request = parse_send_request(
      R"({"eligible_users": [{"m": "hi \ud83d"}, {"m": "\ude00 \ud83d\ud83d\ude00 \\ud83d"}], "throughput_tps": 1})",
      1000);
  ASSERT_TRUE(request) << request.error().message;
  EXPECT_EQ(request->user(0), R"({"m": "hi \ufffd"})");
  EXPECT_EQ(request->user(1), R"({"m": "\ufffd \ufffd\ud83d\ude00 \\ud83d"})");
  EXPECT_NE(error_of(R"({"eligible_users": [{"m": "\ud83"}], "throughput_tps": 1})"), "");
}

TEST(SendRequest, AnotherWaitIsTheSameRequest) {
  const auto with = [](const std::string& rest) {
    return hash_of(R"({"eligible_users": [{"a": 1}], "throughput_tps": 1)" + rest + "}");
  };
  EXPECT_EQ(with(""), with(R"(, "wait_seconds": 5)"));
  EXPECT_EQ(with(R"(, "wait_seconds": 0)"), with(R"(, "wait_seconds": 5)"));
  EXPECT_NE(with(""), with(R"(, "respect_caps": true)"));
}

TEST(SendRequest, SaysWhatToChange) {
  struct Case {
    std::string_view body;
    std::string_view error;
  };
  const Case cases[] = {
      {"", "The body is empty; send {\"eligible_users\": [...], \"throughput_tps\": 10}."},
      {" \n", "The body is empty; send {\"eligible_users\": [...], \"throughput_tps\": 10}."},
      {"{}", "eligible_users is missing or empty; list at least one user."},
      {R"({"eligible_users": [], "throughput_tps": 1})", "eligible_users is missing or empty; list at least one user."},
      {R"({"eligible_users": {}, "throughput_tps": 1})", "eligible_users must be a list of users."},
      {R"({"eligible_users": "x", "throughput_tps": 1})", "eligible_users must be a list of users."},
      {R"({"eligible_users": [{}]})",
       "throughput_tps is missing; say how many messages per second, from 0.001 to 1000."},
      {R"({"eligible_users": [{}], "throughput_tps": null})",
       "throughput_tps is missing; say how many messages per second, from 0.001 to 1000."},
      {R"({"eligible_users": [{}], "throughput_tps": 1, "throughput_tps": null})",
       "throughput_tps is missing; say how many messages per second, from 0.001 to 1000."},
      {R"({"eligible_users": [{}], "throughput_tps": 1, "eligible_users": null})",
       "eligible_users is missing or empty; list at least one user."},
      {R"({"eligible_users": [{}], "throughput_tps": "10"})",
       "throughput_tps is a text; it must be a number, in messages per second."},
      {R"({"eligible_users": [{}], "throughput_tps": true})",
       "throughput_tps is true or false; it must be a number, in messages per second."},
      {R"({"eligible_users": [{}], "throughput_tps": 0})", "throughput_tps is 0; it must be from 0.001 to 1000."},
      {R"({"eligible_users": [{}], "throughput_tps": 0.0005})",
       "throughput_tps is 0.0005; it must be from 0.001 to 1000."},
      {R"({"eligible_users": [{}], "throughput_tps": -1})", "throughput_tps is -1; it must be from 0.001 to 1000."},
      {R"({"eligible_users": [{}], "throughput_tps": 1000.5})",
       "throughput_tps is 1000.5; it must be from 0.001 to 1000."},
      {R"({"eligible_users": [{}], "throughput_tps": 1, "campaign_id": "a b"})",
       "campaign_id must be a text of 1 to 64 letters, digits, '.', '_' or '-'; leave it out to get a new one."},
      {R"({"eligible_users": [{}], "throughput_tps": 1, "campaign_id": ".."})",
       "campaign_id must be a text of 1 to 64 letters, digits, '.', '_' or '-'; leave it out to get a new one."},
      {"[]", R"(The body must be a JSON object, such as {"eligible_users": [...], "throughput_tps": 10}.)"},
      {R"({"eligible_users": [{}], "throughput_tps": 1, "wait_seconds": -1})",
       "wait_seconds must be a number from 0 to 3600."},
      {R"({"eligible_users": [{}], "throughput_tps": 1, "respect_caps": "yes"})",
       "respect_caps must be true or false."},
      {R"({"eligible_users": [{}, {"a": tru}], "throughput_tps": 1})",
       "The body is not valid JSON in eligible_users[1]; nothing was sent."},
  };
  for (const Case& c : cases) EXPECT_EQ(error_of(std::string(c.body)), c.error) << c.body;
}

TEST(SendRequest, RefusesEverythingThatIsNotOneJsonObject) {
  for (const std::string_view body : {"[]",
                                      "null",
                                      "x",
                                      "{",
                                      R"({"eligible_users": [{}], "throughput_tps": 1)",
                                      R"({"eligible_users": [{}], "throughput_tps": 1}})",
                                      R"({"eligible_users": [{}], "throughput_tps": 1} {})",
                                      R"({"eligible_users": [{}] "throughput_tps": 1})",
                                      R"({"eligible_users": [{} {}], "throughput_tps": 1})",
                                      R"({"eligible_users": [{},], "throughput_tps": 1})",
                                      R"({"eligible_users": [{"a" 1}], "throughput_tps": 1})",
                                      R"({"eligible_users": [{"a":1 "b":2}], "throughput_tps": 1})",
                                      R"({"eligible_users": ["a{b": "c", {}], "throughput_tps": 1})",
                                      R"({"eligible_users": [{}], "a": "b": "c", "throughput_tps": 1})",
                                      R"({"eligible_users": [{]}, "throughput_tps": 1})",
                                      R"({"eligible_users": [1 2], "throughput_tps": 1})",
                                      R"({"eligible_users": [,{}], "throughput_tps": 1})",
                                      R"({"eligible_users": [{}], "throughput_tps": 01})",
                                      "{'eligible_users': []}",
                                      "{\"eligible_users\": [{\"a\": \"\xff\"}], \"throughput_tps\": 1}",
                                      "{\"eligible_users\": [{\"a\": \"\n\"}], \"throughput_tps\": 1}"}) {
    EXPECT_NE(error_of(std::string(body)), "") << body;
  }
  std::string utf16;
  for (const char c : std::string_view(R"({"eligible_users": [{}], "throughput_tps": 1})")) utf16 += {c, '\0'};
  EXPECT_NE(error_of("\xff\xfe" + utf16), "");
  EXPECT_NE(error_of(R"({"eligible_users": [)" + std::string(100'000, '[') + R"(], "throughput_tps": 1})"), "");
}

TEST(SendRequest, HashesWhatTheBodyMeans) {
  const std::string hash = hash_of(R"({"eligible_users":[{"a":"1","b":2}],"throughput_tps":10})");
  EXPECT_EQ(hash.size(), 32U);
  EXPECT_EQ(hash_of(R"( { "throughput_tps" : 10.0 , "eligible_users" : [ { "b" : 2 , "a" : "\u0031" } ] } )"), hash);
  for (const char* other : {R"({"eligible_users":[{"a":"1","b":3}],"throughput_tps":10})",
                            R"({"eligible_users":[{"a":"1","b":"2"}],"throughput_tps":10})",
                            R"({"eligible_users":[{"a":"1","b":2}],"throughput_tps":11})",
                            R"({"eligible_users":[{"a":"1","b":2},{}],"throughput_tps":10})",
                            R"({"eligible_users":[{"b":"1","a":2}],"throughput_tps":10})",
                            R"({"eligible_users":[{"a":"1","b":2,"c":null}],"throughput_tps":10})",
                            R"({"eligible_users":[{"a":["1"],"b":2}],"throughput_tps":10})"}) {
    EXPECT_NE(hash_of(other), hash) << other;
  }
  EXPECT_NE(hash_of(R"({"eligible_users":[{"a":1},{"a":2}],"throughput_tps":1})"),
            hash_of(R"({"eligible_users":[{"a":2},{"a":1}],"throughput_tps":1})"))
      << "the order of users is part of the request";
}

TEST(SendRequest, HoldsAHundredThousandUsers) {
  std::string body = R"({"throughput_tps": 100, "eligible_users": [)";
  for (int i = 0; i < 100'000; ++i) {
    if (i > 0) body += ',';
    body +=
        R"({"customer_id": "CUST-)" + std::to_string(i) + R"(", "selected_channel": "sms", "phone": "+14255550156"})";
  }
  const auto request = parse_send_request(body + "]}", 1000);
  ASSERT_TRUE(request);
  EXPECT_EQ(request->user_count(), 100'000U);
  EXPECT_NE(request->user(99'999).find("CUST-99999"), std::string_view::npos);
}

}  // namespace
}  // namespace clarion
