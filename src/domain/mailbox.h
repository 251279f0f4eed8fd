#pragma once
// Mailboxes as people write them in a header: an address, or a name and an address in angle brackets (RFC 5322 section 3.4).

#include <string_view>

namespace clarion {

// "Shop <news@example.com>" -> "news@example.com", a view into it; what has no brackets at its end is the address itself.
[[nodiscard]] constexpr std::string_view address_in_mailbox(std::string_view mailbox) {
  const auto open = mailbox.rfind('<');
  if (open == std::string_view::npos || !mailbox.ends_with('>')) return mailbox;
  return mailbox.substr(open + 1, mailbox.size() - open - 2);
}

}  // namespace clarion
