#pragma once
// SqliteResponseLog: the ResponseLog in clarion.db. Works on a database opened ReadOnly too.
//
// Cost     reads the campaign's events once, in the order of their key: about 1 s for a million. The first call after a
//          plan is complete also reads the plan, 0.3 s more; it never changes, so that what it costs is kept.
// Threads  call from any executor.

#include <memory>

#include "ports/response_log.h"
#include "store/sqlite_database.h"

namespace clarion {

class SqliteResponseLog final : public ResponseLog {
 public:
  // REQUIRES: the database outlives it.
  explicit SqliteResponseLog(SqliteDatabase& database);

  Task<Result<PerChannel<ChannelResponse>>> responses(CampaignNumber campaign) override;

 private:
  class Estimates;

  SqliteDatabase& database_;
  std::shared_ptr<Estimates> estimates_;  // shared with reads under way
};

}  // namespace clarion
