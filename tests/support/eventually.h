#pragma once
// Waiting for what another process does: it is asked again and again.

#include <chrono>
#include <thread>

namespace clarion::testing {

// True as soon as `is_so()` is; false when it has not been for a minute.
template <class Look>
[[nodiscard]] bool eventually(Look is_so) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::minutes(1);
  while (!is_so()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  return true;
}

}  // namespace clarion::testing
