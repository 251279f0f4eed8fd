#pragma once
// MessageIndex: which delivery a carrier's own message id belongs to, for what comes back without our attempt id:
// replies by SMS, and events of WhatsApp that leave it out.
//
// Errors   Unavailable.
// Threads  call from any executor; the Task resumes on the caller's.

#include <map>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/task.h"
#include "domain/delivery.h"

namespace clarion {

struct IndexedMessage {
  std::string message_id;  // not empty
  DeliveryId delivery{};
};

class MessageIndex {
 public:
  virtual ~MessageIndex() = default;
  // What is known already is written over.
  virtual Task<Result<void>> add(std::vector<IndexedMessage> messages) = 0;
  // What is not known is left out.
  virtual Task<Result<std::map<std::string, DeliveryId>>> find(std::vector<std::string> message_ids) = 0;
};

}  // namespace clarion
