#include <fmt/format.h>

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include "aws/credentials_steps.h"

namespace clarion {

Result<IssuedCredentials> read_json_credentials(std::string_view from, std::string_view document) {
  boost::system::error_code error;
  const auto parsed = boost::json::parse(document, error);
  const auto* object = error ? nullptr : parsed.if_object();
  const auto member = [object](std::string_view name) {
    const auto* value = object == nullptr ? nullptr : object->if_contains(name);
    return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
  };
  IssuedCredentials issued{.keys = {.access_key_id = member("AccessKeyId"),
                                    .secret_access_key = member("SecretAccessKey"),
                                    .session_token = member("Token")},
                           .expires_at = parse_iso8601(member("Expiration")),
                           .source = std::string(from)};
  if (issued.keys.access_key_id.empty() || issued.keys.secret_access_key.empty()) {
    return fail(ErrorKind::Unavailable, fmt::format("The {} answered without credentials.", from));
  }
  return issued;
}

}  // namespace clarion
