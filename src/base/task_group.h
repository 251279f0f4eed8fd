#pragma once
// TaskGroup: owns background coroutines, so that none outlives what it uses: cancel, join, destroy.
//
// Threads  one executor; all calls from there.

#include <boost/asio/any_io_executor.hpp>

#include <cstddef>
#include <memory>

#include "base/task.h"

namespace clarion {

class TaskGroup {
 public:
  TaskGroup();
  TaskGroup(const TaskGroup&) = delete;
  TaskGroup& operator=(const TaskGroup&) = delete;
  ~TaskGroup();  // tasks still running are cancelled, not awaited

  // Runs `task` until it ends. An exception other than its cancellation is a bug: it is logged and ends that task only.
  void spawn(const asio::any_io_executor& executor, Task<void> task);
  // Asks every task to end: what it awaits fails with operation_aborted.
  void cancel();
  // Returns when every task has ended. REQUIRES: no task of this group awaits it.
  Task<void> join();
  [[nodiscard]] std::size_t size() const;

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace clarion
