#pragma once
// DynamoSuppressionStore: the SuppressionStore in the campaigns table.

#include "ports/suppression_store.h"
#include "store/dynamo_database.h"

namespace clarion {

class DynamoSuppressionStore final : public SuppressionStore {
 public:
  // REQUIRES: the database outlives it.
  explicit DynamoSuppressionStore(DynamoDatabase& database) : database_(database) {}

  Task<Result<void>> add(std::vector<Suppression> suppressions) override;
  Task<Result<bool>> remove(Release release) override;
  Task<Result<std::vector<Suppression>>> find(Channel channel, std::vector<std::string> addresses) override;
  Task<Result<std::vector<Suppression>>> list() override;

 private:
  DynamoDatabase& database_;
};

}  // namespace clarion
