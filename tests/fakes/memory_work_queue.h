#pragma once
// MemoryWorkQueue: the WorkQueue of one test; time is its clock's.

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "ports/work_queue.h"

namespace clarion::testing {

class MemoryWorkQueue final : public WorkQueue {
 public:
  explicit MemoryWorkQueue(Clock& clock) : clock_(clock) {}

  Task<Result<void>> announce(std::vector<Announcement> announcements) override;
  Task<Result<std::vector<HeldReference>>> receive(std::size_t most, std::chrono::seconds wait) override;
  Task<std::vector<Result<void>>> extend(std::vector<std::string> receipts) override;
  Task<Result<void>> finish(std::vector<std::string> receipts) override;
  Task<Result<void>> give_back(std::vector<std::string> receipts) override;
  Task<Result<WorkQueueDepth>> depth() override;

  // "1 sms 0 waiting; 1 sms 2 held; 1 email 0 in 300 s", sorted.
  [[nodiscard]] std::string text() const;

  std::optional<Error> error;  // of every call, while it is set

 private:
  struct Message {
    WorkReference work;
    std::string receipt;       // of the last time it was received; empty: never
    TimePoint visible_at{};    // to whoever receives
    bool is_received = false;  // and not given back
  };
  [[nodiscard]] Message* find_held(const std::string& receipt);

  Clock& clock_;
  std::vector<Message> messages_;
  int receipts_ = 0;
};

}  // namespace clarion::testing
