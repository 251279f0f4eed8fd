#pragma once
// HostResolver: the addresses of a name, without ever holding up who asks for them.
//
// Why        getaddrinfo blocks and nothing interrupts it, and an io_context waits for its resolver's thread before it
//            ends. So each look-up has a thread of its own that nobody waits for; whoever asks may stop waiting.
// Questions  those for a name that is being looked up already wait for that answer: one thread a name. Nothing is kept,
//            so a changed address is seen by the next question. Addresses are answered at once.
// Threads    one executor; the look-up runs on another thread.

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/steady_timer.hpp>

#include <expected>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/task.h"

namespace clarion {

class HostResolver {
 public:
  using Addresses = std::expected<std::vector<asio::ip::address>, std::string>;  // or what is wrong
  using LookUp =
      std::function<Addresses(const std::string& host)>;  // may block; called on any thread, alive until then

  // Without `look_up` the system is asked.
  explicit HostResolver(asio::any_io_executor executor, LookUp look_up = {});
  HostResolver(const HostResolver&) = delete;
  HostResolver& operator=(const HostResolver&) = delete;
  // REQUIRES: nobody waits. A look-up under way ends by itself, and nobody hears of it.
  ~HostResolver();

  // Ends early, with an error, when `patience` is cancelled.
  Task<Addresses> resolve(std::string host, asio::steady_timer& patience);

 private:
  struct Question;
  struct Desk;
  // False when the system has no thread for it.
  [[nodiscard]] bool begin(const std::string& host);
  void answer(const std::string& host, Addresses addresses);

  LookUp look_up_;
  std::map<std::string, std::shared_ptr<Question>> open_;
  std::shared_ptr<Desk> desk_;
};

}  // namespace clarion
