#pragma once
// Queues in the emulator: EventsQueue, a topic of SNS and the queue of SQS that is subscribed to it, with a dead-letter
// queue; and the queue of work.

#include <boost/json/object.hpp>

#include <cstdint>
#include <string>
#include <tuple>

#include "support/node_server.h"

namespace clarion::testing {

// One operation of SQS. A test failure when it is refused.
boost::json::object call_sqs(const QueueEmulator& emulator, const std::string& operation,
                             const boost::json::object& input);

// The queue of work and the one for what nobody could do, as deploy/cloudformation.yaml makes them.
struct WorkQueue {
  std::string url;
  std::string aside_url;
};
[[nodiscard]] WorkQueue make_work_queue(const QueueEmulator& emulator);

// All messages of a queue, held and delayed ones too.
[[nodiscard]] std::int64_t messages_in(const QueueEmulator& emulator, const std::string& url);

// REQUIRES: the emulator outlives it.
class EventsQueue {
 public:
  // A message that nobody deletes is given up after `most_receives`, each for `lease_seconds`.
  explicit EventsQueue(const QueueEmulator& emulator, int most_receives = 10, int lease_seconds = 30);

  [[nodiscard]] const std::string& url() const { return url_; }
  [[nodiscard]] const std::string& topic_arn() const { return topic_arn_; }
  // Puts a body into the queue as it is, without SNS.
  void send(const std::string& body) const;
  // Messages in the queue, being read or not.
  [[nodiscard]] std::int64_t left() const { return messages_in(emulator_, url_); }
  // Takes messages out of the dead-letter queue until there were `count`, or none came for half a minute; how many.
  [[nodiscard]] std::int64_t take_dead(std::int64_t count) const;

 private:
  [[nodiscard]] boost::json::object call(const std::string& operation, const boost::json::object& input) const {
    return call_sqs(emulator_, operation, input);
  }
  [[nodiscard]] std::string publish_call(const std::string& form) const;  // SNS; the answer

  const QueueEmulator& emulator_;
  std::string url_;
  std::string dead_url_;
  std::string topic_arn_;
};

}  // namespace clarion::testing
