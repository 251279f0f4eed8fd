#include "aws/credentials_steps.h"

namespace clarion {

Task<CredentialsAnswer> environment_credentials(CredentialsContext context) {
  const AwsConfig& config = context.config;
  IssuedCredentials issued{.keys = {.access_key_id = config.variable("AWS_ACCESS_KEY_ID"),
                                    .secret_access_key = config.variable("AWS_SECRET_ACCESS_KEY"),
                                    .session_token = config.variable("AWS_SESSION_TOKEN")},
                           .expires_at = {},
                           .source = "AWS_ACCESS_KEY_ID"};
  if (issued.keys.access_key_id.empty() && issued.keys.secret_access_key.empty()) co_return std::nullopt;
  if (issued.keys.secret_access_key.empty()) {
    co_return fail(ErrorKind::Invalid,
                   "AWS_ACCESS_KEY_ID is set and AWS_SECRET_ACCESS_KEY is not; set both or neither.");
  }
  if (issued.keys.access_key_id.empty()) {
    co_return fail(ErrorKind::Invalid,
                   "AWS_SECRET_ACCESS_KEY is set and AWS_ACCESS_KEY_ID is not; set both or neither.");
  }
  if (issued.keys.session_token.empty()) issued.keys.session_token = config.variable("AWS_SECURITY_TOKEN");
  if (const std::string expires = config.variable("AWS_CREDENTIAL_EXPIRATION"); !expires.empty()) {
    issued.expires_at = parse_iso8601(expires);
    if (!issued.expires_at) {
      co_return fail(ErrorKind::Invalid, "AWS_CREDENTIAL_EXPIRATION must be a time such as 2026-11-22T20:15:30Z.");
    }
  }
  co_return issued;
}

}  // namespace clarion
