#pragma once
// Payload: what a planned delivery keeps of its content until it is sent.
//
// Format  one letter and length-prefixed fields ("v3:Ana9:Bengaluru"), readable in the ledger and cheap to read:
//         v  the contact's values, in the order in which the campaign's template uses them
//         s, w, e  a literal SMS, WhatsApp or email message, of an explicit list; it is sent as it is

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "domain/message.h"

namespace clarion {

inline constexpr char values_payload = 'v';

void append_field(std::string_view field, std::string& payload);

// Reads the fields of one payload in order.
class FieldReader {
 public:
  // REQUIRES: `fields` outlives the views that are returned.
  explicit FieldReader(std::string_view fields) : rest_(fields) {}
  // nullopt at the end, and when what follows is not a field.
  std::optional<std::string_view> next();
  [[nodiscard]] bool is_at_end() const { return rest_.empty(); }

 private:
  std::string_view rest_;
};

[[nodiscard]] std::string write_literal_payload(const MessageBody& body);
// Invalid when it is not a literal payload of `channel`.
[[nodiscard]] Result<MessageBody> read_literal_payload(Channel channel, std::string_view payload);

}  // namespace clarion
