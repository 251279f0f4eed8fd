#pragma once
// AudienceSnapshot: the contacts at one moment, the words in which sentences may speak of them, and how they respond.

#include <memory>
#include <string>

#include "audience/contact_table.h"

namespace clarion {

class ResponseModel;
class Vocabulary;

// Immutable; a handler keeps it for as long as it uses anything of it.
struct AudienceSnapshot {
  std::shared_ptr<const ContactTable> contacts;
  std::shared_ptr<const Vocabulary> vocabulary;
  std::shared_ptr<const ResponseModel> responses;  // learned from these contacts
  std::string source;                              // where the contacts were read from, for people
};

}  // namespace clarion
