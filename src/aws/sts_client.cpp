#include "aws/sts_client.h"

#include <fmt/format.h>

#include "aws/xml_text.h"

namespace clarion {

Task<Result<CallerIdentity>> StsClient::get_caller_identity() {
  const auto reply = co_await reader_.call({.content_type = "application/x-www-form-urlencoded; charset=utf-8",
                                            .body = "Action=GetCallerIdentity&Version=2011-06-15"});
  if (!reply) co_return std::unexpected(to_aws_error(reply.error(), "sts:GetCallerIdentity"));
  CallerIdentity identity{.account = find_xml_text(reply->body, "Account"),
                          .arn = find_xml_text(reply->body, "Arn"),
                          .user_id = find_xml_text(reply->body, "UserId")};
  if (identity.account.empty()) {
    co_return fail(
        ErrorKind::Unavailable,
        fmt::format("What answered sts:GetCallerIdentity at {} does not speak like AWS; check the endpoint and "
                    "the proxy.",
                    endpoint_));
  }
  co_return identity;
}

}  // namespace clarion
