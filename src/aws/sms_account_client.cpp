#include "aws/sms_account_client.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace clarion {
namespace {

SmsNumber read_number(const boost::json::value& json) {
  SmsNumber number{.id = json_text(json, "PhoneNumberId"),
                   .number = json_text(json, "PhoneNumber"),
                   .status = json_text(json, "Status"),
                   .country = json_text(json, "IsoCountryCode"),
                   .type = json_text(json, "NumberType"),
                   .message_type = json_text(json, "MessageType"),
                   .pool_id = json_text(json, "PoolId"),
                   .registration_id = json_text(json, "RegistrationId"),
                   .opt_out_list = json_text(json, "OptOutListName"),
                   .can_send_sms = false,
                   .parts_per_second = {}};
  const auto capabilities = json_texts(json, "NumberCapabilities");
  number.can_send_sms = std::ranges::find(capabilities, "SMS") != capabilities.end();
  if (const auto* limits = json_member(json, "MessagingLimits")) {
    if (const auto* rates = json_member(*limits, "RateLimits")) number.parts_per_second = json_number(*rates, "SMS");
  }
  return number;
}

}  // namespace

SmsAccountClient::SmsAccountClient(AwsReader::Deps deps) : reader_(deps.once_a_second()) {}

Task<Result<boost::json::value>> SmsAccountClient::describe(std::string operation, JsonObject input) {
  const std::string target = "PinpointSMSVoiceV2." + operation;
  const std::string body = input.str();
  co_return co_await reader_.read("sms-voice:" + operation,
                                  {.target = target, .content_type = "application/x-amz-json-1.0", .body = body});
}

Task<Result<boost::json::array>> SmsAccountClient::describe_all(std::string operation, std::string member,
                                                                JsonObject input) {
  boost::json::array all;
  std::string next;
  do {
    JsonObject page = input;
    page.text_if_any("NextToken", next);
    auto reply = co_await describe(operation, std::move(page));
    if (!reply) co_return std::unexpected(reply.error());
    for (const auto& one : json_list(*reply, member)) all.push_back(one);
    next = json_text(*reply, "NextToken");
  } while (!next.empty());
  co_return all;
}

Task<Result<std::optional<SmsPool>>> SmsAccountClient::find_pool(std::string id) {
  JsonObject input;
  input.texts("PoolIds", {id});
  const auto reply = co_await describe("DescribePools", std::move(input));
  if (!reply) {
    if (reply.error().kind == ErrorKind::NotFound) co_return std::nullopt;
    co_return std::unexpected(reply.error());
  }
  const auto& pools = json_list(*reply, "Pools");
  if (pools.empty()) co_return std::nullopt;
  const auto& pool = pools.front();
  co_return SmsPool{.id = json_text(pool, "PoolId"),
                    .status = json_text(pool, "Status"),
                    .message_type = json_text(pool, "MessageType"),
                    .opt_out_list = json_text(pool, "OptOutListName"),
                    .has_self_managed_opt_outs = json_flag(pool, "SelfManagedOptOutsEnabled"),
                    .has_shared_routes = json_flag(pool, "SharedRoutesEnabled")};
}

Task<Result<std::vector<SmsNumber>>> SmsAccountClient::list_numbers() {
  JsonObject input;
  input.number("MaxResults", 100);
  const auto all = co_await describe_all("DescribePhoneNumbers", "PhoneNumbers", std::move(input));
  if (!all) co_return std::unexpected(all.error());
  std::vector<SmsNumber> numbers;
  std::ranges::transform(*all, std::back_inserter(numbers), read_number);
  co_return numbers;
}

Task<Result<std::optional<SmsConfigurationSet>>> SmsAccountClient::find_configuration_set(std::string name) {
  JsonObject input;
  input.texts("ConfigurationSetNames", {name});
  const auto reply = co_await describe("DescribeConfigurationSets", std::move(input));
  if (!reply) {
    if (reply.error().kind == ErrorKind::NotFound) co_return std::nullopt;
    co_return std::unexpected(reply.error());
  }
  const auto& sets = json_list(*reply, "ConfigurationSets");
  if (sets.empty()) co_return std::nullopt;
  SmsConfigurationSet set{.name = json_text(sets.front(), "ConfigurationSetName"), .destinations = {}};
  for (const auto& one : json_list(sets.front(), "EventDestinations")) {
    SmsEventDestination destination{.name = json_text(one, "EventDestinationName"),
                                    .is_enabled = json_flag(one, "Enabled"),
                                    .events = json_texts(one, "MatchingEventTypes"),
                                    .topic_arn = {}};
    if (const auto* topic = json_member(one, "SnsDestination")) destination.topic_arn = json_text(*topic, "TopicArn");
    set.destinations.push_back(std::move(destination));
  }
  co_return set;
}

Task<Result<std::vector<SmsSpendLimit>>> SmsAccountClient::list_spend_limits() {
  const auto all = co_await describe_all("DescribeSpendLimits", "SpendLimits", {});
  if (!all) co_return std::unexpected(all.error());
  std::vector<SmsSpendLimit> limits;
  for (const auto& one : *all) {
    limits.push_back({.name = json_text(one, "Name"),
                      .enforced_usd = json_number(one, "EnforcedLimit").value_or(0),
                      .max_usd = json_number(one, "MaxLimit").value_or(0)});
  }
  co_return limits;
}

Task<Result<std::string>> SmsAccountClient::get_account_tier() {
  const auto all = co_await describe_all("DescribeAccountAttributes", "AccountAttributes", {});
  if (!all) co_return std::unexpected(all.error());
  for (const auto& one : *all) {
    if (json_text(one, "Name") == "ACCOUNT_TIER") co_return json_text(one, "Value");
  }
  co_return std::string();
}

}  // namespace clarion
