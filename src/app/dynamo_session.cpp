#include "app/dynamo_session.h"

namespace clarion {

Result<std::unique_ptr<DynamoSession>> DynamoSession::open(const Settings& settings) {
  std::unique_ptr<DynamoSession> session(new DynamoSession());
  auto aws = AwsContext::make(settings, session->clock_, session->context_.get_executor());
  if (!aws) return std::unexpected(aws.error());
  session->aws_ = std::move(*aws);
  auto dynamo = DynamoContext::make(settings, *session->aws_, session->context_.get_executor());
  if (!dynamo) return std::unexpected(dynamo.error());
  session->dynamo_ = std::move(*dynamo);
  return session;
}

DynamoSession::~DynamoSession() {
  if (!aws_) return;
  const auto close = [this]() -> Task<bool> {
    co_await aws_->close();
    co_return true;
  };
  run(close());
}

}  // namespace clarion
