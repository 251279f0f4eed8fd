#include "support/node_server.h"

#include <gtest/gtest.h>

#include <boost/json/parse.hpp>

#include <csignal>
#include <cstdlib>
#include <stdexcept>
#include <utility>

namespace clarion::testing {
namespace {

ProcessOptions node_options(std::string program, std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), std::string(CLARION_NODE_PROGRAMS) + "/" + std::move(program));
  return {.arguments = std::move(arguments)};
}

boost::json::object json_object(const HttpReply& reply) {
  boost::system::error_code error;
  const auto value = boost::json::parse(reply.body, error);
  EXPECT_EQ(reply.status, 200) << reply.body;
  return !error && value.is_object() ? value.get_object() : boost::json::object();
}

}  // namespace

NodeServer::NodeServer(std::string program, std::vector<std::string> arguments)
    : process_(CLARION_NODE, directory_.path(), node_options(std::move(program), std::move(arguments))) {
  if (process_.wait_for_output("\n")) {
    port_ = static_cast<std::uint16_t>(std::strtoul(process_.output().c_str(), nullptr, 10));
  }
  if (port_ == 0) {
    throw std::runtime_error("A program in Node did not start; has `scripts/setup test` run? " + process_.errors());
  }
}

void NodeServer::stop() {
  process_.send_signal(SIGKILL);
  process_.wait();
}

HttpReply DynamoDbEmulator::call(std::string_view operation, std::string_view json) const {
  return http_request(port(), "POST", "/", json,
                      {{"X-Amz-Target", "DynamoDB_20120810." + std::string(operation)},
                       {"Content-Type", "application/x-amz-json-1.0"},
                       {"Authorization",
                        "AWS4-HMAC-SHA256 Credential=A/20260101/us-east-1/dynamodb/aws4_request, SignedHeaders=host, "
                        "Signature=b"},
                       {"X-Amz-Date", "20260101T000000Z"}});
}

void AwsStandIn::control(std::string_view path, std::string_view json) const {
  const HttpReply reply = http_post(port(), path, json);
  EXPECT_EQ(reply.status, 200) << reply.body;
}

boost::json::object AwsStandIn::counts() const {
  return json_object(http_get(port(), "/__counts"));
}

boost::json::object AwsStandIn::publish_events(std::string_view settings) const {
  HttpConnection connection(port(), std::chrono::seconds(60));
  connection.send_request("POST", "/__events", settings, {{"Content-Type", "application/json"}});
  return json_object(connection.read_reply());
}

boost::json::object AwsStandIn::message_to(std::string_view recipient) const {
  std::string path = "/__message?to=";
  for (const char c : recipient) path += c == '+' ? std::string("%2B") : std::string(1, c);
  return json_object(http_get(port(), path));
}

}  // namespace clarion::testing
