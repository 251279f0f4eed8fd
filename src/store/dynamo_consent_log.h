#pragma once
// DynamoConsentLog: the ConsentLog in the campaigns table.
//
// Items  pk = consent#<subject>, sk = <when it was recorded>#<hash of what it holds>: what one append() tells of one
//        subject is one item, so that a contact of an import costs one write; the same again is the same item.

#include "ports/consent_log.h"
#include "store/dynamo_database.h"

namespace clarion {

class DynamoConsentLog final : public ConsentLog {
 public:
  // REQUIRES: the database outlives it.
  explicit DynamoConsentLog(DynamoDatabase& database) : database_(database) {}

  Task<Result<void>> append(std::vector<ConsentEntry> entries) override;
  Task<Result<std::vector<ConsentEntry>>> list(std::vector<std::string> subjects) override;

 private:
  DynamoDatabase& database_;
};

}  // namespace clarion
