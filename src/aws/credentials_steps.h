#pragma once
// The places where credentials may be, each a function in a file of its own; CredentialsChain asks them in order.
//
// Source   https://docs.aws.amazon.com/sdkref/latest/guide/standardized-credentials.html
// Errors   a place that is configured and does not work ends the search: going on would sign with somebody else's keys.
//          Denied: refused; Unavailable: not reached; Invalid: configured wrongly. No message holds a secret.
// Not here sso_*, credential_process and mfa_serial: they need a browser, a program or a person. Named in the error.

#include <optional>
#include <string>
#include <string_view>

#include "aws/aws_config.h"
#include "aws/request_signer.h"
#include "base/clock.h"
#include "base/task.h"
#include "ports/http_transport.h"

namespace clarion {

struct IssuedCredentials {
  AwsCredentials keys;
  std::optional<WallTime> expires_at;  // nullopt: never, as far as we know
  std::string source;                  // "profile 'x' of ~/.aws/credentials"
};

// nullopt: nothing is configured there, ask elsewhere.
using CredentialsAnswer = Result<std::optional<IssuedCredentials>>;

// REQUIRES: what it refers to outlives the Task it is given to.
struct CredentialsContext {
  const AwsConfig& config;
  HttpTransport& transport;
  Clock& clock;
};

// AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN.
Task<CredentialsAnswer> environment_credentials(CredentialsContext context);
// The profile's role_arn, with source_profile or credential_source.
Task<CredentialsAnswer> role_credentials(CredentialsContext context);
// AWS_WEB_IDENTITY_TOKEN_FILE and AWS_ROLE_ARN, or the profile's web_identity_token_file and role_arn.
Task<CredentialsAnswer> web_identity_credentials(CredentialsContext context);
// The profile's own keys; here also what is not supported gets its error.
Task<CredentialsAnswer> profile_credentials(CredentialsContext context);
// AWS_CONTAINER_CREDENTIALS_RELATIVE_URI or _FULL_URI: ECS tasks, EKS Pod Identity.
Task<CredentialsAnswer> container_credentials(CredentialsContext context);
// The role of the EC2 instance, by version 2 of its metadata service.
Task<CredentialsAnswer> instance_credentials(CredentialsContext context);

// The keys that `profile` itself holds; nullopt when it has none.
[[nodiscard]] CredentialsAnswer keys_of_profile(const AwsConfig& config, const AwsProfile& profile);
// What to do instead when `profile` relies on what Clarion does not do; empty when it does not.
[[nodiscard]] std::string unsupported_in_profile(const AwsProfile& profile);
// {"AccessKeyId", "SecretAccessKey", "Token", "Expiration"}, as container and instance answer. `from` for the error.
[[nodiscard]] Result<IssuedCredentials> read_json_credentials(std::string_view from, std::string_view document);

}  // namespace clarion
