#pragma once
// A token as its holder knows it: "clarion_<id>_<secret>".
//
// The id (60 random bits) finds the stored row and is no secret; the secret is 32 random bytes in base64url. The first
// word lets scanners of leaked secrets recognise it.

#include <optional>
#include <string>
#include <string_view>

#include "access/secret_hash.h"
#include "base/clock.h"
#include "base/result.h"
#include "ports/token_store.h"

namespace clarion {

struct IssuedToken {
  std::string text;  // shown once, kept nowhere
  StoredToken stored;
};
// Makes a new token. Invalid when the name is not 1 to 64 letters, digits, '.', '_' or '-', or there is no scope. Takes
// as long as hash_secret.
[[nodiscard]] Result<IssuedToken> issue_token(std::string name, ScopeSet scopes, WallTime now,
                                              const ScryptCost& cost = {});

struct TokenParts {
  std::string_view id;
  std::string_view secret;
};
// The parts of `text`; nullopt when it cannot be a token of ours.
[[nodiscard]] std::optional<TokenParts> split_token(std::string_view text);

// A token that no store knows: for the commands of this machine to the one process that made it.
[[nodiscard]] std::string make_process_token();

}  // namespace clarion
