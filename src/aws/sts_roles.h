#pragma once
// Credentials of a role, by the two operations of STS that hand them out.

#include <string>

#include "aws/credentials_steps.h"

namespace clarion {

struct RoleRequest {
  std::string role_arn;
  std::string session_name;      // empty: "clarion-" and the time
  std::string external_id;       // AssumeRole only
  std::string duration_seconds;  // empty: what the role says, an hour usually
};

// AssumeRole, signed with `keys`.
Task<Result<IssuedCredentials>> assume_role(CredentialsContext context, AwsCredentials keys, RoleRequest role);
// AssumeRoleWithWebIdentity, which is not signed: the token in `token_file` is the proof.
Task<Result<IssuedCredentials>> assume_role_with_web_identity(CredentialsContext context, std::string token_file,
                                                              RoleRequest role);

}  // namespace clarion
