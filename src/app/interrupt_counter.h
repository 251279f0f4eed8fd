#pragma once
// InterruptCounter: Ctrl-C, SIGTERM or a terminal that closes ask a command to come to an orderly end instead of ending
// it at once.
//
// Threads  one at a time in a process: signals belong to the process.

namespace clarion {

// While it lives, SIGINT, SIGTERM and SIGHUP are counted. A second one does nothing until let_next_end(): pressed twice
// at once, Ctrl-C still ends in order. A third has its usual effect, should what was asked for not come about.
class InterruptCounter {
 public:
  InterruptCounter();
  ~InterruptCounter();
  InterruptCounter(const InterruptCounter&) = delete;
  InterruptCounter& operator=(const InterruptCounter&) = delete;
  [[nodiscard]] static bool is_interrupted();
  // What the first asked for is on record: the next one has its usual effect.
  static void let_next_end();
};

}  // namespace clarion
