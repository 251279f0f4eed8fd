#pragma once
// TokenStore: who may use the API. It keeps what a token is checked against, never the token.

#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "base/task.h"
#include "domain/scope.h"

namespace clarion {

struct StoredToken {
  std::string id;    // the part of the token that is no secret
  std::string name;  // for people; unique
  ScopeSet scopes;
  std::string secret_hash;  // with its parameters: access/secret_hash.h
  WallTime created_at{};
};

class TokenStore {
 public:
  virtual ~TokenStore() = default;
  // Conflict when the name is taken (or, which chance forbids, the id).
  virtual Task<Result<void>> create(StoredToken token) = 0;
  virtual Task<Result<StoredToken>> find(std::string id) = 0;  // NotFound
  virtual Task<Result<std::vector<StoredToken>>> list() = 0;   // by name
  // Forgets the token of that name, which is free again then. False: there was none.
  virtual Task<Result<bool>> revoke(std::string name) = 0;
};

}  // namespace clarion
