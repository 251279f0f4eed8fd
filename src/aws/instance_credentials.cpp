#include <fmt/format.h>

#include "aws/credentials_steps.h"
#include "aws/plain_exchange.h"
#include "aws/service_url.h"
#include "base/percent.h"
#include "base/text.h"

namespace clarion {
namespace {

using std::chrono::milliseconds;

constexpr std::string_view credentials_path = "/latest/meta-data/iam/security-credentials/";
// One attempt of a second: without it every start on a laptop would hang (SDK default).
constexpr milliseconds metadata_deadline{1000};
// With what has expired already SDKs go on and ask again later: the metadata service is behind, the keys still work.
constexpr std::chrono::minutes grace{10};

Result<ServiceUrl> metadata_url(const AwsConfig& config) {
  std::string url = config.variable("AWS_EC2_METADATA_SERVICE_ENDPOINT");
  if (url.empty()) {
    const std::string mode = config.variable("AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE");
    url = mode == "IPv6" || mode == "ipv6" ? "http://[fd00:ec2::254]" : "http://169.254.169.254";
  }
  return parse_service_url("AWS_EC2_METADATA_SERVICE_ENDPOINT", url);
}

std::unexpected<Error> unavailable(std::string_view what) {
  return fail(ErrorKind::Unavailable, fmt::format("The instance metadata service {}.", what));
}

}  // namespace

Task<CredentialsAnswer> instance_credentials(CredentialsContext context) {
  if (fold_text(context.config.variable("AWS_EC2_METADATA_DISABLED")) == "true") co_return std::nullopt;
  const auto url = metadata_url(context.config);
  if (!url) co_return std::unexpected(url.error());
  const auto ask = [&](PlainRequest request) {
    request.origin = url->origin;
    request.target = url->path + request.target;
    request.deadline = metadata_deadline;
    return exchange_plain(context.transport, context.clock, std::move(request));
  };

  const auto session = co_await ask({.method = "PUT",
                                     .origin = {},
                                     .target = "/latest/api/token",
                                     .headers = {{"x-aws-ec2-metadata-token-ttl-seconds", "21600"}}});
  // No answer, or one that knows no tokens: this is no EC2 instance (or only has version 1, which leaks to anybody who
  // can make the server fetch a URL).
  if (!session) co_return std::nullopt;
  if (session->status >= 500) co_return unavailable(fmt::format("answered {}", session->status));
  const std::string token(trim(session->body));
  if (session->status != 200 || token.empty() || !is_header_value(token)) co_return std::nullopt;

  const auto read = [&](std::string target) {
    return ask({.origin = {}, .target = std::move(target), .headers = {{"x-aws-ec2-metadata-token", token}}});
  };
  const auto roles = co_await read(std::string(credentials_path));
  if (!roles) co_return unavailable("did not say which role the instance has");
  if (roles->status == 404) co_return std::nullopt;
  const std::string_view listed = trim(roles->body);
  const std::string role(listed.substr(0, listed.find('\n')));
  if (roles->status != 200 || role.empty()) {
    co_return unavailable(fmt::format("answered {} when asked for the instance's role", roles->status));
  }

  std::string target(credentials_path);
  append_percent_encoded(target, trim(role));
  const auto reply = co_await read(std::move(target));
  if (!reply || reply->status != 200) {
    co_return unavailable(fmt::format("gave no credentials of the role {} ({})", role,
                                      reply ? std::to_string(reply->status) : reply.error().message));
  }
  auto issued = read_json_credentials("instance metadata service, role " + role, reply->body);
  if (!issued) co_return std::unexpected(std::move(issued.error()));
  const WallTime now = context.clock.wall_now();
  if (issued->expires_at && *issued->expires_at <= now) issued->expires_at = now + grace;
  co_return std::move(*issued);
}

}  // namespace clarion
