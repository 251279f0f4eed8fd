#pragma once
// MemoryTokenStore: the TokenStore in a map. It can be told not to answer, and counts what it is asked.

#include <map>
#include <optional>

#include "ports/token_store.h"

namespace clarion::testing {

class MemoryTokenStore final : public TokenStore {
 public:
  Task<Result<void>> create(StoredToken token) override;
  Task<Result<StoredToken>> find(std::string id) override;
  Task<Result<std::vector<StoredToken>>> list() override;
  Task<Result<bool>> revoke(std::string name) override;

  std::optional<Error> outage;  // when set, the answer to everything
  int finds = 0;

 private:
  std::map<std::string, StoredToken> tokens_;  // by name
};

}  // namespace clarion::testing
