#include "access/token_verifier.h"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <functional>
#include <utility>

#include "access/secret_hash.h"
#include "access/token.h"

namespace clarion {
namespace {

using namespace std::chrono_literals;

std::string_view bytes_of(const Digest& digest) {
  return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

std::unexpected<Error> denied() {
  return fail(ErrorKind::Denied,
              "this token is not known here; check it, or make a new one with `clarion token create`");
}

std::unexpected<Error> too_often(Duration wait) {
  Error error{ErrorKind::Throttled, "too many tokens that are not known here were tried; try again later"};
  error.retry_after = std::chrono::ceil<std::chrono::milliseconds>(wait);
  return std::unexpected(std::move(error));
}

std::unexpected<Error> unavailable(const Error& cause) {
  return fail(ErrorKind::Unavailable, "tokens cannot be checked now, so nobody is let in; try again in a moment",
              cause.message + " " + cause.detail);
}

Task<bool> compute(std::function<bool()> work) {
  co_return work();
}

}  // namespace

TokenVerifier::TokenVerifier(Deps deps, std::string process_token, const Options& options)
    : deps_(deps), options_(options), attempts_(options.attempts) {
  if (!process_token.empty()) process_token_ = sha256(process_token);
}

TokenVerifier::~TokenVerifier() {
  hashing_.join();
}

// One of the few that may wait for the hashing thread; leaves when it ends, however that is.
class TokenVerifier::HashTurn {
 public:
  explicit HashTurn(TokenVerifier& verifier) : verifier_(&verifier) {}
  HashTurn(HashTurn&& other) noexcept : verifier_(std::exchange(other.verifier_, nullptr)) {}
  HashTurn& operator=(HashTurn&&) = delete;
  ~HashTurn() {
    if (verifier_ == nullptr) return;
    const std::lock_guard guard(verifier_->mutex_);
    --verifier_->hashes_waiting_;
  }

 private:
  TokenVerifier* verifier_;
};

Task<Result<Grant>> TokenVerifier::verify(std::string token, std::string client) {
  const Digest digest = sha256(token);
  if (process_token_ && equals_in_constant_time(bytes_of(digest), bytes_of(*process_token_))) {
    co_return Grant{.name = "process", .scopes = ScopeSet::all()};
  }
  // Looking a digest up by its bytes tells nothing of value through its time: nobody can choose a token's digest.
  const TimePoint now = deps_.clock.now();
  if (auto known = find(digest, now)) {
    if (now - known->checked_at <= options_.trust_for) co_return Grant{known->stored.name, known->stored.scopes};
    co_return co_await check_again(digest, std::move(*known));
  }
  co_return co_await check_unknown(digest, std::move(token), std::move(client));
}

Task<Result<Grant>> TokenVerifier::check_again(Digest digest, Remembered known) {
  const TimePoint asked_at = deps_.clock.now();
  const auto stored = co_await deps_.tokens.find(known.stored.id);
  if (!stored && stored.error().kind != ErrorKind::NotFound) co_return unavailable(stored.error());
  if (!stored || stored->secret_hash != known.stored.secret_hash) {
    forget(digest);
    co_return denied();
  }
  remember(digest, *stored, asked_at);
  co_return Grant{stored->name, stored->scopes};
}

Task<Result<Grant>> TokenVerifier::check_unknown(Digest digest, std::string token, std::string client) {
  const TimePoint now = deps_.clock.now();
  const auto parts = split_token(token);
  if (!parts) co_return refuse(now, client);
  const auto stored = co_await deps_.tokens.find(std::string(parts->id));
  if (!stored && stored.error().kind == ErrorKind::NotFound) co_return refuse(now, client);
  if (!stored) co_return unavailable(stored.error());

  const auto turn = take_turn(now, client, stored->id);
  if (!turn) co_return too_often(turn.error());
  const auto hash = [this, digest, now, secret = std::string(parts->secret), known = *stored] {
    // Another request with the same token may have been before us in the queue.
    if (find(digest, now)) return true;
    if (!matches_hash(secret, known.secret_hash)) return false;
    remember(digest, known, now);
    return true;
  };
  // A client that goes away does not end the hash: it is the thread that is scarce, and the answer is worth keeping.
  const bool is_right =
      co_await asio::co_spawn(hashing_.get_executor(), compute(hash),
                              asio::bind_cancellation_slot(asio::cancellation_slot(), asio::use_awaitable));
  if (!is_right) co_return denied();
  const std::lock_guard guard(mutex_);
  attempts_.give_back(deps_.clock.now(), client, stored->id);
  co_return Grant{stored->name, stored->scopes};
}

std::unexpected<Error> TokenVerifier::refuse(TimePoint now, std::string_view client) {
  const std::lock_guard guard(mutex_);
  const Duration wait = attempts_.charge(now, client);
  return wait > Duration::zero() ? too_often(wait) : denied();
}

std::expected<TokenVerifier::HashTurn, Duration> TokenVerifier::take_turn(TimePoint now, std::string_view client,
                                                                          std::string_view id) {
  const std::lock_guard guard(mutex_);
  if (hashes_waiting_ >= options_.waiting_hashes) return std::unexpected(Duration(1s));
  Duration wait = attempts_.charge(now, client, id);
  if (wait == Duration::zero()) wait = attempts_.charge_hash(now);
  if (wait > Duration::zero()) return std::unexpected(wait);
  ++hashes_waiting_;
  return HashTurn(*this);
}

std::optional<TokenVerifier::Remembered> TokenVerifier::find(const Digest& digest, TimePoint now) {
  const std::lock_guard guard(mutex_);
  const auto found = remembered_.find(digest);
  if (found == remembered_.end()) return std::nullopt;
  found->second.used_at = now;
  return found->second;
}

void TokenVerifier::remember(const Digest& digest, const StoredToken& stored, TimePoint now) {
  const std::lock_guard guard(mutex_);
  if (!remembered_.contains(digest) && remembered_.size() >= options_.remembered) {
    remembered_.erase(
        std::ranges::min_element(remembered_, {}, [](const auto& entry) { return entry.second.used_at; }));
  }
  remembered_.insert_or_assign(digest, Remembered{.stored = stored, .checked_at = now, .used_at = now});
}

void TokenVerifier::forget(const Digest& digest) {
  const std::lock_guard guard(mutex_);
  remembered_.erase(digest);
}

}  // namespace clarion
