#pragma once
// SqsClient: one queue of Amazon SQS: send, receive, delete, prolong, and what the queue says of itself.
//
// Batches  lists of any length are cut to what one call may hold (10 entries, 1 MiB); results come in the order of the
//          entries, each for itself: a call that fails as a whole gives its error to each of its entries.
// Retries  everything is repeated as AwsReader does, but a send only after proof that it was not accepted: the queue
//          would hold the message twice.
// Errors   the table in sqs_failures.h. Conflict: the lease is lost, somebody else may have the message.
// Source   model sqs 2012-11-05 (botocore 1.43.67, August 2026).

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "aws/aws_reader.h"
#include "aws/json_object.h"

namespace clarion {

struct SqsSend {
  std::string body;
  std::chrono::seconds delay{0};      // up to 900
  std::string group_id = {};          // FIFO: the order within; elsewhere: the share of a fair queue; empty: none
  std::string deduplication_id = {};  // FIFO only
};

struct SqsMessage {
  std::string id;
  std::string receipt_handle;  // of this receipt; for delete and prolong
  std::string body;
  std::int32_t receive_count = 1;
  WallTime sent_at{};
};

struct SqsReceive {
  std::int32_t most = 10;                                    // [1, 10]
  std::chrono::seconds wait{20};                             // [0, 20] for the first message
  std::optional<std::chrono::seconds> lease = std::nullopt;  // until others see it again; the queue's own otherwise
};

struct SqsLease {
  std::string receipt_handle;
  std::chrono::seconds lease{0};  // from now on; 0 gives the message back
};

struct SqsQueue {
  std::string arn;
  std::int64_t waiting = 0;    // about
  std::int64_t in_flight = 0;  // about
  std::int64_t delayed = 0;    // about
  std::chrono::seconds lease{30};
  std::string dead_letter_arn;     // empty: none
  std::int32_t most_receives = 0;  // before a message goes there; 0: no limit
};

class SqsClient {
 public:
  // REQUIRES: a caller of the endpoint of AwsService::Sqs.
  SqsClient(AwsReader::Deps deps, std::string queue_url);

  // The message ids.
  Task<std::vector<Result<std::string>>> send(std::vector<SqsSend> messages);
  // Empty when none came in time.
  Task<Result<std::vector<SqsMessage>>> receive(SqsReceive request);
  Task<std::vector<Result<void>>> remove(std::vector<std::string> receipt_handles);
  Task<std::vector<Result<void>>> prolong(std::vector<SqsLease> leases);
  Task<Result<SqsQueue>> get_queue();

  [[nodiscard]] const std::string& queue_url() const { return queue_url_; }

 private:
  Task<Result<boost::json::value>> call(std::string operation, JsonObject input, Repeatable repeatable,
                                        std::chrono::milliseconds deadline = {});
  // One call of at most 10 entries; the members of `Successful` by position, or the error.
  Task<std::vector<Result<boost::json::value>>> call_batch(std::string operation, std::vector<JsonObject> entries,
                                                           Repeatable repeatable);

  AwsReader reader_;
  std::string queue_url_;
  std::string endpoint_;
};

// The URL of the queue `name`. NotFound when there is none.
[[nodiscard]] Task<Result<std::string>> find_queue_url(AwsReader::Deps deps, std::string name);

}  // namespace clarion
