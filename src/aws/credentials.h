#pragma once
// CredentialsSource: the keys that requests are signed with, fresh whenever they are asked for.
//
// Threads  one executor.

#include "aws/request_signer.h"
#include "base/result.h"
#include "base/task.h"

namespace clarion {

class CredentialsSource {
 public:
  virtual ~CredentialsSource() = default;
  // What get() would return without waiting, or null; holds until the caller awaits something.
  [[nodiscard]] virtual const AwsCredentials* ready() const = 0;
  // Usable now. Denied when none are configured, Unavailable when where they come from cannot be reached; the message
  // says which and what to do.
  virtual Task<Result<AwsCredentials>> get() = 0;
  // The service said that these have expired: the next get() must not return them again when others can be had.
  virtual void expire(const AwsCredentials& refused) = 0;
};

}  // namespace clarion
