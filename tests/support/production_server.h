#pragma once
// ProductionServer: the built program in production, with AWS's carriers at a stand-in and the ledger on this machine.

#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "support/clarion_server.h"
#include "support/node_server.h"

namespace clarion::testing {

// What production needs, pointed at `aws`. The keys are temporary ones, whose token has to be signed and sent.
std::map<std::string, std::string> production_environment(const NodeServer& aws);

// What keeps the records in DynamoDB; makes the tables.
std::map<std::string, std::string> records_in_dynamodb(const std::string& binary, const NodeServer& dynamo,
                                                       const NodeServer& aws);

class ProductionServer {
 public:
  // Settings in `environment` win. Makes a token with every scope.
  explicit ProductionServer(const std::string& binary, const NodeServer& aws,
                            const std::map<std::string, std::string>& environment = {});

  [[nodiscard]] std::uint16_t port() const { return server_.port(); }
  [[nodiscard]] ClarionServer& server() { return server_; }
  [[nodiscard]] const std::string& token() const { return token_; }
  // Everything it logged so far.
  [[nodiscard]] std::string log() { return server_.process().errors() + server_.process().output(); }
  // A command on the same machine, with the same settings.
  [[nodiscard]] FinishedProcess run(std::vector<std::string> arguments) const;

  [[nodiscard]] HttpReply get(std::string_view path) const { return http_get(server_.port(), path, authorization()); }
  [[nodiscard]] HttpReply post(std::string_view path, std::string_view body) const {
    return server_.post(path, body, authorization());
  }
  // Sends a request to /api/send-campaign whose answer comes when the campaign has ended.
  [[nodiscard]] HttpConnection begin_campaign(std::string_view body) const;
  // Follows a campaign until `is_enough` says so or it has ended, and returns its document then. A test failure when it
  // stands still for a minute.
  [[nodiscard]] boost::json::object follow(std::string_view campaign,
                                           const std::function<bool(const boost::json::object&)>& is_enough = {}) const;

 private:
  [[nodiscard]] HttpHeaders authorization() const { return {{"Authorization", "Bearer " + token_}}; }

  std::string binary_;
  ClarionServer server_;
  std::string token_;
};

}  // namespace clarion::testing
