#include "base/task_group.h"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/system/system_error.hpp>

#include <exception>
#include <list>

#include "base/alarm.h"
#include "base/log.h"

namespace clarion {

struct TaskGroup::State {
  std::list<asio::cancellation_signal> running;
  WaitList joiners;
};

namespace {

void report(const std::exception_ptr& failure) {
  if (!failure) return;
  try {
    std::rethrow_exception(failure);
  } catch (const boost::system::system_error& error) {
    if (error.code() == asio::error::operation_aborted) return;
    log_error("task_failed", {{"error", std::string_view(error.what())}});
  } catch (const std::exception& error) {
    log_error("task_failed", {{"error", std::string_view(error.what())}});
  }
}

}  // namespace

TaskGroup::TaskGroup() : state_(std::make_shared<State>()) {}

TaskGroup::~TaskGroup() {
  cancel();
}

void TaskGroup::spawn(const asio::any_io_executor& executor, Task<void> task) {
  const auto entry = state_->running.emplace(state_->running.end());
  asio::co_spawn(
      executor, std::move(task),
      asio::bind_cancellation_slot(entry->slot(), [state = state_, entry](const std::exception_ptr& failure) {
        state->running.erase(entry);
        report(failure);
        if (state->running.empty()) state->joiners.wake_all();
      }));
}

void TaskGroup::cancel() {
  // A task may end, and leave the list, while it is being told.
  for (auto entry = state_->running.begin(); entry != state_->running.end();) {
    (entry++)->emit(asio::cancellation_type::terminal);
  }
}

Task<void> TaskGroup::join() {
  const auto state = state_;
  while (!state->running.empty()) co_await state->joiners.wait();
}

std::size_t TaskGroup::size() const {
  return state_->running.size();
}

}  // namespace clarion
