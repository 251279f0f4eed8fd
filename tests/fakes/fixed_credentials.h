#pragma once
// FixedCredentials: hands out its keys in order; expire() moves on to the next.

#include <vector>

#include "aws/credentials.h"

namespace clarion::testing {

class FixedCredentials final : public CredentialsSource {
 public:
  explicit FixedCredentials(std::vector<AwsCredentials> keys = {{"AKIDEXAMPLE", "secret", ""}})
      : keys_(std::move(keys)) {}

  [[nodiscard]] const AwsCredentials* ready() const override { return next_ < keys_.size() ? &keys_[next_] : nullptr; }
  Task<Result<AwsCredentials>> get() override {
    if (next_ >= keys_.size()) co_return fail(ErrorKind::Denied, "No AWS credentials are configured.");
    co_return keys_[next_];
  }
  void expire(const AwsCredentials& refused) override {
    if (next_ < keys_.size() && keys_[next_] == refused) ++next_;
  }

 private:
  std::vector<AwsCredentials> keys_;
  std::size_t next_ = 0;
};

}  // namespace clarion::testing
