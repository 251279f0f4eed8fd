#pragma once
// DynamoImportLease: one import at a time into the contacts table, one item of it.
//
// Lease    whoever imports raises a number in the item every few seconds. Who sees the same number for the length of a
//          lease, by its own steady clock, takes over; the one before finds out when it next raises its number.
// Errors   Conflict: another import is under way, or has taken over from this one, which must stop writing. Others as
//          DynamoDatabase.
// Threads  call from any executor; it works on the database's.

#include <cstdint>
#include <string>

#include "store/dynamo_database.h"

namespace clarion {

class DynamoImportLease {
 public:
  // `instance` differs from that of every other import. REQUIRES: the database outlives it.
  DynamoImportLease(DynamoDatabase& database, std::string instance)
      : database_(database), instance_(std::move(instance)) {}

  // Waits while nobody knows whether the import that has it goes on: a lease at most.
  Task<Result<void>> take();
  // It is held for long enough to write a batch. Renews it when that is needed. REQUIRES: take() has succeeded.
  Task<Result<void>> keep();
  // For the next import, which otherwise waits for the end of the lease.
  Task<Result<void>> give_back();

  static constexpr Duration lease = std::chrono::seconds(30);

 private:
  Task<Result<void>> take_here();
  Task<Result<void>> keep_here();
  Task<Result<void>> give_back_here();

  DynamoDatabase& database_;
  std::string instance_;
  std::int64_t beat_ = 0;
  TimePoint renewed_at_{};
};

}  // namespace clarion
