#pragma once
// SqliteResponseLog: the ResponseLog in clarion.db. Works on a database opened ReadOnly too.
//
// Cost  reads the campaign's events once, in the order of their key: about 1 s for a million.

#include "ports/response_log.h"
#include "store/sqlite_database.h"

namespace clarion {

class SqliteResponseLog final : public ResponseLog {
 public:
  // REQUIRES: the database outlives it.
  explicit SqliteResponseLog(SqliteDatabase& database) : database_(database) {}

  Task<Result<PerChannel<ChannelResponse>>> responses(CampaignNumber campaign) override;

 private:
  SqliteDatabase& database_;
};

}  // namespace clarion
