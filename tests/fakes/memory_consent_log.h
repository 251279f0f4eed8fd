#pragma once
// MemoryConsentLog: the ConsentLog in a vector.

#include <algorithm>
#include <functional>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include "ports/consent_log.h"

namespace clarion::testing {

class MemoryConsentLog final : public ConsentLog {
 public:
  Task<Result<void>> append(std::vector<ConsentEntry> entries) override {
    if (failure) co_return std::unexpected(*failure);
    std::ranges::move(entries, std::back_inserter(entries_));
    if (auto other = std::exchange(after_append, {})) co_await other();
    co_return Result<void>();
  }
  Task<Result<std::vector<ConsentEntry>>> list(std::vector<std::string> subjects) override {
    std::vector<ConsentEntry> found;
    for (const ConsentEntry& one : entries_) {
      if (std::ranges::find(subjects, one.subject) != subjects.end()) found.push_back(one);
    }
    if (auto other = std::exchange(after_list, {})) co_await other();
    co_return found;
  }

  std::optional<Error> failure;  // of every append
  // What somebody else does before the next of these calls returns; once.
  std::function<Task<void>()> after_append;
  std::function<Task<void>()> after_list;

 private:
  std::vector<ConsentEntry> entries_;
};

}  // namespace clarion::testing
