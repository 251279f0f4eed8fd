#include "aws/credentials_chain.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "base/log.h"

namespace clarion {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

// Instances publish new keys at least 5 minutes before the old expire, so asking much earlier would give the same.
constexpr milliseconds lead = minutes(5);
constexpr milliseconds lead_jitter = minutes(1);
// Short-lived keys, and keys that came back unchanged, must not be asked for at every call.
constexpr milliseconds least_between = minutes(1);
constexpr milliseconds hold_while_usable = seconds(30);
constexpr milliseconds hold_without = seconds(5);

std::string mask_key_id(std::string_view id) {
  return id.size() < 8 ? "****" : "****" + std::string(id.substr(id.size() - 4));
}

}  // namespace

CredentialsChain::CredentialsChain(Deps deps) : deps_(std::move(deps)), random_(deps_.seed) {}

bool CredentialsChain::is_usable() const {
  return current_ && !is_refused_ && (!current_->expires_at || deps_.clock.wall_now() < *current_->expires_at);
}

bool CredentialsChain::is_refresh_due() const {
  return current_ && current_->expires_at && deps_.clock.wall_now() >= refresh_at_ && deps_.clock.now() >= not_before_;
}

const AwsCredentials* CredentialsChain::ready() const {
  return is_usable() && (is_refreshing_ || !is_refresh_due()) ? &current_->keys : nullptr;
}

Task<Result<AwsCredentials>> CredentialsChain::get() {
  // Ends: a refresh either gives usable keys that are not due, or a failure that holds for a while.
  for (;;) {
    if (const AwsCredentials* keys = ready()) co_return *keys;
    if (is_refreshing_) {
      co_await waiting_.wait();
      continue;
    }
    if (!is_usable() && failure_ && deps_.clock.now() < not_before_) co_return std::unexpected(*failure_);
    co_await refresh();
  }
}

void CredentialsChain::expire(const AwsCredentials& refused) {
  // Those who come later with the same refusal find other keys here already.
  if (is_refused_ || !current_ || current_->keys != refused) return;
  is_refused_ = true;
  failure_.reset();
  not_before_ = {};
}

Task<Result<IssuedCredentials>> CredentialsChain::ask() {
  using Step = Task<CredentialsAnswer> (*)(CredentialsContext);
  constexpr std::array<Step, 6> steps{&environment_credentials, &role_credentials,      &web_identity_credentials,
                                      &profile_credentials,     &container_credentials, &instance_credentials};
  const auto config = AwsConfig::read(deps_.sources);
  if (!config) co_return std::unexpected(config.error());
  for (const Step step : steps) {
    auto answer = co_await step({*config, deps_.transport, deps_.clock});
    if (!answer) co_return std::unexpected(std::move(answer.error()));
    if (*answer) co_return std::move(**answer);
  }
  if (current_) {
    co_return fail(ErrorKind::Unavailable,
                   fmt::format("The AWS credentials came from {}, which gives none any more.", current_->source));
  }
  co_return fail(ErrorKind::Denied,
                 "No AWS credentials were found: attach a role to the task or instance, or set AWS_PROFILE, or set "
                 "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.");
}

Task<void> CredentialsChain::refresh() {
  // Also when cancelled: somebody else takes over then.
  struct Turn {
    CredentialsChain& chain;
    explicit Turn(CredentialsChain& owner) : chain(owner) { chain.is_refreshing_ = true; }
    Turn(const Turn&) = delete;
    Turn& operator=(const Turn&) = delete;
    ~Turn() {
      chain.is_refreshing_ = false;
      chain.waiting_.wake_all();
    }
  };
  const Turn turn(*this);
  auto issued = co_await ask();
  if (!issued) {
    hold_back(std::move(issued.error()));
  } else if (is_refused_ && issued->keys == current_->keys) {
    hold_back({ErrorKind::Denied,
               fmt::format("AWS refused the credentials of {} as expired; renew them there.", issued->source)});
  } else if (issued->expires_at && *issued->expires_at <= deps_.clock.wall_now()) {
    hold_back({ErrorKind::Denied, fmt::format("The AWS credentials of {} expired at {}; renew them there.",
                                              issued->source, format_iso8601(*issued->expires_at))});
  } else {
    take(std::move(*issued));
  }
}

void CredentialsChain::take(IssuedCredentials issued) {
  const WallTime now = deps_.clock.wall_now();
  if (issued.expires_at) {
    const milliseconds jitter(random_.below(static_cast<std::uint64_t>(lead_jitter.count())));
    refresh_at_ = std::max(*issued.expires_at - lead - jitter, now + least_between);
  }
  if (!current_ || current_->keys != issued.keys) {
    log_info("aws_credentials_taken", {{"source", std::string_view(issued.source)},
                                       {"access_key_id", std::string_view(mask_key_id(issued.keys.access_key_id))}});
  }
  current_ = std::move(issued);
  is_refused_ = false;
  failure_.reset();
  not_before_ = {};
}

void CredentialsChain::hold_back(Error error) {
  milliseconds hold = hold_without;
  if (is_usable()) {
    log_warn("aws_credentials_refresh_failed", {{"error", std::string_view(error.message)}});
    // Never beyond the end of what is usable: the last moment before it must not be wasted.
    const milliseconds jitter(random_.below(static_cast<std::uint64_t>(hold_while_usable.count())));
    hold =
        std::min(hold_while_usable + jitter, std::max(*current_->expires_at - deps_.clock.wall_now(), milliseconds(1)));
  }
  not_before_ = deps_.clock.now() + hold;
  failure_ = std::move(error);
}

std::optional<CredentialsDescription> CredentialsChain::describe() const {
  if (!current_) return std::nullopt;
  return CredentialsDescription{.source = current_->source,
                                .access_key_id = mask_key_id(current_->keys.access_key_id),
                                .expires_at = current_->expires_at};
}

}  // namespace clarion
