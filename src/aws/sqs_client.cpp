#include "aws/sqs_client.h"

#include <fmt/format.h>

#include <boost/json/parse.hpp>

#include <algorithm>
#include <charconv>
#include <iterator>
#include <optional>
#include <utility>

#include "aws/sqs_failures.h"

namespace clarion {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::size_t most_entries = 10;
constexpr std::size_t most_bytes = 1U << 20U;
// A long poll must be answered by the service, not by our own impatience.
constexpr milliseconds beyond_wait = seconds(10);

// Every attribute of SQS is text, numbers too.
std::int64_t number_of(const boost::json::value& attributes, std::string_view name) {
  const std::string text = json_text(attributes, name);
  std::int64_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

Result<boost::json::value> read_json(const AwsReply& reply, std::string_view operation, std::string_view endpoint) {
  boost::system::error_code error;
  auto json = boost::json::parse(reply.body, error);
  if (!error && json.is_object()) return json;
  return fail(ErrorKind::Unavailable,
              fmt::format("What answered {} at {} does not speak like AWS; check the endpoint and the proxy.",
                          operation, endpoint));
}

Result<void> without_value(const Result<boost::json::value>& result) {
  if (!result) return std::unexpected(result.error());
  return {};
}

}  // namespace

SqsClient::SqsClient(AwsReader::Deps deps, std::string queue_url)
    : reader_(deps), queue_url_(std::move(queue_url)), endpoint_(deps.caller.endpoint().origin.authority()) {}

Task<Result<boost::json::value>> SqsClient::call(std::string operation, JsonObject input, Repeatable repeatable,
                                                 milliseconds deadline) {
  const std::string target = "AmazonSQS." + operation;
  const std::string body = input.text("QueueUrl", queue_url_).str();
  const auto reply = co_await reader_.call(
      {.target = target, .content_type = "application/x-amz-json-1.0", .body = body, .deadline = deadline}, repeatable);
  // Policies know no batches: what allows one message allows ten.
  const std::string name = "sqs:" + operation.substr(0, operation.rfind("Batch"));
  if (!reply) {
    Error error = to_sqs_error(reply.error(), name, queue_url_);
    const bool is_unsure =
        reply.error().status >= 500 || (reply.error().status == 0 && reply.error().reach == Reach::MaybeSent);
    if (repeatable == Repeatable::WhenNotAccepted && is_unsure && error.kind == ErrorKind::Unavailable) {
      error.kind = ErrorKind::Unknown;
    }
    co_return std::unexpected(std::move(error));
  }
  co_return read_json(*reply, name, endpoint_);
}

Task<std::vector<Result<boost::json::value>>> SqsClient::call_batch(std::string operation,
                                                                    std::vector<JsonObject> entries,
                                                                    Repeatable repeatable) {
  for (std::size_t i = 0; i < entries.size(); ++i) entries[i].text("Id", std::to_string(i));
  JsonObject input;
  input.objects("Entries", entries);
  const auto reply = co_await call(operation, std::move(input), repeatable);
  if (!reply) {
    co_return std::vector<Result<boost::json::value>>(entries.size(), std::unexpected(reply.error()));
  }
  // An entry that the reply does not name may have been done.
  std::vector<Result<boost::json::value>> results(
      entries.size(),
      fail(ErrorKind::Unknown, fmt::format("SQS did not say what became of an entry of {}.", operation)));
  const auto position = [&results](const boost::json::value& one) {
    const std::string id = json_text(one, "Id");
    std::size_t index = results.size();
    std::from_chars(id.data(), id.data() + id.size(), index);
    return index;
  };
  for (const auto& one : json_list(*reply, "Successful")) {
    if (const auto at = position(one); at < results.size()) results[at] = one;
  }
  // 200 is no success: every entry may have failed.
  for (const auto& one : json_list(*reply, "Failed")) {
    if (const auto at = position(one); at < results.size()) {
      results[at] = std::unexpected(
          to_sqs_entry_error(json_text(one, "Code"), json_text(one, "Message"), json_flag(one, "SenderFault")));
    }
  }
  co_return results;
}

Task<std::vector<Result<std::string>>> SqsClient::send(std::vector<SqsSend> messages) {
  std::vector<Result<std::string>> ids;
  for (std::size_t next = 0; next < messages.size();) {
    std::vector<JsonObject> entries;
    std::size_t bytes = 0;
    for (; next < messages.size() && entries.size() < most_entries; ++next) {
      const SqsSend& message = messages[next];
      if (!entries.empty() && bytes + message.body.size() > most_bytes) break;
      bytes += message.body.size();
      JsonObject entry;
      entry.text("MessageBody", message.body);
      if (message.delay.count() > 0) entry.number("DelaySeconds", message.delay.count());
      entry.text_if_any("MessageGroupId", message.group_id);
      entry.text_if_any("MessageDeduplicationId", message.deduplication_id);
      entries.push_back(std::move(entry));
    }
    const auto results = co_await call_batch("SendMessageBatch", std::move(entries), Repeatable::WhenNotAccepted);
    for (const auto& result : results) {
      if (result) {
        ids.emplace_back(json_text(*result, "MessageId"));
      } else {
        ids.emplace_back(std::unexpected(result.error()));
      }
    }
  }
  co_return ids;
}

Task<Result<std::vector<SqsMessage>>> SqsClient::receive(SqsReceive request) {
  JsonObject input;
  input.number("MaxNumberOfMessages", request.most).number("WaitTimeSeconds", request.wait.count());
  if (request.lease) input.number("VisibilityTimeout", request.lease->count());
  input.texts("MessageSystemAttributeNames", {"ApproximateReceiveCount", "SentTimestamp"});
  const auto reply =
      co_await call("ReceiveMessage", std::move(input), Repeatable::Always, milliseconds(request.wait) + beyond_wait);
  if (!reply) co_return std::unexpected(reply.error());
  std::vector<SqsMessage> messages;
  for (const auto& one : json_list(*reply, "Messages")) {
    SqsMessage message{.id = json_text(one, "MessageId"),
                       .receipt_handle = json_text(one, "ReceiptHandle"),
                       .body = json_text(one, "Body")};
    if (const auto* attributes = json_member(one, "Attributes")) {
      message.receive_count = static_cast<std::int32_t>(
          std::clamp<std::int64_t>(number_of(*attributes, "ApproximateReceiveCount"), 1, 1'000'000));
      message.sent_at = WallTime(milliseconds(number_of(*attributes, "SentTimestamp")));
    }
    messages.push_back(std::move(message));
  }
  co_return messages;
}

Task<std::vector<Result<void>>> SqsClient::remove(std::vector<std::string> receipt_handles) {
  std::vector<Result<void>> results;
  for (std::size_t next = 0; next < receipt_handles.size();) {
    std::vector<JsonObject> entries;
    for (; next < receipt_handles.size() && entries.size() < most_entries; ++next) {
      entries.emplace_back().text("ReceiptHandle", receipt_handles[next]);
    }
    const auto done = co_await call_batch("DeleteMessageBatch", std::move(entries), Repeatable::Always);
    std::ranges::transform(done, std::back_inserter(results), without_value);
  }
  co_return results;
}

Task<std::vector<Result<void>>> SqsClient::prolong(std::vector<SqsLease> leases) {
  std::vector<Result<void>> results;
  for (std::size_t next = 0; next < leases.size();) {
    std::vector<JsonObject> entries;
    for (; next < leases.size() && entries.size() < most_entries; ++next) {
      entries.emplace_back()
          .text("ReceiptHandle", leases[next].receipt_handle)
          .number("VisibilityTimeout", leases[next].lease.count());
    }
    const auto done = co_await call_batch("ChangeMessageVisibilityBatch", std::move(entries), Repeatable::Always);
    std::ranges::transform(done, std::back_inserter(results), without_value);
  }
  co_return results;
}

Task<Result<SqsQueue>> SqsClient::get_queue() {
  JsonObject input;
  input.texts("AttributeNames", {"All"});
  const auto reply = co_await call("GetQueueAttributes", std::move(input), Repeatable::Always);
  if (!reply) co_return std::unexpected(reply.error());
  const auto* attributes = json_member(*reply, "Attributes");
  if (attributes == nullptr) co_return fail(ErrorKind::Unavailable, "SQS told nothing about the queue " + queue_url_);
  SqsQueue queue{.arn = json_text(*attributes, "QueueArn"),
                 .waiting = number_of(*attributes, "ApproximateNumberOfMessages"),
                 .in_flight = number_of(*attributes, "ApproximateNumberOfMessagesNotVisible"),
                 .delayed = number_of(*attributes, "ApproximateNumberOfMessagesDelayed"),
                 .lease = seconds(number_of(*attributes, "VisibilityTimeout")),
                 .dead_letter_arn = {},
                 .most_receives = 0};
  boost::system::error_code error;
  const auto redrive = boost::json::parse(json_text(*attributes, "RedrivePolicy"), error);
  if (!error) {
    queue.dead_letter_arn = json_text(redrive, "deadLetterTargetArn");
    // A number or, as older consoles wrote it, a text.
    const auto count = json_number(redrive, "maxReceiveCount");
    queue.most_receives =
        static_cast<std::int32_t>(count ? *count : static_cast<double>(number_of(redrive, "maxReceiveCount")));
  }
  co_return queue;
}

Task<Result<std::string>> find_queue_url(AwsReader::Deps deps, std::string name) {
  AwsReader reader(deps);
  JsonObject input;
  const std::string body = input.text("QueueName", name).str();
  const auto reply = co_await reader.call(
      {.target = "AmazonSQS.GetQueueUrl", .content_type = "application/x-amz-json-1.0", .body = body});
  if (!reply) co_return std::unexpected(to_sqs_error(reply.error(), "sqs:GetQueueUrl", name));
  const auto json = read_json(*reply, "sqs:GetQueueUrl", deps.caller.endpoint().origin.authority());
  if (!json) co_return std::unexpected(json.error());
  co_return json_text(*json, "QueueUrl");
}

}  // namespace clarion
