#include "net/host_resolver.h"

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>

#include <future>
#include <mutex>
#include <optional>

namespace clarion {
namespace {

using namespace std::chrono_literals;

// What the thread of a look-up shares with its test; it may outlive the test.
struct Directory {
  std::promise<void> released;
  std::shared_future<void> is_released = released.get_future().share();
  std::mutex mutex;
  std::vector<std::string> asked;
};

class HostResolverTest : public ::testing::Test {
 protected:
  HostResolver::LookUp slowly() {
    return [directory = directory_](const std::string& host) -> HostResolver::Addresses {
      {
        const std::scoped_lock lock(directory->mutex);
        directory->asked.push_back(host);
      }
      directory->is_released.wait();
      if (host == "nowhere.example") return std::unexpected("no such name");
      return std::vector{asio::ip::make_address("192.0.2.1"), asio::ip::make_address("2001:db8::1")};
    };
  }
  std::future<HostResolver::Addresses> ask(HostResolver& resolver, std::string host, asio::steady_timer& patience) {
    auto future = asio::co_spawn(context_, resolver.resolve(std::move(host), patience), asio::use_future);
    context_.restart();
    context_.poll();
    return future;
  }
  HostResolver::Addresses answer(std::future<HostResolver::Addresses>& future) {
    const auto work = asio::make_work_guard(context_);  // an answer comes from another thread
    context_.restart();
    while (future.wait_for(0s) != std::future_status::ready) context_.run_one();
    return future.get();
  }

  std::shared_ptr<Directory> directory_ = std::make_shared<Directory>();
  asio::io_context context_;
  asio::steady_timer patience_{context_};
  asio::steady_timer other_{context_};
};

TEST_F(HostResolverTest, AsksOnceForAllWhoAskMeanwhileAndAgainForTheNext) {
  HostResolver resolver(context_.get_executor(), slowly());
  auto first = ask(resolver, "a.example", patience_);
  auto second = ask(resolver, "a.example", other_);
  directory_->released.set_value();
  EXPECT_EQ(answer(first)->size(), 2U);
  EXPECT_EQ(answer(second)->front(), asio::ip::make_address("192.0.2.1"));
  EXPECT_EQ(directory_->asked, std::vector<std::string>{"a.example"});
  auto third = ask(resolver, "a.example", patience_);
  EXPECT_TRUE(answer(third));
  EXPECT_EQ(directory_->asked.size(), 2U);
  auto none = ask(resolver, "nowhere.example", patience_);
  EXPECT_EQ(answer(none).error(), "no such name");
}

TEST_F(HostResolverTest, WhoeverStopsWaitingLeavesTheOthersTheirAnswer) {
  HostResolver resolver(context_.get_executor(), slowly());
  auto impatient = ask(resolver, "a.example", patience_);
  auto patient = ask(resolver, "a.example", other_);
  patience_.cancel();
  EXPECT_EQ(answer(impatient).error(), "its name was not found in time");
  directory_->released.set_value();
  EXPECT_TRUE(answer(patient));
}

TEST_F(HostResolverTest, ALookUpMayOutliveTheResolver) {
  std::optional<HostResolver> resolver(std::in_place, context_.get_executor(), slowly());
  auto waiting = ask(*resolver, "a.example", patience_);
  patience_.cancel();
  EXPECT_FALSE(answer(waiting));
  resolver.reset();
  directory_->released.set_value();
  context_.restart();
  context_.poll();
}

TEST_F(HostResolverTest, AnAddressIsItsOwnAnswer) {
  HostResolver resolver(context_.get_executor(), slowly());
  for (const char* address : {"127.0.0.1", "::1"}) {
    auto future = ask(resolver, address, patience_);
    EXPECT_EQ(future.get(), std::vector{asio::ip::make_address(address)});
  }
  EXPECT_TRUE(directory_->asked.empty());
}

TEST_F(HostResolverTest, TheSystemKnowsThisMachine) {
  HostResolver resolver(context_.get_executor());
  auto future = ask(resolver, "localhost", patience_);
  const auto addresses = answer(future);
  ASSERT_TRUE(addresses) << addresses.error();
  EXPECT_TRUE(addresses->front().is_loopback());
}

}  // namespace
}  // namespace clarion
