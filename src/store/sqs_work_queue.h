#pragma once
// SqsWorkQueue: the WorkQueue in a standard queue of SQS; a reference is a message of a few bytes of JSON.
//
// Fairness  messages of one campaign and channel share a MessageGroupId: SQS's fair queues then do not let a large
//           group make the others wait. https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/
//           sqs-fair-queues.html (August 2026)
// Holding   the queue's own visibility time-out counts until the first extend().

#include "aws/sqs_client.h"
#include "ports/work_queue.h"

namespace clarion {

class SqsWorkQueue final : public WorkQueue {
 public:
  // REQUIRES: the client outlives it.
  explicit SqsWorkQueue(SqsClient& client) : client_(client) {}

  Task<Result<void>> announce(std::vector<Announcement> announcements) override;
  Task<Result<std::vector<HeldReference>>> receive(std::size_t most, std::chrono::seconds wait) override;
  Task<std::vector<Result<void>>> extend(std::vector<std::string> receipts) override;
  Task<Result<void>> finish(std::vector<std::string> receipts) override;
  Task<Result<void>> give_back(std::vector<std::string> receipts) override;
  Task<Result<WorkQueueDepth>> depth() override;

 private:
  SqsClient& client_;
};

// The message's body, and back; nullopt: it is no reference.
[[nodiscard]] std::string body_of(const WorkReference& work);
[[nodiscard]] std::optional<WorkReference> read_reference(std::string_view body);

}  // namespace clarion
