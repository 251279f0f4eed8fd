#include <fmt/format.h>

#include "aws/credentials_steps.h"

namespace clarion {
namespace {

CredentialsAnswer keys_of_section(const AwsSection& section, const std::string& where) {
  const auto value = [&section](std::string_view key) {
    const auto found = section.find(key);
    return found == section.end() ? std::string() : found->second;
  };
  IssuedCredentials issued{.keys = {.access_key_id = value("aws_access_key_id"),
                                    .secret_access_key = value("aws_secret_access_key"),
                                    .session_token = value("aws_session_token")},
                           .expires_at = {},
                           .source = where};
  if (issued.keys.access_key_id.empty()) return std::nullopt;
  if (issued.keys.secret_access_key.empty()) {
    return fail(ErrorKind::Invalid,
                fmt::format("{} has aws_access_key_id and no aws_secret_access_key; add it.", where));
  }
  return issued;
}

}  // namespace

CredentialsAnswer keys_of_profile(const AwsConfig& config, const AwsProfile& profile) {
  auto keys =
      keys_of_section(profile.credentials, fmt::format("profile '{}' of {}", profile.name, config.credentials_path()));
  if (!keys || *keys) return keys;
  return keys_of_section(profile.config, fmt::format("profile '{}' of {}", profile.name, config.config_path()));
}

std::string unsupported_in_profile(const AwsProfile& profile) {
  for (const std::string_view key : {"sso_session", "sso_start_url", "sso_account_id"}) {
    if (profile.find(key).empty()) continue;
    return fmt::format(
        "Profile '{}' signs in through IAM Identity Center ({}), which needs a browser; run clarion with the variables "
        "that `aws configure export-credentials --profile {} --format env` prints, or use a role.",
        profile.name, key, profile.name);
  }
  if (!profile.find("login_session").empty()) {
    return fmt::format(
        "Profile '{}' signs in by `aws login` (login_session), which needs a browser; run clarion with the variables "
        "that "
        "`aws configure export-credentials --profile {} --format env` prints, or use a role.",
        profile.name, profile.name);
  }
  return {};
}

Task<CredentialsAnswer> profile_credentials(CredentialsContext context) {
  const AwsProfile& profile = context.config.profile();
  // Before the keys, as the SDKs do: they may belong to another account than the one signed in to.
  if (std::string problem = unsupported_in_profile(profile); !problem.empty()) {
    co_return fail(ErrorKind::Denied, std::move(problem));
  }
  auto keys = keys_of_profile(context.config, profile);
  if (!keys || *keys) co_return keys;
  if (!profile.find("credential_process").empty()) {
    co_return fail(ErrorKind::Denied,
                   fmt::format("Profile '{}' gets its keys from a program (credential_process), which Clarion does not "
                               "run; set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or use a role.",
                               profile.name));
  }
  co_return std::nullopt;
}

}  // namespace clarion
