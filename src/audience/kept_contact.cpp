#include "audience/kept_contact.h"

namespace clarion {

Result<const Contact*> KeptContactReader::read(std::string_view json, std::size_t padded_bytes) {
  draft_.clear();
  if (!parser_.read_kept(json, padded_bytes, draft_)) return fail(ErrorKind::Invalid, draft_.error().reason);
  if (draft_.contact().id.empty()) return fail(ErrorKind::Invalid, "id is missing");
  return &draft_.contact();
}

}  // namespace clarion
