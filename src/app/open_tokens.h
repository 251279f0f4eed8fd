#pragma once
// OpenTokens: the token store as commands use it, whether or not a server runs.

#include <memory>
#include <string>
#include <vector>

#include "app/settings.h"
#include "base/result.h"
#include "ports/token_store.h"

namespace clarion {

class OpenTokens {
 public:
  // SQLite: makes the data directory when it is not there; writes beside the process that has it otherwise, which sees
  // what changes within the time that a verifier trusts (access/token_verifier.h). DynamoDB: the campaigns table.
  static Result<std::unique_ptr<OpenTokens>> open(const Settings& settings);
  // NotFound where there is no database yet.
  static Result<std::unique_ptr<OpenTokens>> open_to_read(const Settings& settings);
  virtual ~OpenTokens() = default;

  // Each waits for the answer.
  virtual Result<void> create(StoredToken token) = 0;
  virtual Result<std::vector<StoredToken>> list() = 0;
  virtual Result<bool> revoke(std::string name) = 0;
};

}  // namespace clarion
