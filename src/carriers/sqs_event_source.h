#pragma once
// SqsEventSource: carriers' events out of a queue of SQS that their topics are subscribed to.
//
// Reading  one long poll at a time; when it comes back full there is a backlog, and more is fetched at once, up to
//          most_messages. Several processes may read one queue: each message goes to one of them, now and then to two.
// Holding  a batch stays here until it is acknowledged, and is given again until then, so that an outage of the ledger
//          does not use up the receives after which a queue gives a message up. After most_tries it goes back to the
//          queue: one event that cannot be applied must not keep all others waiting.
// Malformed messages stay in the queue for its redrive policy (docs/decisions/0013); each is counted and logged the
//          first time it is received.
// Errors   those of SqsClient.
// Threads  one executor. One reader: receive() is not called while another receive() runs.

#include <cstdint>
#include <string>
#include <vector>

#include "aws/sqs_client.h"
#include "base/task_group.h"
#include "ports/event_source.h"

namespace clarion {

class SqsEventSource final : public EventSource {
 public:
  static constexpr std::size_t most_messages = 100;
  static constexpr int most_tries = 20;

  // REQUIRES: `queue` outlives this.
  explicit SqsEventSource(SqsClient& queue) : queue_(queue) {}

  Task<Result<EventBatch>> receive() override;
  Task<Result<void>> acknowledge(std::uint64_t receipt) override;
  // Ends the calls under way. Await it before destruction.
  Task<void> close();

 private:
  struct Held {
    EventBatch batch;
    std::vector<std::string> receipt_handles;
    int tries = 0;
  };

  Task<Result<std::vector<SqsMessage>>> fetch();
  [[nodiscard]] Held read(std::vector<SqsMessage> messages);

  SqsClient& queue_;
  Held held_;  // receipt 0: nothing
  std::uint64_t next_receipt_ = 1;
  TaskGroup calls_;
};

}  // namespace clarion
