#include "support/node_server.h"

#include <gtest/gtest.h>

#include "support/clarion_server.h"

namespace clarion::testing {
namespace {

TEST(NodeServer, StartsEachEmulatorOnAPortOfItsOwn) {
  const DynamoDbEmulator tables;
  const QueueEmulator queues;
  const EmailEmulator mail;
  const AwsStandIn aws;
  const HttpReply listed = tables.call("ListTables", "{}");
  EXPECT_EQ(listed.body, R"({"TableNames":[]})");
  const HttpReply created =
      http_request(queues.port(), "POST", "/", R"({"QueueName":"work"})",
                   {{"X-Amz-Target", "AmazonSQS.CreateQueue"}, {"Content-Type", "application/x-amz-json-1.0"}});
  EXPECT_NE(created.body.find("/work"), std::string::npos) << created.body;
  EXPECT_EQ(http_get(mail.port(), "/store").status, 200);
  EXPECT_EQ(at_path(aws.counts(), "channels.sms.accepted"), 0);
}

TEST(NodeServer, EndsWithItsOwner) {
  std::uint16_t port = 0;
  {
    const AwsStandIn aws;
    port = aws.port();
    EXPECT_TRUE(HttpConnection(port).is_open());
  }
  EXPECT_FALSE(HttpConnection(port).is_open());
}

TEST(NodeServer, SaysWhyAProgramDidNotStart) {
  try {
    const NodeServer server("emulators.js", {"pigeons"});
    FAIL() << "it started";
  } catch (const std::runtime_error& error) {
    EXPECT_NE(std::string(error.what()).find("\"pigeons\" is none of dynamodb"), std::string::npos) << error.what();
  }
}

}  // namespace
}  // namespace clarion::testing
