#include "engine/event_applier.h"

#include <algorithm>
#include <map>

#include "base/log.h"
#include "domain/backoff.h"
#include "engine/opt_in_rules.h"

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

bool is_of_a_person(const CarrierEvent& event) {
  return event.kind == DeliveryEventKind::Replied || event.kind == DeliveryEventKind::OptedOut;
}

bool has_arrived(const CarrierEvent& event) {
  return event.kind == DeliveryEventKind::Delivered || event.kind == DeliveryEventKind::Opened;
}

// The index's name for the message to a number that last arrived; no carrier's id looks like it.
std::string last_message_to(std::string_view number) {
  return "to:" + std::string(number);
}

// By what the index may know the message of an event: the best first.
void add_names(std::vector<std::string>& names, const CarrierEvent& event) {
  if (event.channel == Channel::Email) return;
  if (!event.message_id.empty()) names.push_back(event.message_id);
  if (event.channel == Channel::WhatsApp && is_of_a_person(event) && !event.address.empty()) {
    names.push_back(last_message_to(event.address));
  }
}

using FoundMessages = std::map<std::string, DeliveryId>;

std::optional<DeliveryId> named_by(const CarrierEvent& event, const FoundMessages& found) {
  std::vector<std::string> names;
  add_names(names, event);
  for (const std::string& name : names) {
    if (const auto known = found.find(name); known != found.end()) return known->second;
  }
  return std::nullopt;
}

// Which deliveries they answer, one for each; none where the index knows none.
Task<Result<std::vector<std::optional<DeliveryId>>>> find_answered(MessageIndex* messages,
                                                                   const std::vector<OptIn>& opt_ins) {
  std::vector<std::optional<DeliveryId>> answered(opt_ins.size());
  if (messages == nullptr) co_return answered;
  std::vector<CarrierEvent> as_events;
  std::vector<std::string> names;
  for (const OptIn& one : opt_ins) {
    CarrierEvent& event = as_events.emplace_back();
    event.channel = one.channel;
    event.kind = DeliveryEventKind::Replied;
    event.message_id = one.message_id;
    event.address = one.address;
    add_names(names, event);
  }
  if (names.empty()) co_return answered;
  const auto found = co_await messages->find(std::move(names));
  if (!found) co_return std::unexpected(found.error());
  for (std::size_t i = 0; i < opt_ins.size(); ++i) answered[i] = named_by(as_events[i], *found);
  co_return answered;
}

using EntriesOf = std::map<std::string, std::vector<ConsentEntry>>;

Task<Result<EntriesOf>> entries_of(ConsentLog& log, std::vector<std::string> subjects) {
  auto entries = co_await log.list(std::move(subjects));
  if (!entries) co_return std::unexpected(std::move(entries.error()));
  EntriesOf by_subject;
  for (ConsentEntry& entry : *entries) {
    std::string subject = entry.subject;
    by_subject[std::move(subject)].push_back(std::move(entry));
  }
  co_return by_subject;
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
  if (deps_.messages == nullptr) co_return Result<void>();
  const auto find = [&](bool of_people) -> Task<Result<void>> {
    std::vector<std::string> ids;
    for (const CarrierEvent& event : events) {
      if (is_of_a_person(event) == of_people && !event.delivery) add_names(ids, event);
    }
    if (ids.empty()) co_return Result<void>();
    const auto found = co_await deps_.messages->find(std::move(ids));
    if (!found) co_return std::unexpected(found.error());
    for (CarrierEvent& event : events) {
      if (is_of_a_person(event) == of_people && !event.delivery) event.delivery = named_by(event, *found);
    }
    co_return Result<void>();
  };
  if (auto matched = co_await find(false); !matched) co_return matched;
  std::vector<IndexedMessage> arrived;
  for (const CarrierEvent& event : events) {
    if (!event.delivery || event.reply_id.empty() || !has_arrived(event)) continue;
    arrived.push_back({.message_id = event.reply_id, .delivery = *event.delivery});
    if (!event.address.empty()) {
      arrived.push_back({.message_id = last_message_to(event.address), .delivery = *event.delivery});
    }
  }
  if (!arrived.empty()) {
    if (auto indexed = co_await deps_.messages->add(std::move(arrived)); !indexed) co_return indexed;
  }
  co_return co_await find(true);
}

Task<Result<std::string>> EventApplier::destination_of(DeliveryId id, Channel channel) {
  auto delivery = co_await deps_.log.find(id);
  if (!delivery && delivery.error().kind != ErrorKind::NotFound) co_return std::unexpected(std::move(delivery.error()));
  if (!delivery || delivery->channel != channel) co_return std::string();
  co_return std::move(delivery->destination);
}

