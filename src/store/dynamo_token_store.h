#pragma once
// DynamoTokenStore: the TokenStore in the campaigns table.

#include "ports/token_store.h"
#include "store/dynamo_database.h"

namespace clarion {

class DynamoTokenStore final : public TokenStore {
 public:
  // REQUIRES: the database outlives it.
  explicit DynamoTokenStore(DynamoDatabase& database) : database_(database) {}

  Task<Result<void>> create(StoredToken token) override;
  Task<Result<StoredToken>> find(std::string id) override;
  Task<Result<std::vector<StoredToken>>> list() override;
  Task<Result<bool>> revoke(std::string name) override;

 private:
  DynamoDatabase& database_;
};

}  // namespace clarion
