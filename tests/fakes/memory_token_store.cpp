#include "fakes/memory_token_store.h"

#include <algorithm>

#include "fakes/memory_ledger.h"

namespace clarion::testing {

Task<Result<void>> MemoryTokenStore::create(StoredToken token) {
  co_await yield_once();
  if (outage) co_return std::unexpected(*outage);
  const bool is_known = std::ranges::any_of(tokens_, [&](const auto& entry) { return entry.second.id == token.id; });
  if (is_known || !tokens_.try_emplace(token.name, token).second) {
    co_return fail(ErrorKind::Conflict, "there is a token named '" + token.name + "' already");
  }
  co_return Result<void>{};
}

Task<Result<StoredToken>> MemoryTokenStore::find(std::string id) {
  co_await yield_once();
  ++finds;
  if (outage) co_return std::unexpected(*outage);
  for (const auto& [name, token] : tokens_) {
    if (token.id == id) co_return token;
  }
  co_return fail(ErrorKind::NotFound, "there is no such token");
}

Task<Result<std::vector<StoredToken>>> MemoryTokenStore::list() {
  co_await yield_once();
  if (outage) co_return std::unexpected(*outage);
  std::vector<StoredToken> all;
  for (const auto& [name, token] : tokens_) all.push_back(token);
  co_return all;
}

Task<Result<bool>> MemoryTokenStore::revoke(std::string name) {
  co_await yield_once();
  if (outage) co_return std::unexpected(*outage);
  co_return tokens_.erase(name) > 0;
}

}  // namespace clarion::testing
