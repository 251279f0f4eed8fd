#include "store/sqs_work_queue.h"

#include <fmt/format.h>

#include <boost/json/parse.hpp>

#include <algorithm>
#include <limits>

#include "base/log.h"

namespace clarion {
namespace {

template <class T>
Result<void> first_error(const std::vector<Result<T>>& results) {
  for (const Result<T>& result : results) {
    if (!result) return std::unexpected(result.error());
  }
  return {};
}

std::optional<std::uint32_t> number_in(const boost::json::object& json, std::string_view name) {
  const auto* value = json.if_contains(name);
  if (value == nullptr || !value->is_int64()) return std::nullopt;
  const std::int64_t number = value->get_int64();
  if (number < 0 || number > std::numeric_limits<std::uint32_t>::max()) return std::nullopt;
  return static_cast<std::uint32_t>(number);
}

}  // namespace

std::string body_of(const WorkReference& work) {
  return fmt::format(R"({{"campaign":{},"channel":"{}","chunk":{}}})", static_cast<std::uint32_t>(work.campaign),
                     to_string(work.channel), work.chunk);
}

std::optional<WorkReference> read_reference(std::string_view body) {
  boost::system::error_code error;
  const boost::json::value json = boost::json::parse(body, error);
  if (error || !json.is_object()) return std::nullopt;
  const boost::json::object& members = json.get_object();
  const auto campaign = number_in(members, "campaign");
  const auto chunk = number_in(members, "chunk");
  const auto* channel_name = members.if_contains("channel");
  if (!campaign || !chunk || channel_name == nullptr || !channel_name->is_string()) return std::nullopt;
  const auto channel = parse_channel(std::string_view(channel_name->get_string()));
  if (!channel) return std::nullopt;
  return WorkReference{.campaign = CampaignNumber{*campaign}, .channel = *channel, .chunk = *chunk};
}

Task<Result<void>> SqsWorkQueue::announce(std::vector<Announcement> announcements) {
  std::vector<SqsSend> messages;
  messages.reserve(announcements.size());
  for (const Announcement& one : announcements) {
    messages.push_back(
        {.body = body_of(one.work),
         .delay = std::clamp(one.delay, std::chrono::seconds(0), longest_delay),
         .group_id = fmt::format("{}-{}", static_cast<std::uint32_t>(one.work.campaign), to_string(one.work.channel))});
  }
  co_return first_error(co_await client_.send(std::move(messages)));
}

Task<Result<std::vector<HeldReference>>> SqsWorkQueue::receive(std::size_t most, std::chrono::seconds wait) {
  const auto messages =
      co_await client_.receive({.most = static_cast<std::int32_t>(std::clamp<std::size_t>(most, 1, most_at_once)),
                                .wait = std::clamp(wait, std::chrono::seconds(0), std::chrono::seconds(20))});
  if (!messages) co_return std::unexpected(messages.error());
  std::vector<HeldReference> held;
  for (const SqsMessage& message : *messages) {
    if (const auto work = read_reference(message.body)) {
      held.push_back({.work = *work, .receipt = message.receipt_handle});
    } else {
      log_warn("work_message_not_understood",
               {{"message", std::string_view(message.id)}, {"received", std::int64_t{message.receive_count}}});
    }
  }
  co_return held;
}

Task<std::vector<Result<void>>> SqsWorkQueue::extend(std::vector<std::string> receipts) {
  std::vector<SqsLease> leases;
  for (std::string& receipt : receipts) leases.push_back({.receipt_handle = std::move(receipt), .lease = holding});
  co_return co_await client_.prolong(std::move(leases));
}

Task<Result<void>> SqsWorkQueue::finish(std::vector<std::string> receipts) {
  co_return first_error(co_await client_.remove(std::move(receipts)));
}

Task<Result<void>> SqsWorkQueue::give_back(std::vector<std::string> receipts) {
  std::vector<SqsLease> leases;
  for (std::string& receipt : receipts) leases.push_back({.receipt_handle = std::move(receipt)});
  co_return first_error(co_await client_.prolong(std::move(leases)));
}

Task<Result<WorkQueueDepth>> SqsWorkQueue::depth() {
  const auto queue = co_await client_.get_queue();
  if (!queue) co_return std::unexpected(queue.error());
  co_return WorkQueueDepth{.waiting = queue->waiting, .held = queue->in_flight, .delayed = queue->delayed};
}

}  // namespace clarion
