#include "carriers/sqs_event_source.h"

#include <boost/asio/this_coro.hpp>

#include <algorithm>
#include <iterator>
#include <memory>
#include <utility>

#include "base/log.h"
#include "carriers/carrier_events.h"

namespace clarion {
namespace {

using namespace std::chrono_literals;

constexpr std::int32_t most_a_call = 10;  // of SQS
constexpr std::chrono::seconds long_poll = 20s;

}  // namespace

Task<Result<std::vector<SqsMessage>>> SqsEventSource::fetch() {
  auto first = co_await queue_.receive({.most = most_a_call, .wait = long_poll});
  if (!first || first->size() < most_a_call) co_return first;
  // What these calls fetch belongs to nobody but them until all have ended; a call that fails leaves its messages in
  // the queue.
  const auto more = std::make_shared<std::vector<SqsMessage>>(std::move(*first));
  const auto fetch_more = [](SqsClient& queue, std::shared_ptr<std::vector<SqsMessage>> all) -> Task<void> {
    auto some = co_await queue.receive({.most = most_a_call, .wait = 0s});
    if (some) std::ranges::move(*some, std::back_inserter(*all));
  };
  const auto executor = co_await asio::this_coro::executor;
  for (std::size_t i = most_a_call; i < most_messages; i += most_a_call)
    calls_.spawn(executor, fetch_more(queue_, more));
  co_await calls_.join();
  co_return std::move(*more);
}

SqsEventSource::Held SqsEventSource::read(std::vector<SqsMessage> messages) {
  Held held;
  for (SqsMessage& message : messages) {
    auto read = read_carrier_events(message.body, message.sent_at);
    if (!read) {
      if (message.receive_count > 1) continue;
      ++held.batch.malformed;
      log_warn("event_malformed", {{"message_id", std::string_view(message.id)},
                                   {"bytes", static_cast<std::int64_t>(message.body.size())},
                                   {"error", std::string_view(read.error().message)}});
      continue;
    }
    std::ranges::move(read->events, std::back_inserter(held.batch.events));
    std::ranges::move(read->opt_ins, std::back_inserter(held.batch.opt_ins));
    held.batch.informative += read->informative;
    held.receipt_handles.push_back(std::move(message.receipt_handle));
  }
  if (!held.receipt_handles.empty()) held.batch.receipt = next_receipt_++;
  return held;
}

Task<Result<EventBatch>> SqsEventSource::receive() {
  if (held_.batch.receipt != 0 && held_.tries < most_tries) {
    ++held_.tries;
    co_return held_.batch;
  }
  if (held_.batch.receipt != 0) {
    log_warn("events_given_back", {{"messages", static_cast<std::int64_t>(held_.receipt_handles.size())},
                                   {"tries", std::int64_t{held_.tries}}});
  }
  held_ = {};
  auto messages = co_await fetch();
  if (!messages) co_return std::unexpected(std::move(messages.error()));
  held_ = read(std::move(*messages));
  held_.tries = 1;
  co_return held_.batch;
}

Task<Result<void>> SqsEventSource::acknowledge(std::uint64_t receipt) {
  if (receipt != held_.batch.receipt) co_return Result<void>();
  const auto result = std::make_shared<Result<void>>();
  const auto remove = [](SqsClient& queue, std::vector<std::string> handles,
                         std::shared_ptr<Result<void>> all) -> Task<void> {
    for (const auto& removed : co_await queue.remove(std::move(handles))) {
      // A lease that is lost: somebody else has the message, and will find its events applied.
      if (!removed && removed.error().kind != ErrorKind::Conflict) *all = removed;
    }
  };
  const auto executor = co_await asio::this_coro::executor;
  auto& handles = held_.receipt_handles;
  for (auto from = handles.begin(); from != handles.end();) {
    const auto to = from + std::min<std::ptrdiff_t>(most_a_call, handles.end() - from);
    calls_.spawn(executor, remove(queue_, std::vector<std::string>(from, to), result));
    from = to;
  }
  co_await calls_.join();
  if (*result) held_ = {};
  co_return *result;
}

Task<void> SqsEventSource::close() {
  calls_.cancel();
  co_await calls_.join();
}

}  // namespace clarion
