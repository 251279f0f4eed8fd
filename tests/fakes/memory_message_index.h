#pragma once
// MemoryMessageIndex: the MessageIndex in a map.

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "ports/message_index.h"

namespace clarion::testing {

class MemoryMessageIndex final : public MessageIndex {
 public:
  Task<Result<void>> add(std::vector<IndexedMessage> messages) override {
    if (failure) co_return std::unexpected(*failure);
    for (IndexedMessage& one : messages) messages_.insert_or_assign(std::move(one.message_id), one.delivery);
    co_return Result<void>();
  }
  Task<Result<std::map<std::string, DeliveryId>>> find(std::vector<std::string> message_ids) override {
    if (failure) co_return std::unexpected(*failure);
    std::map<std::string, DeliveryId> found;
    for (const std::string& id : message_ids) {
      if (const auto known = messages_.find(id); known != messages_.end()) found.insert(*known);
    }
    co_return found;
  }

  std::optional<Error> failure;

 private:
  std::map<std::string, DeliveryId> messages_;
};

}  // namespace clarion::testing
