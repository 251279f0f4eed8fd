#pragma once
// TokenVerifier: whether a token that is presented is right, and what it allows.
//
// Cost      the slow hash is paid once per token and process: a token that was right is remembered by its SHA-256, and
//           asked after in the store again every `trust_for`. So a revoked one stops within that time.
// Limits    who is wrong is charged for it (attempt_limit.h); hashes run one at a time on a thread of their own and few
//           may wait, so that wrong tokens stall nobody whose token is remembered.
// Errors    Denied (wrong, or revoked), Throttled with retry_after, Unavailable (the store does not answer: fails
//           closed).
// Threads   verify() from any executor; the Task resumes on the caller's.

#include <boost/asio/thread_pool.hpp>

#include <expected>
#include <map>
#include <mutex>
#include <optional>
#include <string>

#include "access/attempt_limit.h"
#include "access/digest.h"
#include "base/clock.h"
#include "base/result.h"
#include "base/task.h"
#include "ports/token_store.h"

namespace clarion {

// Who asks, and what they may do.
struct Grant {
  std::string name;  // of the token; for logs
  ScopeSet scopes;
};

class TokenVerifier {
 public:
  struct Options {
    std::chrono::milliseconds trust_for{2'000};
    std::size_t remembered = 1024;    // tokens; beyond that the one used longest ago is forgotten
    std::size_t waiting_hashes = 16;  // at once; the next is Throttled
    AttemptLimit::Policy attempts = {};
  };
  struct Deps {
    TokenStore& tokens;
    Clock& clock;
  };
  // `process_token` is right and allows everything; empty: there is none.
  TokenVerifier(Deps deps, std::string process_token, const Options& options);
  TokenVerifier(Deps deps, std::string process_token) : TokenVerifier(deps, std::move(process_token), Options()) {}
  ~TokenVerifier();  // waits for the hash under way. REQUIRES: no verify() is under way
  TokenVerifier(const TokenVerifier&) = delete;
  TokenVerifier& operator=(const TokenVerifier&) = delete;

  // `client` is the address the request came from.
  Task<Result<Grant>> verify(std::string token, std::string client);

 private:
  struct Remembered {
    StoredToken stored;
    TimePoint checked_at{};
    TimePoint used_at{};
  };
  class HashTurn;

  Task<Result<Grant>> check_again(Digest digest, Remembered known);
  Task<Result<Grant>> check_unknown(Digest digest, std::string token, std::string client);
  // A turn at the slow hash, or how long to wait for one.
  [[nodiscard]] std::expected<HashTurn, Duration> take_turn(TimePoint now, std::string_view client,
                                                            std::string_view id);
  // Denied, or Throttled when this client is wrong too often.
  [[nodiscard]] std::unexpected<Error> refuse(TimePoint now, std::string_view client);
  [[nodiscard]] std::optional<Remembered> find(const Digest& digest, TimePoint now);
  void remember(const Digest& digest, const StoredToken& stored, TimePoint now);
  void forget(const Digest& digest);

  Deps deps_;
  std::optional<Digest> process_token_;
  Options options_;

  std::mutex mutex_;
  std::map<Digest, Remembered> remembered_;  // guarded by mutex_, like the two below
  AttemptLimit attempts_;
  std::size_t hashes_waiting_ = 0;

  asio::thread_pool hashing_{1};
};

}  // namespace clarion
