#include "fakes/memory_work_queue.h"

#include <algorithm>

namespace clarion::testing {

Task<Result<void>> MemoryWorkQueue::announce(std::vector<Announcement> announcements) {
  if (error) co_return std::unexpected(*error);
  for (const Announcement& one : announcements) {
    messages_.push_back(
        {.work = one.work, .receipt = {}, .visible_at = clock_.now() + std::min(one.delay, longest_delay)});
  }
  co_return Result<void>();
}

Task<Result<std::vector<HeldReference>>> MemoryWorkQueue::receive(std::size_t most, std::chrono::seconds wait) {
  if (error) co_return std::unexpected(*error);
  const auto is_there = [this](const Message& message) { return message.visible_at <= clock_.now(); };
  const TimePoint deadline = clock_.now() + wait;
  if (std::ranges::none_of(messages_, is_there)) {
    TimePoint next = deadline;
    for (const Message& message : messages_) next = std::min(next, message.visible_at);
    if (next > clock_.now()) co_await clock_.sleep_until(next);
  }
  std::vector<HeldReference> received;
  for (Message& message : messages_) {
    if (received.size() == std::min(most, most_at_once)) break;
    if (!is_there(message)) continue;
    message.receipt = "receipt " + std::to_string(++receipts_);
    message.visible_at = clock_.now() + holding;
    message.is_received = true;
    received.push_back({.work = message.work, .receipt = message.receipt});
  }
  co_return received;
}

MemoryWorkQueue::Message* MemoryWorkQueue::find_held(const std::string& receipt) {
  const auto found = std::ranges::find(messages_, receipt, &Message::receipt);
  return found == messages_.end() || found->visible_at <= clock_.now() ? nullptr : &*found;
}

Task<std::vector<Result<void>>> MemoryWorkQueue::extend(std::vector<std::string> receipts) {
  std::vector<Result<void>> results;
  for (const std::string& receipt : receipts) {
    Message* message = find_held(receipt);
    if (error) {
      results.emplace_back(std::unexpected(*error));
    } else if (message == nullptr) {
      results.emplace_back(fail(ErrorKind::Conflict, "it is no longer held"));
    } else {
      message->visible_at = clock_.now() + holding;
      results.emplace_back();
    }
  }
  co_return results;
}

Task<Result<void>> MemoryWorkQueue::finish(std::vector<std::string> receipts) {
  if (error) co_return std::unexpected(*error);
  for (const std::string& receipt : receipts) {
    std::erase_if(messages_, [&](const Message& message) { return message.receipt == receipt; });
  }
  co_return Result<void>();
}

Task<Result<void>> MemoryWorkQueue::give_back(std::vector<std::string> receipts) {
  if (error) co_return std::unexpected(*error);
  for (const std::string& receipt : receipts) {
    if (Message* message = find_held(receipt)) {
      message->visible_at = clock_.now();
      message->is_received = false;
    }
  }
  co_return Result<void>();
}

Task<Result<WorkQueueDepth>> MemoryWorkQueue::depth() {
  if (error) co_return std::unexpected(*error);
  WorkQueueDepth depth;
  for (const Message& message : messages_) {
    if (message.visible_at <= clock_.now()) {
      ++depth.waiting;
    } else {
      ++(message.is_received ? depth.held : depth.delayed);
    }
  }
  co_return depth;
}

std::string MemoryWorkQueue::text() const {
  std::vector<std::string> lines;
  for (const Message& message : messages_) {
    std::string line = std::to_string(static_cast<std::uint32_t>(message.work.campaign)) + " " +
                       std::string(to_string(message.work.channel)) + " " + std::to_string(message.work.chunk);
    const auto left = std::chrono::ceil<std::chrono::seconds>(message.visible_at - clock_.now());
    if (left.count() <= 0) {
      line += " waiting";
    } else {
      line += message.is_received ? " held" : " in " + std::to_string(left.count()) + " s";
    }
    lines.push_back(std::move(line));
  }
  std::ranges::sort(lines);
  std::string text;
  for (const std::string& line : lines) text += (text.empty() ? "" : "; ") + line;
  return text;
}

}  // namespace clarion::testing
