#include "engine/event_applier.h"

#include <algorithm>
#include <array>

#include "base/log.h"

namespace clarion {
namespace {

constexpr Duration pause_after_failure = std::chrono::seconds(1);

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool contains_word(std::string_view text, std::string_view word) {
  return !std::ranges::search(text, word, {}, lower).empty();
}

// SES says "Transient" and "Undetermined", most others "soft"; everything else is for good.
bool is_temporary(std::string_view detail) {
  constexpr std::array<std::string_view, 3> words{"transient", "soft", "undetermined"};
  return std::ranges::any_of(words, [detail](std::string_view word) { return contains_word(detail, word); });
}

// Mailboxes are kept with their domain in lower case: it is the part that means the same in any case.
std::string normalised(Channel channel, std::string address) {
  if (channel != Channel::Email) return address;
  if (const auto at = address.rfind('@'); at != std::string::npos) {
    std::transform(address.begin() + static_cast<std::ptrdiff_t>(at), address.end(),
                   address.begin() + static_cast<std::ptrdiff_t>(at), lower);
  }
  return address;
}

}  // namespace

std::string_view suppression_reason(const DeliveryEvent& event) {
  switch (event.kind) {
    case DeliveryEventKind::OptedOut: return "opt_out";
    case DeliveryEventKind::Complained: return "complaint";
    case DeliveryEventKind::Bounced: return is_temporary(event.detail) ? "" : "hard_bounce";
    default: return "";
  }
}

Task<Result<void>> EventApplier::suppress(const std::vector<DeliveryEvent>& events) {
  std::vector<Suppression> suppressions;
  for (const DeliveryEvent& event : events) {
    const std::string_view reason = suppression_reason(event);
    if (reason.empty()) continue;
    auto delivery = co_await deps_.log.find(event.delivery);
    if (!delivery) {
      if (delivery.error().kind == ErrorKind::NotFound) continue;  // of a ledger that is not ours
      co_return std::unexpected(std::move(delivery.error()));
    }
    if (!delivery->channel || delivery->destination.empty()) continue;
    suppressions.push_back({.channel = *delivery->channel,
                            .address = normalised(*delivery->channel, std::move(delivery->destination)),
                            .reason = std::string(reason),
                            .source = to_string(event.delivery),
                            .at = event.at});
  }
  if (suppressions.empty()) co_return Result<void>();
  auto added = co_await deps_.suppressions.add(std::move(suppressions));
  if (added) deps_.on_suppressed();
  co_return added;
}

Task<Result<std::size_t>> EventApplier::apply_next() {
  auto batch = co_await deps_.source.receive();
  if (!batch) co_return std::unexpected(std::move(batch.error()));
  if (batch->events.empty()) co_return std::size_t{0};
  const auto applied = co_await deps_.deliveries.apply_events(batch->events);
  if (!applied) co_return applied;
  if (auto suppressed = co_await suppress(batch->events); !suppressed) {
    co_return std::unexpected(std::move(suppressed.error()));
  }
  if (auto done = co_await deps_.source.acknowledge(batch->receipt); !done) {
    co_return std::unexpected(std::move(done.error()));
  }
  co_return applied;
}

Task<void> EventApplier::run() {
  for (;;) {
    const auto applied = co_await apply_next();
    if (!applied) {
      log_warn("events_not_applied", {{"error", std::string_view(applied.error().message)}});
      co_await deps_.clock.sleep_for(pause_after_failure);
    }
  }
}

}  // namespace clarion
