#pragma once
// MemoryConsentLog: the ConsentLog in a vector.

#include <algorithm>
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
    co_return Result<void>();
  }
  Task<Result<std::vector<ConsentEntry>>> list(std::vector<std::string> subjects) override {
    std::vector<ConsentEntry> found;
    for (const ConsentEntry& one : entries_) {
      if (std::ranges::find(subjects, one.subject) != subjects.end()) found.push_back(one);
    }
    co_return found;
  }

  std::optional<Error> failure;  // of every append

 private:
  std::vector<ConsentEntry> entries_;
};

}  // namespace clarion::testing