Task<Result<void>> EventApplier::suppress(const std::vector<CarrierEvent>& events) {
  std::vector<Suppression> suppressions;
  std::vector<std::string> subjects;  // of opt-outs
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
      auto written = co_await destination_of(*event.delivery, event.channel);
      if (!written) co_return std::unexpected(std::move(written.error()));
      if (!written->empty()) one.address = std::move(*written);
    }
    if (one.address.empty()) continue;
    one.address = suppressed_address(one.channel, std::move(one.address));
    if (event.kind == DeliveryEventKind::OptedOut) subjects.push_back(address_subject(one.address));
    suppressions.push_back(std::move(one));
  }
  if (!subjects.empty()) {
    auto entries = co_await entries_of(deps_.consents, std::move(subjects));
    if (!entries) co_return std::unexpected(std::move(entries.error()));
    std::erase_if(suppressions, [&entries](const Suppression& one) {
      return one.reason == "opt_out" && is_taken_back(one.channel, (*entries)[address_subject(one.address)], one.at);
    });
  }
  if (suppressions.empty()) co_return Result<void>();
  auto added = co_await deps_.suppressions.add(std::move(suppressions));
  if (added) deps_.on_suppressed();
  co_return added;
}

Task<Result<std::size_t>> EventApplier::lift(const std::vector<OptIn>& opt_ins) {
  if (opt_ins.empty()) co_return std::size_t{0};
  auto found = co_await find_answered(deps_.messages, opt_ins);
  if (!found) co_return std::unexpected(std::move(found.error()));
  std::size_t lifted = 0;
  for (std::size_t i = 0; i < opt_ins.size(); ++i) {
    const OptIn& one = opt_ins[i];
    if (one.address.empty()) continue;
    // As the carrier writes the number and as we do: it may be suppressed under either.
    std::vector<std::string> addresses{one.address};
    if ((*found)[i]) {
      auto written = co_await destination_of(*(*found)[i], one.channel);
      if (!written) co_return std::unexpected(std::move(written.error()));
      if (!written->empty() && *written != one.address) addresses.push_back(std::move(*written));
    }
    const auto suppressed = co_await deps_.suppressions.find(one.channel, addresses);
    if (!suppressed) co_return std::unexpected(suppressed.error());
    bool has_lifted = false;
    for (const Suppression& standing : *suppressed) {
      const auto entries = co_await deps_.consents.list({address_subject(standing.address)});
      if (!entries) co_return std::unexpected(entries.error());
      if (!is_lifted_by_opt_in(standing, *entries, one.at)) continue;
      const auto removed =
          co_await deps_.suppressions.remove({.channel = standing.channel,
                                              .address = standing.address,
                                              .reason = std::string(opt_in_reason),
                                              .source = (*found)[i] ? to_string(*(*found)[i]) : deps_.metrics.source(),
                                              .at = one.at});
      if (!removed) co_return std::unexpected(removed.error());
      // Who was suppressed while this went on was found suppressed already: the log alone says so.
      const auto later = co_await deps_.consents.list({address_subject(standing.address)});
      if (!later) co_return std::unexpected(later.error());
      if (const ConsentEntry* meanwhile = find_suppressed_since(*entries, *later, standing.channel)) {
        std::vector<Suppression> again{{.channel = standing.channel,
                                        .address = standing.address,
                                        .reason = meanwhile->reason,
                                        .source = meanwhile->source,
                                        .at = meanwhile->at.value_or(one.at)}};
        if (auto kept = co_await deps_.suppressions.add(std::move(again)); !kept) {
          co_return std::unexpected(std::move(kept.error()));
        }
        continue;
      }
      has_lifted = true;
    }
    if (has_lifted) ++lifted;
  }
  if (lifted > 0) deps_.on_suppressed();
  co_return lifted;
}

Task<Result<std::size_t>> EventApplier::apply_next() {
  auto batch = co_await deps_.source->receive();
  if (!batch) co_return std::unexpected(std::move(batch.error()));
  const std::uint64_t receipt = batch->receipt;
  auto applied = co_await apply(std::move(*batch));
  // After it was counted: a batch that comes again then is all duplicates, as it is.
  if (applied && receipt != 0) {
    if (auto done = co_await deps_.source->acknowledge(receipt); !done)
      co_return std::unexpected(std::move(done.error()));
  }
  co_return applied;
}

Task<Result<std::size_t>> EventApplier::apply(EventBatch batch) {
  if (deps_.need != nullptr) {
    for (const CarrierEvent& event : batch.events) deps_.need->on_event(event);
  }
  if (auto matched = co_await find_deliveries(batch.events); !matched) {
    co_return std::unexpected(std::move(matched.error()));
  }
  std::vector<EventOutcome> outcomes(batch.events.size(), EventOutcome::Unmatched);
  LedgerEvents known = for_ledger(batch.events);
  if (!known.events.empty()) {
    const auto applied = co_await deps_.deliveries.apply_events(std::move(known.events));
    if (!applied) co_return std::unexpected(applied.error());
    for (std::size_t i = 0; i < known.places.size(); ++i) {
      const CarrierEvent& event = batch.events[known.places[i]];
      outcomes[known.places[i]] = (*applied)[i];
      if (event.notice && (*applied)[i] == EventOutcome::Added) deps_.on_notice(event);
    }
  }
  if (auto suppressed = co_await suppress(batch.events); !suppressed) {
    co_return std::unexpected(std::move(suppressed.error()));
  }
  auto lifted = co_await lift(batch.opt_ins);
  if (!lifted) co_return std::unexpected(std::move(lifted.error()));
  deps_.metrics.on_applied(batch, outcomes, *lifted, deps_.clock.wall_now());
  co_return *lifted + static_cast<std::size_t>(std::ranges::count(outcomes, EventOutcome::Added));
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
