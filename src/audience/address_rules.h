#pragma once
// Phone numbers and mailboxes: what a message can be sent to.
//
// Phones  libphonenumber decides; a number that is surely valid as it stands (phone_shapes.h) is not even parsed.
// Email   the part of RFC 5321 that real mailboxes use: no quoted or non-ASCII local part, no address literals.

#include <string>
#include <string_view>

#include "base/result.h"

namespace clarion {

// `text` as E.164 ("+14255550156"). A number without country code is read as one of `country` (alpha-2, may be
// empty). Invalid: one sentence that says why, without the number.
[[nodiscard]] Result<std::string> read_phone(std::string_view text, std::string_view country);

// The mailbox with its domain in lower case and, when international, in its ASCII form (IDNA 2008). Invalid: one
// sentence that says why, without the address.
[[nodiscard]] Result<std::string> read_email(std::string_view text);
// True when read_email() would return exactly `text`; much cheaper.
[[nodiscard]] bool is_plain_email(std::string_view text);

}  // namespace clarion
