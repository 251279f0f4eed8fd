#include "aws/email_account_client.h"

#include <algorithm>

#include "aws/json_object.h"
#include "base/percent.h"

namespace clarion {
namespace {

std::string path_of(std::string_view collection, std::string_view name, std::string_view rest = "") {
  std::string path(collection);
  append_percent_encoded(path, name);
  path += rest;
  return path;
}

constexpr std::string_view sets_path = "/v2/email/configuration-sets/";

}  // namespace

EmailAccountClient::EmailAccountClient(AwsReader::Deps deps) : reader_(deps.once_a_second()) {}

Task<Result<boost::json::value>> EmailAccountClient::get(std::string_view operation, std::string path) {
  co_return co_await reader_.read(operation, {.method = "GET", .path = path});
}

Task<Result<EmailAccount>> EmailAccountClient::get_account() {
  const auto reply = co_await get("ses:GetAccount", "/v2/email/account");
  if (!reply) co_return std::unexpected(reply.error());
  EmailAccount account{.max_per_second = 0,
                       .max_per_day = {},
                       .sent_last_day = 0,
                       .is_sending_enabled = json_flag(*reply, "SendingEnabled"),
                       .has_production_access = json_flag(*reply, "ProductionAccessEnabled"),
                       .enforcement = json_text(*reply, "EnforcementStatus")};
  if (const auto* quota = json_member(*reply, "SendQuota")) {
    account.max_per_second = json_number(*quota, "MaxSendRate").value_or(0);
    account.max_per_day = json_number(*quota, "Max24HourSend");
    if (account.max_per_day && *account.max_per_day < 0) account.max_per_day.reset();
    account.sent_last_day = json_number(*quota, "SentLast24Hours").value_or(0);
  }
  co_return account;
}

Task<Result<std::optional<EmailIdentity>>> EmailAccountClient::find_identity(std::string name) {
  const auto reply = co_await get("ses:GetEmailIdentity", path_of("/v2/email/identities/", name));
  if (!reply) {
    if (reply.error().kind == ErrorKind::NotFound) co_return std::nullopt;
    co_return std::unexpected(reply.error());
  }
  EmailIdentity identity{.name = std::move(name),
                         .is_verified = json_flag(*reply, "VerifiedForSendingStatus"),
                         .verification = json_text(*reply, "VerificationStatus"),
                         .dkim = {},
                         .configuration_set = json_text(*reply, "ConfigurationSetName")};
  if (const auto* dkim = json_member(*reply, "DkimAttributes")) identity.dkim = json_text(*dkim, "Status");
  co_return identity;
}

Task<Result<std::optional<EmailIdentity>>> EmailAccountClient::find_sending_identity(std::string address) {
  std::string name = std::move(address);
  for (;;) {
    auto found = co_await find_identity(name);
    if (!found || *found) co_return found;
    // news@mail.example.com, then mail.example.com, then example.com; a top-level domain is nobody's.
    const auto cut = name.contains('@') ? name.rfind('@') : name.find('.');
    if (cut == std::string::npos) co_return std::nullopt;
    name.erase(0, cut + 1);
    if (!name.contains('.')) co_return std::nullopt;
  }
}

Task<Result<std::optional<EmailConfigurationSet>>> EmailAccountClient::find_configuration_set(std::string name) {
  const auto reply = co_await get("ses:GetConfigurationSet", path_of(sets_path, name));
  if (!reply) {
    if (reply.error().kind == ErrorKind::NotFound) co_return std::nullopt;
    co_return std::unexpected(reply.error());
  }
  // Absent means enabled: only a set whose sending was switched off says so.
  const auto* options = json_member(*reply, "SendingOptions");
  const bool is_enabled =
      options == nullptr || json_member(*options, "SendingEnabled") == nullptr || json_flag(*options, "SendingEnabled");
  co_return EmailConfigurationSet{.name = std::move(name), .is_sending_enabled = is_enabled};
}

Task<Result<std::vector<EmailEventDestination>>> EmailAccountClient::list_event_destinations(
    std::string configuration_set) {
  std::vector<EmailEventDestination> destinations;
  const auto reply = co_await get("ses:GetConfigurationSetEventDestinations",
                                  path_of(sets_path, configuration_set, "/event-destinations"));
  if (!reply) {
    if (reply.error().kind == ErrorKind::NotFound) co_return destinations;
    co_return std::unexpected(reply.error());
  }
  for (const auto& one : json_list(*reply, "EventDestinations")) {
    EmailEventDestination destination{.name = json_text(one, "Name"),
                                      .is_enabled = json_flag(one, "Enabled"),
                                      .events = json_texts(one, "MatchingEventTypes"),
                                      .topic_arn = {}};
    if (const auto* topic = json_member(one, "SnsDestination")) destination.topic_arn = json_text(*topic, "TopicArn");
    destinations.push_back(std::move(destination));
  }
  co_return destinations;
}

}  // namespace clarion
