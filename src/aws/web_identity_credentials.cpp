#include <fmt/format.h>

#include "aws/credentials_steps.h"
#include "aws/sts_roles.h"

namespace clarion {

Task<CredentialsAnswer> web_identity_credentials(CredentialsContext context) {
  const AwsProfile& profile = context.config.profile();
  std::string token_file = context.config.variable("AWS_WEB_IDENTITY_TOKEN_FILE");
  RoleRequest role{.role_arn = context.config.variable("AWS_ROLE_ARN"),
                   .session_name = context.config.variable("AWS_ROLE_SESSION_NAME"),
                   .external_id = {},
                   .duration_seconds = {}};
  std::string from = "AWS_WEB_IDENTITY_TOKEN_FILE";
  if (token_file.empty()) {
    token_file = profile.find("web_identity_token_file");
    if (token_file.empty()) co_return std::nullopt;
    role = {.role_arn = std::string(profile.find("role_arn")),
            .session_name = std::string(profile.find("role_session_name")),
            .external_id = {},
            .duration_seconds = std::string(profile.find("duration_seconds"))};
    from = fmt::format("web_identity_token_file of profile '{}'", profile.name);
  }
  if (role.role_arn.empty()) {
    co_return fail(ErrorKind::Invalid,
                   fmt::format("{} is set without the role it is for; set {}.", from,
                               from.starts_with("AWS_") ? "AWS_ROLE_ARN" : "role_arn in the same profile"));
  }
  auto issued = co_await assume_role_with_web_identity(context, std::move(token_file), std::move(role));
  if (!issued) co_return std::unexpected(std::move(issued.error()));
  issued->source += " by " + from;
  co_return std::move(*issued);
}

}  // namespace clarion
