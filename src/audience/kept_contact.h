#pragma once
// KeptContactReader: a contact that an earlier import wrote, read only as far as the next import must know it.
//
// The rules for new rows are not asked: who no longer passes them, because data about phone numbers has changed or a
// rule has, is still somebody who may have opted out.

#include <string_view>

#include "audience/contact_draft.h"
#include "audience/json_contact.h"
#include "base/result.h"

namespace clarion {

class KeptContactReader {
 public:
  KeptContactReader() : parser_([](std::string_view) {}) {}
  // A contact of which id and consent are set and nothing else; it lives until the next call. Invalid, with the reason:
  // it is no JSON object, or id or consent of it cannot be read. `padded_bytes` as in JsonContactParser.
  [[nodiscard]] Result<const Contact*> read(std::string_view json, std::size_t padded_bytes = 0);
  // Who has opted out, for those who send to a list: the channels opted out of, with the address of each where it can
  // be used. Of the other channels it says nothing, so nobody is written to because of it. It lives until the next
  // call; null when nobody has, or that cannot be read.
  [[nodiscard]] const Contact* read_opted_out(std::string_view json, std::size_t padded_bytes = 0);

 private:
  ContactDraft draft_;
  JsonContactParser parser_;
};

}  // namespace clarion
