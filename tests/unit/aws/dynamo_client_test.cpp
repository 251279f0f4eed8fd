#include "aws/dynamo_client.h"

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "aws/base64.h"
#include "fakes/fixed_credentials.h"
#include "fakes/manual_clock.h"
#include "fakes/scripted_transport.h"

namespace clarion {
namespace {

using namespace std::chrono_literals;
using testing::TransportAnswer;

TransportAnswer reply(int status, std::string body) {
  return HttpReply{status, {}, std::move(body)};
}
TransportAnswer refusal(std::string_view code) {
  return reply(400, R"({"__type":"com.amazonaws.dynamodb.v20120810#)" + std::string(code) + R"(","message":"no"})");
}

class DynamoClientTest : public ::testing::Test {
 protected:
  template <class T>
  T run(Task<T> task) {
    auto future = asio::co_spawn(context_, std::move(task), asio::use_future);
    clock_.settle();
    for (int i = 0; i < 60 && future.wait_for(0s) != std::future_status::ready; ++i) clock_.advance(1s);
    return future.get();
  }
  boost::json::value sent(std::size_t i) { return boost::json::parse(testing::body_of(transport_.requests.at(i))); }
  DynamoUpdate update() {
    return {.table = "t",
            .key = {{"pk", "a"}},
            .update = "SET #state = :new, #v = :next REMOVE #owner",
            .condition = {"#v = :v", {{":v", std::int64_t{1}}}},
            .values = {{":new", "done"}, {":next", std::int64_t{2}}}};
  }

  asio::io_context context_;
  testing::ManualClock clock_{context_};
  testing::ScriptedTransport transport_;
  testing::FixedCredentials credentials_;
  AwsCaller caller_{{transport_, credentials_, clock_}, {{false, "127.0.0.1", 8000}, "", "us-east-1", "dynamodb"}, 10s};
  DynamoClient client_{{.caller = caller_, .clock = clock_}};
};

TEST_F(DynamoClientTest, AnItemGoesOutAndComesBackWithEveryKindOfValue) {
  const DynamoItem item{{"pk", "a\"\n"},
                        {"n", std::int64_t{-9'000'000'000'000'000'000}},
                        {"b", DynamoBytes{std::string("\0\xff", 2)}},
                        {"t", true}};
  transport_.answers = {reply(200, "{}")};
  ASSERT_TRUE(run(client_.put_item("t", item)));
  const auto put = sent(0);
  EXPECT_EQ(put.at("TableName"), "t");
  EXPECT_EQ(put.at("Item").at("n").at("N"), "-9000000000000000000");
  EXPECT_FALSE(put.as_object().contains("ConditionExpression"));
  transport_.answers = {reply(200, R"({"Item":)" + boost::json::serialize(put.at("Item")) + "}")};
  EXPECT_EQ(run(client_.get_item("t", {{"pk", "a"}})).value(), item);
  EXPECT_EQ(sent(1).at("ConsistentRead"), true);
}

TEST_F(DynamoClientTest, WhatIsNotOursInAnItemIsLeftOut) {
  transport_.answers = {
      reply(200, R"({"Item":{"pk":{"S":"a"},"l":{"L":[]},"f":{"N":"1.5"},"x":{"NULL":true},"b":{"B":"?"}}})")};
  EXPECT_EQ(run(client_.get_item("t", {{"pk", "a"}})).value(), (DynamoItem{{"pk", "a"}}));
  transport_.answers = {reply(200, "{}")};
  EXPECT_EQ(run(client_.get_item("t", {{"pk", "a"}})).value(), std::nullopt);
}

TEST_F(DynamoClientTest, NamesAreDeclaredFromTheExpressions) {
  transport_.answers = {reply(200, R"({"Attributes":{"pk":{"S":"a"},"v":{"N":"2"}}})")};
  const auto wrote = run(client_.update_item(update())).value();
  EXPECT_TRUE(wrote.is_applied);
  EXPECT_EQ(number_of(*wrote.item, "v"), 2);
  EXPECT_EQ(sent(0).at("ExpressionAttributeNames"),
            boost::json::parse(R"({"#state":"state","#v":"v","#owner":"owner"})"));
  EXPECT_EQ(sent(0).at("ExpressionAttributeValues"),
            boost::json::parse(R"({":v":{"N":"1"},":new":{"S":"done"},":next":{"N":"2"}})"));
}

TEST_F(DynamoClientTest, ARefusedConditionIsAnAnswerWithTheItemWhereItIsTold) {
  transport_.answers = {
      reply(400, R"({"__type":"x#ConditionalCheckFailedException","Item":{"pk":{"S":"a"},"v":{"N":"7"}}})"),
      refusal("ConditionalCheckFailedException")};
  const auto told = run(client_.update_item(update())).value();
  EXPECT_FALSE(told.is_applied);
  EXPECT_FALSE(told.is_repeat);
  EXPECT_EQ(number_of(*told.item, "v"), 7);
  EXPECT_EQ(run(client_.update_item(update()))->item, std::nullopt);
}

TEST_F(DynamoClientTest, AWriteThatMayHaveHappenedIsRepeatedAndSaysSo) {
  transport_.answers = {std::unexpected(TransportFailure{Reach::MaybeSent, "reset"}),
                        refusal("ConditionalCheckFailedException")};
  const auto wrote = run(client_.update_item(update())).value();
  EXPECT_FALSE(wrote.is_applied);
  EXPECT_TRUE(wrote.is_repeat);
  transport_.answers = {refusal("ThrottlingException"), refusal("ConditionalCheckFailedException")};
  EXPECT_FALSE(run(client_.update_item(update()))->is_repeat) << "a throttled attempt changed nothing";
  EXPECT_EQ(client_.use().retries, 2);
}

TEST_F(DynamoClientTest, FourAttemptsAreMadeAndWhatIsPermanentGetsOne) {
  for (int i = 0; i < 4; ++i) transport_.answers.push_back(reply(500, R"({"__type":"x#InternalServerError"})"));
  EXPECT_EQ(run(client_.get_item("t", {{"pk", "a"}})).error().kind, ErrorKind::Unknown);
  EXPECT_EQ(transport_.requests.size(), 4U);
  transport_.answers = {refusal("AccessDeniedException")};
  EXPECT_EQ(run(client_.get_item("t", {{"pk", "a"}})).error().kind, ErrorKind::Denied);
  EXPECT_EQ(transport_.requests.size(), 5U);
}

TEST_F(DynamoClientTest, AnUpdateThatAddsUpIsNeverRepeated) {
  transport_.answers = {std::unexpected(TransportFailure{Reach::MaybeSent, "reset"})};
  EXPECT_EQ(run(client_.update_item_once(update())).error().kind, ErrorKind::Unknown);
  EXPECT_EQ(transport_.requests.size(), 1U);
}

TEST_F(DynamoClientTest, RetriesStopWhenTheirBucketIsEmpty) {
  // 500 tokens pay for 35 retries of 14; then every call gets one attempt.
  for (int call = 0; call < 20; ++call) {
    for (int i = 0; i < 4; ++i) transport_.answers.push_back(reply(500, R"({"__type":"x#InternalServerError"})"));
    std::ignore = run(client_.get_item("t", {{"pk", "a"}}));
    transport_.answers.clear();
  }
  EXPECT_EQ(client_.use().retries, 35);
}

TEST_F(DynamoClientTest, ABatchGoesOutInTwentyFivesAndWhatWasLeftUndoneAgain) {
  std::vector<DynamoItem> items;
  for (int i = 0; i < 30; ++i) items.push_back({{"pk", "k" + std::to_string(i)}});
  transport_.answers = {reply(200, R"({"UnprocessedItems":{"t":[{"PutRequest":{"Item":{"pk":{"S":"k3"}}}}]}})"),
                        reply(200, R"({"UnprocessedItems":{}})")};
  ASSERT_TRUE(run(client_.batch_put("t", items)));
  EXPECT_EQ(sent(0).at("RequestItems").at("t").as_array().size(), 25U);
  const auto second_request = sent(1);
  const auto& second = second_request.at("RequestItems").at("t").as_array();
  ASSERT_EQ(second.size(), 6U);
  EXPECT_EQ(second.at(5).at("PutRequest").at("Item").at("pk").at("S"), "k3");
}

TEST_F(DynamoClientTest, ABatchThatNeverGetsDoneEnds) {
  for (int i = 0; i < 20; ++i) {
    transport_.answers.push_back(
        reply(200, R"({"UnprocessedItems":{"t":[{"PutRequest":{"Item":{"pk":{"S":"k"}}}}]}})"));
  }
  EXPECT_EQ(run(client_.batch_put("t", {{{"pk", "k"}}})).error().kind, ErrorKind::Throttled);
  EXPECT_EQ(transport_.requests.size(), 8U);
}

TEST_F(DynamoClientTest, ABatchOfKeysIsReadInHundredsAndWhatWasLeftAgain) {
  std::vector<DynamoItem> keys;
  for (int i = 0; i < 101; ++i) keys.push_back({{"pk", "k" + std::to_string(i)}});
  transport_.answers = {
      reply(200, R"({"Responses":{"t":[{"pk":{"S":"k0"}}]},"UnprocessedKeys":{"t":{"Keys":[{"pk":{"S":"k1"}}]}}})"),
      reply(200, R"({"Responses":{"t":[{"pk":{"S":"k1"}}]},"UnprocessedKeys":{}})")};
  EXPECT_EQ(run(client_.batch_get("t", keys))->size(), 2U);
  EXPECT_EQ(sent(0).at("RequestItems").at("t").at("Keys").as_array().size(), 100U);
  EXPECT_EQ(sent(1).at("RequestItems").at("t").at("Keys").as_array().size(), 2U);
}

TEST_F(DynamoClientTest, AQueryFollowsItsPagesAndCountsItsUnits) {
  transport_.answers = {
      reply(200, R"({"Items":[],"LastEvaluatedKey":{"pk":{"S":"a"}},"ConsumedCapacity":{"CapacityUnits":1.5}})"),
      reply(200, R"({"Items":[{"pk":{"S":"b"}}],"ConsumedCapacity":{"CapacityUnits":2}})")};
  const auto items =
      run(client_.query_all({.table = "t", .key_condition = "#pk = :pk", .values = {{":pk", "a"}}})).value();
  EXPECT_EQ(items.size(), 1U);
  EXPECT_EQ(sent(1).at("ExclusiveStartKey").at("pk").at("S"), "a");
  EXPECT_EQ(client_.use().read_units, 3.5);
}

TEST_F(DynamoClientTest, ATableIsMadeOnDemandAndAMissingOneIsNoError) {
  transport_.answers = {reply(200, "{}"), refusal("ResourceNotFoundException"),
                        reply(200, R"({"Table":{"TableStatus":"ACTIVE"}})")};
  ASSERT_TRUE(run(client_.create_table({.name = "t", .sort_key = ""})));
  EXPECT_EQ(sent(0).at("BillingMode"), "PAY_PER_REQUEST");
  EXPECT_EQ(sent(0).at("KeySchema").as_array().size(), 1U);
  EXPECT_EQ(run(client_.table_status("t")).value(), std::nullopt);
  EXPECT_EQ(run(client_.table_status("t")).value(), "ACTIVE");
}

TEST_F(DynamoClientTest, ItemsGoAwayByAnAttributeOrDoNot) {
  transport_.answers = {
      reply(200, R"({"TimeToLiveDescription":{"TimeToLiveStatus":"ENABLED","AttributeName":"expires_at"}})"),
      reply(200, R"({"TimeToLiveDescription":{"TimeToLiveStatus":"DISABLED"}})"), refusal("AccessDeniedException"),
      reply(200, "{}")};
  EXPECT_EQ(run(client_.time_to_live("t")).value(), "expires_at");
  EXPECT_EQ(run(client_.time_to_live("t")).value(), std::nullopt);
  EXPECT_FALSE(run(client_.time_to_live("t")));
  ASSERT_TRUE(run(client_.update_time_to_live("t", "expires_at")));
  EXPECT_EQ(sent(0).at("TableName"), "t");
  EXPECT_EQ(sent(3).at("TimeToLiveSpecification").at("AttributeName"), "expires_at");
  EXPECT_EQ(sent(3).at("TimeToLiveSpecification").at("Enabled"), true);
}

TEST(Base64, DecodesWhatItEncodedAndRefusesTheRest) {
  for (const std::string& bytes : {std::string(), std::string("a"), std::string("ab"), std::string("\0\xff\x10", 3)}) {
    EXPECT_EQ(base64_decode(base64_encode(bytes)), bytes);
  }
  for (const char* broken : {"a", "YQ=", "YQ==Y", "????", "Y Q="}) EXPECT_EQ(base64_decode(broken), std::nullopt);
}

}  // namespace
}  // namespace clarion
