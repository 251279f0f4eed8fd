#pragma once
// MeteredSender: a ChannelSender whose answers and their latencies are counted.

#include "base/clock.h"
#include "engine/send_metrics.h"
#include "ports/channel_sender.h"

namespace clarion {

class MeteredSender final : public ChannelSender {
 public:
  // REQUIRES: all three outlive this.
  MeteredSender(ChannelSender& inner, SendMetrics& metrics, Clock& clock)
      : inner_(inner), metrics_(metrics), clock_(clock) {}

  Task<SendOutcome> send(const Message& message) override {
    const TimePoint began = clock_.now();
    SendOutcome outcome = co_await inner_.send(message);
    metrics_.on_answer(message.channel(), outcome, clock_.now() - began);
    co_return outcome;
  }
  [[nodiscard]] std::string_view identity() const override { return inner_.identity(); }
  [[nodiscard]] std::optional<SenderQuota> quota() const override { return inner_.quota(); }

 private:
  ChannelSender& inner_;
  SendMetrics& metrics_;
  Clock& clock_;
};

}  // namespace clarion
