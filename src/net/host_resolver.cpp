#include "net/host_resolver.h"

#include <netdb.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <cstring>
#include <mutex>
#include <optional>
#include <system_error>
#include <thread>
#include <utility>

namespace clarion {
namespace {

HostResolver::Addresses ask_system(const std::string& host) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;  // else each address comes once for every kind of socket
  addrinfo* found = nullptr;
  if (const int error = ::getaddrinfo(host.c_str(), nullptr, &hints, &found); error != 0) {
    return std::unexpected(std::string(::gai_strerror(error)));
  }
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> list(found, &::freeaddrinfo);
  std::vector<asio::ip::address> addresses;
  for (const addrinfo* one = found; one != nullptr; one = one->ai_next) {
    asio::ip::tcp::endpoint endpoint;
    if (one->ai_addrlen > endpoint.capacity()) continue;
    std::memcpy(endpoint.data(), one->ai_addr, one->ai_addrlen);
    addresses.push_back(endpoint.address());
  }
  if (addresses.empty()) return std::unexpected(std::string("the name has no address"));
  return addresses;
}

}  // namespace

struct HostResolver::Question {
  std::optional<Addresses> addresses;
  std::vector<asio::steady_timer*> waiting;
};

// Where a look-up's thread leaves its answer; it may outlive the resolver and the executor's context.
struct HostResolver::Desk {
  std::mutex mutex;
  HostResolver* resolver = nullptr;  // null: it is gone, and the executor must not be touched
  asio::any_io_executor executor;
};

HostResolver::HostResolver(asio::any_io_executor executor, LookUp look_up)
    : look_up_(look_up ? std::move(look_up) : LookUp(&ask_system)), desk_(std::make_shared<Desk>()) {
  desk_->resolver = this;
  desk_->executor = std::move(executor);
}

HostResolver::~HostResolver() {
  const std::scoped_lock lock(desk_->mutex);
  desk_->resolver = nullptr;
  desk_->executor = nullptr;
}

Task<HostResolver::Addresses> HostResolver::resolve(std::string host, asio::steady_timer& patience) {
  boost::system::error_code not_an_address;
  if (const auto address = asio::ip::make_address(host, not_an_address); !not_an_address) {
    co_return std::vector{address};
  }
  if (!open_.contains(host) && !begin(host)) co_return std::unexpected(std::string("no thread can look up its name"));
  // Shared: the answer takes the question out of open_ before those who wait are resumed.
  const std::shared_ptr<Question> question = open_[host];
  struct Waiting {
    Waiting(Question& asked, asio::steady_timer& timer) : question(asked), patience(timer) {
      question.waiting.push_back(&patience);
    }
    Waiting(const Waiting&) = delete;
    Waiting& operator=(const Waiting&) = delete;
    ~Waiting() { std::erase(question.waiting, &patience); }
    Question& question;
    asio::steady_timer& patience;
  };
  const Waiting waiting(*question, patience);
  patience.expires_at(asio::steady_timer::time_point::max());
  co_await patience.async_wait(asio::as_tuple(asio::use_awaitable));
  if (!question->addresses) co_return std::unexpected(std::string("its name was not found in time"));
  co_return *question->addresses;
}

bool HostResolver::begin(const std::string& host) {
  const auto ask = [desk = desk_, look_up = look_up_, host] {
    Addresses found = look_up(host);
    const std::scoped_lock lock(desk->mutex);
    if (desk->resolver == nullptr) return;
    asio::post(desk->executor, [desk, host, found = std::move(found)]() mutable {
      // On the executor, where the resolver ends too: it cannot go away meanwhile.
      if (desk->resolver != nullptr) desk->resolver->answer(host, std::move(found));
    });
  };
  try {
    std::thread(ask).detach();
  } catch (const std::system_error&) {
    return false;
  }
  open_.emplace(host, std::make_shared<Question>());
  return true;
}

void HostResolver::answer(const std::string& host, Addresses addresses) {
  const auto question = std::move(open_.extract(host).mapped());
  question->addresses = std::move(addresses);
  for (asio::steady_timer* patience : question->waiting) patience->cancel();
}

}  // namespace clarion
