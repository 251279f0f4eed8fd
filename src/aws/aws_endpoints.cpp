#include "aws/aws_endpoints.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "aws/service_url.h"

namespace clarion {
namespace {

struct ServiceRow {
  AwsService service{};
  std::string_view host;  // before ".<region>.amazonaws.com"
  std::string_view signing_name;
  std::string_view id;  // as config files write it; upper-case in variables
};

constexpr std::array<ServiceRow, 9> services{{
    {AwsService::Sms, "sms-voice", "sms-voice", "pinpoint_sms_voice_v2"},
    {AwsService::WhatsApp, "social-messaging", "social-messaging", "socialmessaging"},
    {AwsService::Email, "email", "ses", "sesv2"},
    {AwsService::DynamoDb, "dynamodb", "dynamodb", "dynamodb"},
    {AwsService::Sqs, "sqs", "sqs", "sqs"},
    {AwsService::Sns, "sns", "sns", "sns"},
    {AwsService::Sts, "sts", "sts", "sts"},
    {AwsService::BedrockRuntime, "bedrock-runtime", "bedrock", "bedrock_runtime"},
    {AwsService::CloudWatchLogs, "logs", "logs", "cloudwatch_logs"},
}};

const ServiceRow& row_of(AwsService service) {
  return *std::ranges::find(services, service, &ServiceRow::service);
}

std::string variable_of(const ServiceRow& row) {
  std::string name = "AWS_ENDPOINT_URL_";
  for (const char c : row.id) name += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  return name;
}

// Each partition has its own names; the others than AWS's first are told by the region.
std::string_view dns_suffix(std::string_view region) {
  if (region.starts_with("cn-")) return "amazonaws.com.cn";
  if (region.starts_with("eusc-")) return "amazonaws.eu";
  return "amazonaws.com";
}

// The region becomes part of a host name and of what is signed.
bool is_region(std::string_view text) {
  return text.size() <= 40 && text.contains('-') && !text.starts_with('-') && !text.ends_with('-') &&
         std::ranges::all_of(text, [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; });
}

struct Override {
  std::string name;
  std::string url;
};

Override find_override(const AwsConfig& config, const ServiceRow& row) {
  if (config.variable("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS") == "true") return {};
  for (const std::string& name : {variable_of(row), std::string("AWS_ENDPOINT_URL")}) {
    if (std::string url = config.variable(name); !url.empty()) return {name, std::move(url)};
  }
  const AwsProfile& profile = config.profile();
  if (const auto services_name = profile.find("services"); !services_name.empty()) {
    if (const AwsSection* section = config.find_services(services_name)) {
      const auto found = section->find(fmt::format("{}.endpoint_url", row.id));
      if (found != section->end() && !found->second.empty()) {
        return {fmt::format("endpoint_url of {} in [services {}] of {}", row.id, services_name, config.config_path()),
                found->second};
      }
    }
  }
  if (const auto url = profile.find("endpoint_url"); !url.empty()) {
    return {fmt::format("endpoint_url of profile '{}'", profile.name), std::string(url)};
  }
  return {};
}

}  // namespace

std::string ChosenEndpoint::url() const {
  return (endpoint.origin.is_tls ? "https://" : "http://") + endpoint.origin.authority() + endpoint.base_path;
}

Result<std::string> choose_aws_region(const AwsConfig& config) {
  std::string region;
  std::string name;
  for (const char* variable : {"AWS_REGION", "AWS_DEFAULT_REGION"}) {
    if (!region.empty()) break;
    name = variable;
    region = config.variable(name);
  }
  if (region.empty()) {
    name = fmt::format("region of profile '{}'", config.profile().name);
    region = config.profile().find("region");
  }
  if (region.empty()) {
    return fail(ErrorKind::Invalid, "Set AWS_REGION to the region of your AWS services, such as us-east-1.");
  }
  if (!is_region(region)) {
    return fail(ErrorKind::Invalid,
                fmt::format("{} is '{}', which is not the name of a region such as us-east-1.", name, region));
  }
  return region;
}

Result<ChosenEndpoint> choose_aws_endpoint(const AwsConfig& config, AwsService service) {
  auto region = choose_aws_region(config);
  if (!region) return std::unexpected(region.error());
  const ServiceRow& row = row_of(service);
  ChosenEndpoint chosen;
  chosen.endpoint.origin.host = fmt::format("{}.{}.{}", row.host, *region, dns_suffix(*region));
  chosen.endpoint.region = std::move(*region);
  chosen.endpoint.signing_name = row.signing_name;
  Override found = find_override(config, row);
  if (found.url.empty()) return chosen;
  auto url = parse_service_url(found.name, found.url);
  if (!url) return std::unexpected(url.error());
  if (!url->query.empty()) {
    return fail(ErrorKind::Invalid, fmt::format("{} must not carry a query ('?').", found.name));
  }
  chosen.endpoint.origin = std::move(url->origin);
  chosen.endpoint.base_path = std::move(url->path);
  chosen.overridden_by = std::move(found.name);
  return chosen;
}

}  // namespace clarion
