#pragma once
// StsClient: who the credentials belong to. Needs no permission.

#include <string>

#include "aws/aws_reader.h"

namespace clarion {

struct CallerIdentity {
  std::string account;  // "123456789012"
  std::string arn;      // "arn:aws:sts::123456789012:assumed-role/clarion/..."
  std::string user_id;
};

class StsClient {
 public:
  // REQUIRES: a caller of the endpoint of AwsService::Sts.
  explicit StsClient(AwsReader::Deps deps) : reader_(deps), endpoint_(deps.caller.endpoint().origin.authority()) {}

  Task<Result<CallerIdentity>> get_caller_identity();

 private:
  AwsReader reader_;
  std::string endpoint_;
};

}  // namespace clarion
