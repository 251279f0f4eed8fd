#pragma once
// JsonContactParser: one JSON object into a ContactDraft.

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "audience/contact_draft.h"

namespace clarion {

class JsonContactParser {
 public:
  // `ignore` is told the name of each member that means nothing; it may be told the same name again.
  explicit JsonContactParser(std::function<void(std::string_view)> ignore);
  ~JsonContactParser();
  // False: draft.error() says why. `padded_bytes` bytes from element.data() may be read; with enough of them beyond
  // the element no copy is made.
  [[nodiscard]] bool parse(std::string_view element, std::size_t padded_bytes, ContactDraft& draft);
  // Only the members of the object, into a draft that was begun and will be finished elsewhere.
  [[nodiscard]] bool read_members(std::string_view element, std::size_t padded_bytes, ContactDraft& draft);
  // Of a row that was taken earlier only the id and the consent, or these and the addresses as they stand there; whatever
  // else is in it, right or wrong, is passed over.
  [[nodiscard]] bool read_kept(std::string_view element, std::size_t padded_bytes, ContactDraft& draft,
                               bool with_addresses = false);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace clarion
