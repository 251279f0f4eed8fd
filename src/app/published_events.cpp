#include "app/published_events.h"

#include <utility>

#include "base/log.h"
#include "carriers/carrier_events.h"

namespace clarion {

Task<Result<void>> PublishedEvents::take(std::string body) {
  auto message = co_await deps_.verifier.verify(body);
  if (!message) {
    log_warn("sns_message_refused", {{"error", std::string_view(message.error().message)}});
    co_return std::unexpected(std::move(message.error()));
  }
  if (message->type == SnsMessage::Type::SubscriptionConfirmation) {
    if (auto confirmed = co_await deps_.verifier.confirm(*message); !confirmed) co_return confirmed;
    co_return co_await apply({.events = {}, .informative = 1});
  }
  if (message->type == SnsMessage::Type::UnsubscribeConfirmation) {
    log_warn("sns_subscription_ended", {{"topic", std::string_view(message->topic_arn)}});
    co_return co_await apply({.events = {}, .informative = 1});
  }
  auto read = read_carrier_events(body, message->at);
  if (!read) {
    log_warn("event_malformed", {{"message_id", std::string_view(message->message_id)},
                                 {"bytes", static_cast<std::int64_t>(body.size())},
                                 {"error", std::string_view(read.error().message)}});
    if (auto counted = co_await apply({.events = {}, .malformed = 1}); !counted) co_return counted;
    co_return fail(ErrorKind::Invalid, "the event is not understood: " + read.error().message);
  }
  co_return co_await apply(
      {.events = std::move(read->events), .opt_ins = std::move(read->opt_ins), .informative = read->informative});
}

Task<Result<void>> PublishedEvents::apply(EventBatch batch) {
  const auto applied = co_await deps_.applier.apply(std::move(batch));
  if (applied) co_return Result<void>();
  deps_.metrics.on_failed(applied.error().message, deps_.clock.wall_now());
  log_warn("events_not_applied", {{"source", std::string_view(deps_.metrics.source())},
                                  {"error", std::string_view(applied.error().message)}});
  // Whatever it was, SNS is to try again: an answer of 4xx would end it.
  co_return fail(ErrorKind::Unavailable, applied.error().message);
}

}  // namespace clarion
