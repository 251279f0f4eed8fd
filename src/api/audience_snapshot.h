#pragma once
// AudienceSnapshot: the contacts at one moment, the words in which sentences may speak of them, how they respond, and
// what a message to them costs.

#include <memory>
#include <string>

#include "audience/contact_table.h"

namespace clarion {

class PriceTable;
class ResponseModel;
class Vocabulary;

// Immutable; a handler keeps it for as long as it uses anything of it.
struct AudienceSnapshot {
  std::shared_ptr<const ContactTable> contacts;
  std::shared_ptr<const Vocabulary> vocabulary;
  std::shared_ptr<const ResponseModel> responses;  // learned from these contacts
  std::shared_ptr<const PriceTable> prices;
  std::string source;  // where the contacts were read from, for people
};

}  // namespace clarion
