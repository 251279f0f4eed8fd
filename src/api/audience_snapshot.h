#pragma once
// AudienceSnapshot: the contacts at one moment, the words in which sentences may speak of them, how they respond, and
// what a message to them costs, and on which channels one can be sent.

#include <memory>
#include <string>

#include "audience/contact_table.h"
#include "domain/channel.h"

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
  PerChannel<bool> set_up{{true, true, true}};  // this installation has a sender for the channel
  std::string source;                           // where the contacts were read from, for people
};

}  // namespace clarion
