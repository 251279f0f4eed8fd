#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "aws/credentials_steps.h"
#include "aws/sts_roles.h"

namespace clarion {
namespace {

using Issued = Result<IssuedCredentials>;

std::unexpected<Error> wrong(const AwsProfile& profile, std::string_view what) {
  return fail(ErrorKind::Invalid, fmt::format("Profile '{}': {}", profile.name, what));
}

RoleRequest role_of(const AwsProfile& profile) {
  return {.role_arn = std::string(profile.find("role_arn")),
          .session_name = std::string(profile.find("role_session_name")),
          .external_id = std::string(profile.find("external_id")),
          .duration_seconds = std::string(profile.find("duration_seconds"))};
}

Task<Issued> credentials_of_role(CredentialsContext context, const AwsProfile& profile,
                                 std::vector<std::string> visited);

// The keys that `source` stands for: its own, or those of the role it names.
Task<Issued> credentials_of_source(CredentialsContext context, const AwsProfile& user, const std::string& name,
                                   std::vector<std::string> visited) {
  const AwsProfile* source = context.config.find_profile(name);
  if (source == nullptr) {
    co_return wrong(user, fmt::format("its source_profile '{}' is in neither {} nor {}; correct the name or add it.",
                                      name, context.config.config_path(), context.config.credentials_path()));
  }
  auto keys = keys_of_profile(context.config, *source);
  if (!keys) co_return std::unexpected(keys.error());
  if (*keys) co_return std::move(**keys);
  if (!source->find("role_arn").empty()) {
    if (std::ranges::find(visited, name) != visited.end()) {
      co_return wrong(user, "its source_profile leads back to itself; let it end at a profile with keys.");
    }
    co_return co_await credentials_of_role(context, *source, std::move(visited));
  }
  if (std::string problem = unsupported_in_profile(*source); !problem.empty()) {
    co_return fail(ErrorKind::Denied, std::move(problem));
  }
  co_return wrong(
      user, fmt::format("its source_profile '{}' has no keys and no role; add them, or use credential_source.", name));
}

Task<Issued> credentials_of_place(CredentialsContext context, const AwsProfile& user, std::string place) {
  CredentialsAnswer answer;
  if (place == "Environment") {
    answer = co_await environment_credentials(context);
  } else if (place == "Ec2InstanceMetadata") {
    answer = co_await instance_credentials(context);
  } else if (place == "EcsContainer") {
    answer = co_await container_credentials(context);
  } else {
    co_return wrong(user, "its credential_source must be Environment, Ec2InstanceMetadata or EcsContainer.");
  }
  if (!answer) co_return std::unexpected(answer.error());
  if (!*answer) {
    co_return fail(ErrorKind::Denied,
                   fmt::format("Profile '{}': its credential_source {} gave no credentials.", user.name, place));
  }
  co_return std::move(**answer);
}

Task<Issued> credentials_of_role(CredentialsContext context, const AwsProfile& profile,
                                 std::vector<std::string> visited) {
  if (!profile.find("mfa_serial").empty()) {
    co_return fail(
        ErrorKind::Denied,
        fmt::format("Profile '{}' asks for a code of a device (mfa_serial), which a server cannot type; use a "
                    "role that does not, or temporary keys in AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and "
                    "AWS_SESSION_TOKEN.",
                    profile.name));
  }
  const std::string source(profile.find("source_profile"));
  const std::string place(profile.find("credential_source"));
  const std::string token_file(profile.find("web_identity_token_file"));
  if (!source.empty() && !place.empty()) {
    co_return wrong(profile, "it has source_profile and credential_source; keep one of them.");
  }
  if (source.empty() && place.empty()) {
    if (!token_file.empty()) co_return co_await assume_role_with_web_identity(context, token_file, role_of(profile));
    co_return wrong(profile, "role_arn needs source_profile or credential_source beside it.");
  }
  visited.push_back(profile.name);
  auto keys = source.empty() ? co_await credentials_of_place(context, profile, place)
                             : co_await credentials_of_source(context, profile, source, std::move(visited));
  if (!keys) co_return keys;
  co_return co_await assume_role(context, std::move(keys->keys), role_of(profile));
}

}  // namespace

Task<CredentialsAnswer> role_credentials(CredentialsContext context) {
  const AwsProfile& profile = context.config.profile();
  // With a token file alone the profile is for web_identity_credentials, which comes after this.
  const bool is_ours = !profile.find("role_arn").empty() &&
                       (profile.find("web_identity_token_file").empty() || !profile.find("source_profile").empty() ||
                        !profile.find("credential_source").empty());
  if (!is_ours) co_return std::nullopt;
  auto issued = co_await credentials_of_role(context, profile, {});
  if (!issued) co_return std::unexpected(std::move(issued.error()));
  issued->source += fmt::format(" by profile '{}'", profile.name);
  co_return std::move(*issued);
}

}  // namespace clarion
