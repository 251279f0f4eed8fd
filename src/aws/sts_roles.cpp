#include "aws/sts_roles.h"

#include <fmt/format.h>

#include <utility>

#include "aws/aws_caller.h"
#include "aws/aws_endpoints.h"
#include "aws/aws_failures.h"
#include "aws/aws_reader.h"
#include "aws/credentials.h"
#include "aws/plain_exchange.h"
#include "aws/xml_text.h"
#include "base/percent.h"
#include "base/text.h"

namespace clarion {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds sts_deadline{5000};
constexpr std::string_view form_type = "application/x-www-form-urlencoded; charset=utf-8";

class GivenCredentials final : public CredentialsSource {
 public:
  explicit GivenCredentials(AwsCredentials keys) : keys_(std::move(keys)) {}
  [[nodiscard]] const AwsCredentials* ready() const override { return &keys_; }
  Task<Result<AwsCredentials>> get() override { co_return keys_; }
  void expire(const AwsCredentials& /*refused*/) override {}

 private:
  AwsCredentials keys_;
};

void append_form_member(std::string& form, std::string_view name, std::string_view value) {
  if (value.empty()) return;
  form.append(1, '&').append(name).append(1, '=');
  append_percent_encoded(form, value);
}

std::string write_form(std::string_view action, const RoleRequest& role, const Clock& clock) {
  std::string form = fmt::format("Action={}&Version=2011-06-15", action);
  const auto seconds = std::chrono::floor<std::chrono::seconds>(clock.wall_now()).time_since_epoch().count();
  append_form_member(form, "RoleArn", role.role_arn);
  append_form_member(form, "RoleSessionName",
                     role.session_name.empty() ? fmt::format("clarion-{}", seconds) : role.session_name);
  append_form_member(form, "DurationSeconds", role.duration_seconds);
  return form;
}

Result<IssuedCredentials> read_reply(const RoleRequest& role, const std::string& body) {
  IssuedCredentials issued{.keys = {.access_key_id = find_xml_text(body, "AccessKeyId"),
                                    .secret_access_key = find_xml_text(body, "SecretAccessKey"),
                                    .session_token = find_xml_text(body, "SessionToken")},
                           .expires_at = parse_iso8601(find_xml_text(body, "Expiration")),
                           .source = "role " + role.role_arn};
  if (issued.keys.access_key_id.empty() || issued.keys.secret_access_key.empty() || issued.keys.session_token.empty() ||
      !issued.expires_at) {
    return fail(
        ErrorKind::Unavailable,
        fmt::format("STS answered for the role {} without credentials; is the endpoint of STS right?", role.role_arn));
  }
  return issued;
}

std::unexpected<Error> refusal(const RoleRequest& role, const AwsFailure& failure) {
  if (failure.status == 0) {
    return fail(ErrorKind::Unavailable,
                fmt::format("STS could not be asked for the role {}: {}", role.role_arn, failure.message));
  }
  const bool passes = failure.status >= 500 || judge_aws_retry(failure) != AwsRetry::No;
  return fail(passes ? ErrorKind::Unavailable : ErrorKind::Denied,
              fmt::format("STS refused the role {} ({}): {}", role.role_arn, failure.code,
                          failure.message.empty() ? "no reason given" : failure.message));
}

}  // namespace

Task<Result<IssuedCredentials>> assume_role(CredentialsContext context, AwsCredentials keys, RoleRequest role) {
  auto chosen = choose_aws_endpoint(context.config, AwsService::Sts);
  if (!chosen) co_return std::unexpected(chosen.error());
  GivenCredentials given(std::move(keys));
  AwsCaller caller({context.transport, given, context.clock}, std::move(chosen->endpoint), sts_deadline);
  std::string form = write_form("AssumeRole", role, context.clock);
  append_form_member(form, "ExternalId", role.external_id);
  AwsReader reader({.caller = caller, .clock = context.clock});
  const auto reply = co_await reader.call({.content_type = form_type, .body = form});
  if (!reply) co_return refusal(role, reply.error());
  co_return read_reply(role, reply->body);
}

Task<Result<IssuedCredentials>> assume_role_with_web_identity(CredentialsContext context, std::string token_file,
                                                              RoleRequest role) {
  const auto chosen = choose_aws_endpoint(context.config, AwsService::Sts);
  if (!chosen) co_return std::unexpected(chosen.error());
  // Read anew each time: whoever issues the token replaces the file.
  const auto token = context.config.read_file(token_file);
  if (!token) {
    co_return fail(token.error().kind == ErrorKind::NotFound ? ErrorKind::Invalid : token.error().kind,
                   fmt::format("The web identity token {} cannot be read: {}", token_file, token.error().message));
  }
  std::string form = write_form("AssumeRoleWithWebIdentity", role, context.clock);
  append_form_member(form, "WebIdentityToken", trim(*token));
  const auto reply = co_await exchange_plain(context.transport, context.clock,
                                             {.method = "POST",
                                              .origin = chosen->endpoint.origin,
                                              .target = chosen->endpoint.base_path + '/',
                                              .headers = {{"Content-Type", std::string(form_type)}},
                                              .body = form,
                                              .deadline = sts_deadline,
                                              .attempts = 3});
  if (!reply) {
    AwsFailure failure;
    failure.message = reply.error().message;
    co_return refusal(role, failure);
  }
  if (reply->status >= 300) co_return refusal(role, read_aws_error(*reply));
  co_return read_reply(role, reply->body);
}

}  // namespace clarion
