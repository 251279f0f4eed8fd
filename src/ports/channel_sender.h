#pragma once
// ChannelSender: hands one message to one carrier, once. It never retries: only the engine does.
//
// Contract  a failure that is not Ambiguous means the carrier provably did not accept the message.
// Threads   called on the engine's executor; many sends are under way at once.

#include <chrono>
#include <optional>

#include "base/task.h"
#include "domain/message.h"
#include "domain/send_outcome.h"

namespace clarion {

// What the provider allows one origination identity, in the unit the provider counts.
struct SenderQuota {
  double per_second = 0;   // parts, recipients or messages
  std::int64_t burst = 0;  // at most at once
  std::string source;      // "simulated carrier", "SES GetAccount 2026-11-22T10:00Z"
};

class ChannelSender {
 public:
  virtual ~ChannelSender() = default;

  virtual Task<SendOutcome> send(const Message& message) = 0;
  // The identity whose bucket pays: a phone pool, a WhatsApp number, an email identity.
  [[nodiscard]] virtual std::string_view identity() const = 0;
  // nullopt: the provider sets no limit that we know of.
  [[nodiscard]] virtual std::optional<SenderQuota> quota() const = 0;
};

}  // namespace clarion
