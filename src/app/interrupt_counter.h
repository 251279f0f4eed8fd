#pragma once
// InterruptCounter: Ctrl-C asks a command to come to an orderly end instead of ending it at once.
//
// Threads  one at a time in a process: signals belong to the process.

namespace clarion {

// While it lives, SIGINT and SIGTERM are counted; the second has its usual effect.
class InterruptCounter {
 public:
  InterruptCounter();
  ~InterruptCounter();
  InterruptCounter(const InterruptCounter&) = delete;
  InterruptCounter& operator=(const InterruptCounter&) = delete;
  [[nodiscard]] static bool is_interrupted();
};

}  // namespace clarion
