#pragma once
// SqliteConsentLog: the ConsentLog in clarion.db. No process remembers anything of its table, so an import may write to
// it beside a server (OpenMode::Beside).

#include <cstdint>
#include <string_view>

#include "ports/consent_log.h"
#include "store/sqlite_database.h"

namespace clarion {

// What its index holds of a subject. Entries of many subjects that come in this order touch each page of it once; in
// any other, nearly every page with every write.
[[nodiscard]] std::int64_t subject_hash(std::string_view subject);

class SqliteConsentLog final : public ConsentLog {
 public:
  // REQUIRES: the database outlives it.
  explicit SqliteConsentLog(SqliteDatabase& database) : database_(database) {}

  Task<Result<void>> append(std::vector<ConsentEntry> entries) override;
  Task<Result<std::vector<ConsentEntry>>> list(std::vector<std::string> subjects) override;

 private:
  SqliteDatabase& database_;
};

}  // namespace clarion
