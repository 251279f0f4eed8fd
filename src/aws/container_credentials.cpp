#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "aws/credentials_steps.h"
#include "aws/plain_exchange.h"
#include "aws/service_url.h"
#include "base/text.h"

namespace clarion {
namespace {

// Over plain http a token and the keys may only travel inside the machine, or to the hosts of ECS and EKS.
bool is_trusted_host(std::string_view host) {
  constexpr std::array<std::string_view, 5> hosts{"localhost", "::1", "169.254.170.2", "169.254.170.23",
                                                  "fd00:ec2::23"};
  if (std::ranges::find(hosts, host) != hosts.end()) return true;
  // 127.0.0.0/8, and not a name such as 127.evil.example.
  return host.starts_with("127.") && std::ranges::count(host, '.') == 3 &&
         std::ranges::all_of(host, [](char c) { return c == '.' || (c >= '0' && c <= '9'); });
}

Result<std::string> authorization(const AwsConfig& config) {
  std::string token = config.variable("AWS_CONTAINER_AUTHORIZATION_TOKEN");
  std::string name = "AWS_CONTAINER_AUTHORIZATION_TOKEN";
  if (const std::string path = config.variable("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"); !path.empty()) {
    // Read anew each time: EKS replaces the file.
    auto text = config.read_file(path);
    if (!text) {
      return fail(ErrorKind::Invalid, "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE cannot be read: " + text.error().message);
    }
    token = trim(*text);
    name = "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE";
  }
  if (!is_header_value(token)) {
    return fail(ErrorKind::Invalid, name + " holds a line end or other control character, which no header may.");
  }
  return token;
}

}  // namespace

Task<CredentialsAnswer> container_credentials(CredentialsContext context) {
  const AwsConfig& config = context.config;
  std::string name = "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI";
  std::string url = config.variable(name);
  if (!url.empty()) {
    url = "http://169.254.170.2" + url;
  } else {
    name = "AWS_CONTAINER_CREDENTIALS_FULL_URI";
    url = config.variable(name);
    if (url.empty()) co_return std::nullopt;
  }
  const auto parsed = parse_service_url(name, url);
  if (!parsed) co_return std::unexpected(parsed.error());
  if (!parsed->origin.is_tls && !is_trusted_host(parsed->origin.host)) {
    co_return fail(ErrorKind::Invalid,
                   name + " must be https, or http to this machine or to the addresses of ECS and EKS.");
  }
  auto token = authorization(config);
  if (!token) co_return std::unexpected(token.error());

  PlainRequest request{.origin = parsed->origin, .target = parsed->path.empty() ? "/" : parsed->path, .attempts = 3};
  if (!parsed->query.empty()) request.target += '?' + parsed->query;
  if (!token->empty()) request.headers.emplace_back("Authorization", std::move(*token));
  request.headers.emplace_back("Accept", "application/json");
  const std::string from = "container credentials endpoint " + parsed->origin.authority();
  const auto reply = co_await exchange_plain(context.transport, context.clock, std::move(request));
  if (!reply) {
    co_return fail(ErrorKind::Unavailable, fmt::format("The {} did not answer: {}", from, reply.error().message));
  }
  if (reply->status != 200) {
    const bool is_refused = reply->status < 500 && reply->status != 429;
    co_return fail(is_refused ? ErrorKind::Denied : ErrorKind::Unavailable,
                   fmt::format("The {} answered {}; does the task have a role?", from, reply->status));
  }
  auto issued = read_json_credentials(from, reply->body);
  if (!issued) co_return std::unexpected(std::move(issued.error()));
  co_return std::move(*issued);
}

}  // namespace clarion
