#pragma once
// EventSource: what carriers and recipients tell us later. At least once, in any order.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/task.h"
#include "domain/channel.h"
#include "domain/delivery.h"
#include "domain/send_outcome.h"

namespace clarion {

// What a message's end says beyond that message, where carriers tell only afterwards what others refuse at once.
struct CarrierNotice {
  enum class Scope : std::uint8_t {
    Campaign,  // what the messages of its campaign have in common: a template
    Channel    // the account or the sender: every message of the channel
  };
  Scope scope{};
  // ChannelStopped: what else is sent ends the same way, until a person acts. Throttled: it was sent too fast.
  SendFailure failure;
  std::int32_t enough = 1;  // so many messages have to say so, because a few mean nothing
};

// One thing we were told about one message of ours, or by one person.
struct CarrierEvent {
  Channel channel{};
  DeliveryEventKind kind{};
  WallTime at{};
  std::string detail;                  // the carrier's own words, no address
  std::optional<DeliveryId> delivery;  // of the attempt id that came back
  std::string message_id;              // the carrier's own id of the message; may be empty
  std::string reply_id = {};           // by which replies name the message, where that is another id
  std::string address;                 // as the carrier writes it, where it is named; may be empty
  bool is_permanent = false;           // of Bounced: the address itself is no good
  std::optional<CarrierNotice> notice = std::nullopt;
};

// Somebody who had ended messages says that they want them again. That is no event of a message.
struct OptIn {
  Channel channel{};
  WallTime at{};
  std::string address;     // as the carrier writes it
  std::string message_id;  // of the message that it answers; may be empty
};

struct EventBatch {
  std::vector<CarrierEvent> events;
  std::vector<OptIn> opt_ins = {};
  std::size_t informative = 0;  // understood, and nothing to apply: a message was handed on, a template was approved
  std::size_t malformed = 0;    // not understood
  std::uint64_t receipt = 0;    // 0: there is nothing to acknowledge

  [[nodiscard]] std::size_t received() const { return events.size() + opt_ins.size() + informative + malformed; }
};

class EventSource {
 public:
  virtual ~EventSource() = default;
  // Waits until there is something, half a minute at most; may return an empty batch. What is malformed is not part of
  // the receipt: what becomes of it is the source's own affair.
  virtual Task<Result<EventBatch>> receive() = 0;
  // The batch has been applied; without this it comes again.
  virtual Task<Result<void>> acknowledge(std::uint64_t receipt) = 0;
};

}  // namespace clarion
