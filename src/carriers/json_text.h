#pragma once
// JSON text of carriers: requests appended to a buffer without building a document, and what a reply proves.

#include <string>
#include <string_view>

#include "base/json_string.h"
#include "domain/send_outcome.h"

namespace clarion {

// ,"name":"value" - and nothing at all when `value` is empty, since services refuse empty members.
void append_json_member(std::string& out, std::string_view name, std::string_view value);

// {"Name":name,"Value":value}: a header of an email, as SES takes it.
void append_email_header(std::string& out, std::string_view name, std::string_view value);

// The text of a top-level string member of a small reply, such as {"MessageId":"..."}; empty when it has none.
[[nodiscard]] std::string read_json_member(std::string_view document, std::string_view name);

// What a reply with a status of success proves: Accepted with the id in `id_member`, or Ambiguous when there is none,
// since something between us and the carrier may have answered.
[[nodiscard]] SendOutcome read_accepted(std::string_view reply, std::string_view id_member, std::int32_t parts);

}  // namespace clarion
