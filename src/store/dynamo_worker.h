#pragma once
// DynamoWorker: one process among those that send, and who else is still alive.
//
// Lease    an item of its own that says a number, which this worker raises every few seconds. Whoever sees the same
//          number for the whole length of a lease, by its own steady clock, may delete the item: then that worker is
//          dead for all, and finds out when it next tries to raise its number. No two clocks are compared.
// Names    a worker has a name that survives its restart. A process that starts under a name ends the one before it.
// Errors   Conflict: this worker has been declared dead; it must stop sending. Unavailable: its lease could not be
//          renewed in time.
// Threads  the database's executor.

#include <map>
#include <optional>
#include <string>

#include "base/alarm.h"
#include "store/dynamo_database.h"

namespace clarion {

class DynamoWorker {
 public:
  // `instance` differs from that of every other process.
  DynamoWorker(DynamoDatabase& database, std::string name, std::string instance);

  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] const std::string& instance() const { return instance_; }

  // The lease is good for some while from now. Renews it when that is needed.
  Task<Result<void>> keep_alive();
  // The lease as it is in the table: for who has reason to think that it was taken away.
  Task<Result<void>> check();
  // Whether the worker of that name has ended. Its lease is gone then.
  Task<Result<bool>> is_dead(std::string name);
  // Whether that very process has not ended, as far as can be known.
  Task<Result<bool>> is_alive(std::string name, std::string instance);
  // Keeps the lease until cancelled: for a process whose sends may take longer than a lease.
  Task<void> run();
  // Gives the lease up, so that others need not wait for its end.
  Task<Result<void>> end();

  static constexpr Duration lease = std::chrono::seconds(30);

 private:
  struct Seen {
    std::int64_t beat = 0;
    std::string instance;
    TimePoint since{};
    TimePoint read_at{};
    bool is_gone = false;
  };
  Task<Result<void>> renew();

  DynamoDatabase& database_;
  std::string name_;
  std::string instance_;
  std::int64_t beat_ = 0;  // 0: no lease yet
  TimePoint renewed_at_{};
  bool is_declared_dead_ = false;
  bool is_renewing_ = false;
  WaitList renewals_;
  std::map<std::string, Seen> seen_;
};

}  // namespace clarion
