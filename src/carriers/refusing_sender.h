#pragma once
// RefusingSender: the sender of a channel that is not set up. Whatever still waits there, from a time when it was,
// stops the channel with the reason and goes back to waiting.

#include <string>
#include <utility>

#include "ports/channel_sender.h"

namespace clarion {

class RefusingSender final : public ChannelSender {
 public:
  // `reason`: one sentence that says what to set.
  explicit RefusingSender(std::string reason) : reason_(std::move(reason)) {}

  Task<SendOutcome> send(const Message&) override {
    co_return std::unexpected(SendFailure{FailureClass::ChannelStopped, "channel_not_set_up", reason_});
  }
  [[nodiscard]] std::string_view identity() const override { return "not set up"; }
  [[nodiscard]] std::optional<SenderQuota> quota() const override { return std::nullopt; }

 private:
  std::string reason_;
};

}  // namespace clarion
