#pragma once
// NodeServer: a server in Node from tests/support, in a process of its own that ends with this. AwsStandIn and the
// emulators are such servers.
//
// Errors  std::runtime_error with what the program said, when it does not start.

#include <boost/json/object.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "support/clarion_process.h"
#include "support/http_client.h"

namespace clarion::testing {

class NodeServer {
 public:
  // Starts `program`, a path below tests/support, and returns when it has printed its port.
  explicit NodeServer(std::string program, std::vector<std::string> arguments = {});

  [[nodiscard]] std::uint16_t port() const { return port_; }
  [[nodiscard]] std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }
  // Kills it: from now on nobody listens on its port.
  void stop();

 private:
  ScratchDirectory directory_;
  ClarionProcess process_;
  std::uint16_t port_ = 0;
};

// DynamoDB by dynalite, in memory.
class DynamoDbEmulator : public NodeServer {
 public:
  DynamoDbEmulator() : NodeServer("emulators.js", {"dynamodb"}) {}
  // One operation of DynamoDB, for what no program of ours would do.
  [[nodiscard]] HttpReply call(std::string_view operation, std::string_view json) const;
};
// SQS (AWS JSON 1.0) and SNS by fauxqs, in memory.
class QueueEmulator : public NodeServer {
 public:
  QueueEmulator() : NodeServer("emulators.js", {"queues"}) {}
};
// SES by aws-ses-v2-local; GET /store shows what was sent.
class EmailEmulator : public NodeServer {
 public:
  EmailEmulator() : NodeServer("emulators.js", {"email"}) {}
};

// SMS, WhatsApp, email and STS: refuses what AWS would, counts the rest. tests/support/aws_stand_in/plan.js lists what
// a plan may say, account.js what the account has.
class AwsStandIn : public NodeServer {
 public:
  // `plan` is the JSON of what differs from a service that does everything right.
  explicit AwsStandIn(std::string_view plan = "{}")
      : NodeServer("aws_stand_in/main.js", {"--plan", std::string(plan)}) {}

  // Changes members of the plan, or of the account. A test failure when it does not understand them.
  void change_plan(std::string_view json) const { control("/__plan", json); }
  void change_account(std::string_view json) const { control("/__account", json); }
  // Counts, plan and account as at its start.
  void reset() const { control("/__reset", "{}"); }
  // What it saw; tests/support/aws_stand_in/counts.js names the members.
  [[nodiscard]] boost::json::object counts() const;
  // The last message it accepted for `recipient`, as its request held it.
  [[nodiscard]] boost::json::object message_to(std::string_view recipient) const;
  // Publishes to a topic what became of the messages it accepted since the last time, and returns what that was;
  // tests/support/aws_stand_in/events.js names what `settings` may say.
  [[nodiscard]] boost::json::object publish_events(std::string_view settings) const;

 private:
  void control(std::string_view path, std::string_view json) const;
};

}  // namespace clarion::testing
