#pragma once
// CarrierStandIn: a carrier on a loopback socket that counts every message per recipient; what a sender says it sent
// can be held against what arrived.
//
// Protocol  one line a request: "SEND <contact> <attempt>" -> "OK <number>"; "COUNTS" -> "<contact> <count>" lines,
//           then ".". A message counts when its line has arrived, whether or not the answer can be delivered.

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <chrono>
#include <cstdint>
#include <map>
#include <string>

#include "base/hash.h"
#include "base/task.h"
#include "ports/channel_sender.h"

namespace clarion::testing {

class CarrierStandIn {
 public:
  // Answers after a random time up to `most_latency`.
  CarrierStandIn(asio::io_context& context, std::chrono::milliseconds most_latency, std::uint64_t seed);
  [[nodiscard]] std::uint16_t port() const;
  // Serves until the context stops.
  Task<void> serve();

 private:
  Task<void> talk(asio::ip::tcp::socket socket);
  [[nodiscard]] std::string dump() const;

  asio::ip::tcp::acceptor acceptor_;
  std::chrono::milliseconds most_latency_;
  SeededRandom random_;
  std::map<std::string, int> counts_;
  std::uint64_t taken_ = 0;
};

// Hands messages to a CarrierStandIn over a few kept connections.
class LoopbackSender final : public ChannelSender {
 public:
  explicit LoopbackSender(std::uint16_t port) : port_(port) {}
  Task<SendOutcome> send(const Message& message) override;
  [[nodiscard]] std::string_view identity() const override { return "stand-in"; }
  [[nodiscard]] std::optional<SenderQuota> quota() const override { return std::nullopt; }

 private:
  std::uint16_t port_;
  std::vector<asio::ip::tcp::socket> idle_;
};

// What arrived, by contact. Blocking; throws when the stand-in does not answer.
[[nodiscard]] std::map<std::string, int> ask_counts(std::uint16_t port);

}  // namespace clarion::testing
