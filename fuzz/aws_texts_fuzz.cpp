// What AWS and the operator's files say: profiles, endpoint addresses, error replies, credentials. No input may crash a
// reader; an address that is taken can be written into a request line; whatever is refused is said without the input.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "aws/aws_caller.h"
#include "aws/aws_config.h"
#include "aws/credentials_steps.h"
#include "aws/service_url.h"
#include "aws/xml_text.h"

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

bool is_printable(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c > ' ' && c < 0x7f; });
}

void read_url(const std::string& text) {
  const auto url = clarion::parse_service_url("X", text);
  if (!url) {
    require(url.error().message == clarion::parse_service_url("X", "").error().message);
    return;
  }
  require(!url->origin.host.empty() && url->origin.port != 0);
  require(is_printable(url->origin.authority()) && is_printable(url->path) && is_printable(url->query));
  require(url->path.empty() || (url->path.starts_with('/') && !url->path.ends_with('/')));
  // Written out and read again it is the same.
  const std::string again = (url->origin.is_tls ? "https://" : "http://") + url->origin.authority() + url->path +
                            (url->query.empty() ? "" : '?' + url->query);
  const auto second = clarion::parse_service_url("X", again);
  require(second && second->origin == url->origin && second->path == url->path && second->query == url->query);
}

void read_sections(const std::string& text) {
  const auto sections = clarion::parse_aws_sections("file", text);
  if (!sections) {
    require(sections.error().message.starts_with("file line ") && sections.error().message.size() < 100);
    return;
  }
  for (const auto& [name, values] : *sections) {
    for (const auto& [key, value] : values) require(!value.contains('\n') && !key.contains('\n'));
  }
}

void read_replies(const std::string& text) {
  for (const int status : {200, 400, 503}) {
    const auto failure = clarion::read_aws_error({status, {{"x-amzn-errortype", text}, {"retry-after", text}}, text});
    require(failure.status == status && (!failure.retry_after || failure.retry_after->count() >= 0));
    require(!clarion::read_aws_error({status, {}, text}).code.empty());
  }
  static_cast<void>(clarion::find_xml_text(text, "Code"));
  const auto issued = clarion::read_json_credentials("place", text);
  require(!issued || (!issued->keys.access_key_id.empty() && !issued->keys.secret_access_key.empty()));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(data, data + size);
  read_url(text);
  read_sections(text);
  read_replies(text);
  return 0;
}
