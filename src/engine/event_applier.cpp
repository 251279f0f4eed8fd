#include "engine/event_applier.h"

#include <algorithm>

#include "base/log.h"
#include "domain/backoff.h"

namespace clarion {
namespace {

constexpr BackoffPolicy pauses{.base = std::chrono::seconds(1), .cap = std::chrono::seconds(30)};

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

// The ledger's part of the events that say which delivery they are about, and where each stands among all.
struct LedgerEvents {
  std::vector<DeliveryEvent> events;
  std::vector<std::size_t> places;
};

LedgerEvents for_ledger(const std::vector<CarrierEvent>& events) {
  LedgerEvents known;
  for (std::size_t i = 0; i < events.size(); ++i) {
    const CarrierEvent& event = events[i];
    if (!event.delivery) continue;
    known.events.push_back({.delivery = *event.delivery, .kind = event.kind, .at = event.at, .detail = event.detail});
    known.places.push_back(i);
  }
  return known;
}

}  // namespace

std::string suppressed_address(Channel channel, std::string address) {
  if (channel != Channel::Email) return address;
  if (const auto at = address.rfind('@'); at != std::string::npos) {
    std::transform(address.begin() + static_cast<std::ptrdiff_t>(at), address.end(),
                   address.begin() + static_cast<std::ptrdiff_t>(at), lower);
  }
  return address;
}

std::string_view suppression_reason(const CarrierEvent& event) {
  switch (event.kind) {
    case DeliveryEventKind::OptedOut: return "opt_out";
    case DeliveryEventKind::Complained: return "complaint";
    case DeliveryEventKind::Bounced: return event.is_permanent ? "hard_bounce" : "";
    default: return "";
  }
}

Task<Result<void>> EventApplier::find_deliveries(std::vector<CarrierEvent>& events) {
  const auto is_asked = [](const CarrierEvent& event) {
    return !event.delivery && !event.message_id.empty() && event.channel != Channel::Email;
  };
  std::vector<std::string> ids;
  for (const CarrierEvent& event : events) {
    if (is_asked(event)) ids.push_back(event.message_id);
  }
  if (deps_.messages == nullptr || ids.empty()) co_return Result<void>();
  const auto found = co_await deps_.messages->find(std::move(ids));
  if (!found) co_return std::unexpected(found.error());
  for (CarrierEvent& event : events) {
    if (!is_asked(event)) continue;
    if (const auto known = found->find(event.message_id); known != found->end()) event.delivery = known->second;
  }
  co_return Result<void>();
}

Task<Result<void>> EventApplier::suppress(const std::vector<CarrierEvent>& events) {
  std::vector<Suppression> suppressions;
  for (const CarrierEvent& event : events) {
    const std::string_view reason = suppression_reason(event);
    if (reason.empty()) continue;
    Suppression one{.channel = event.channel,
                    .address = event.address,
                    .reason = std::string(reason),
                    .source = event.delivery ? to_string(*event.delivery) : deps_.metrics.source(),
                    .at = event.at};
    if (event.delivery) {
      // As we wrote it: carriers change how an address looks.
      auto delivery = co_await deps_.log.find(*event.delivery);
      if (!delivery && delivery.error().kind != ErrorKind::NotFound) {
        co_return std::unexpected(std::move(delivery.error()));
      }
      if (delivery && delivery->channel && !delivery->destination.empty()) {
        one.channel = *delivery->channel;
        one.address = std::move(delivery->destination);
      }
    }
    if (one.address.empty()) continue;
    one.address = suppressed_address(one.channel, std::move(one.address));
    suppressions.push_back(std::move(one));
  }
  if (suppressions.empty()) co_return Result<void>();
  auto added = co_await deps_.suppressions.add(std::move(suppressions));
  if (added) deps_.on_suppressed();
  co_return added;
}

Task<Result<std::size_t>> EventApplier::apply_next() {
  auto batch = co_await deps_.source.receive();
  if (!batch) co_return std::unexpected(std::move(batch.error()));
  if (deps_.need != nullptr) {
    for (const CarrierEvent& event : batch->events) deps_.need->on_event(event);
  }
  if (auto matched = co_await find_deliveries(batch->events); !matched) {
    co_return std::unexpected(std::move(matched.error()));
  }
  std::vector<EventOutcome> outcomes(batch->events.size(), EventOutcome::Unmatched);
  LedgerEvents known = for_ledger(batch->events);
  if (!known.events.empty()) {
    const auto applied = co_await deps_.deliveries.apply_events(std::move(known.events));
    if (!applied) co_return std::unexpected(applied.error());
    for (std::size_t i = 0; i < known.places.size(); ++i) {
      const CarrierEvent& event = batch->events[known.places[i]];
      outcomes[known.places[i]] = (*applied)[i];
      if (event.notice && (*applied)[i] == EventOutcome::Added) deps_.on_notice(event);
    }
  }
  if (auto suppressed = co_await suppress(batch->events); !suppressed) {
    co_return std::unexpected(std::move(suppressed.error()));
  }
  // Before it is acknowledged: a batch that comes again then is all duplicates, as it is.
  deps_.metrics.on_applied(*batch, outcomes, deps_.clock.wall_now());
  if (batch->receipt != 0) {
    if (auto done = co_await deps_.source.acknowledge(batch->receipt); !done) {
      co_return std::unexpected(std::move(done.error()));
    }
  }
  co_return static_cast<std::size_t>(std::ranges::count(outcomes, EventOutcome::Added));
}

Task<void> EventApplier::run() {
  deps_.metrics.on_started();
  std::string logged;
  for (std::int32_t failures = 0;;) {
    const auto applied = co_await apply_next();
    if (applied) {
      if (failures > 0) log_info("events_applied_again");
      failures = 0;
      logged.clear();
      continue;
    }
    const Error& error = applied.error();
    deps_.metrics.on_failed(error.message, deps_.clock.wall_now());
    if (logged != error.message) {
      log_warn("events_not_applied",
               {{"source", std::string_view(deps_.metrics.source())}, {"error", std::string_view(error.message)}});
      logged = error.message;
    }
    failures = std::min(failures + 1, 16);
    co_await deps_.clock.sleep_for(backoff_after(pauses, failures, random_.uniform(), error.retry_after));
  }
}

}  // namespace clarion
