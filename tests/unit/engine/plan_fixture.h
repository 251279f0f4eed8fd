#pragma once
// What the tests of plans share, of an audience and of a list: time that moves by hand, and what was sent before.

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "fakes/given_contact_log.h"
#include "fakes/manual_clock.h"
#include "fakes/memory_audience_stores.h"
#include "ports/delivery_store.h"

namespace clarion::testing {

// The ledger's recent contacts as given, or its outage.
class RecentLog final : public DeliveryLog {
 public:
  Task<Result<Delivery>> find(DeliveryId) override { co_return fail(ErrorKind::NotFound, "there is no such delivery"); }
  Task<Result<std::vector<Delivery>>> list(DeliveryQuery) override { co_return std::vector<Delivery>{}; }
  Task<Result<void>> visit_recent(WallTime since, std::function<void(const RecentContact&)> visit) override {
    if (is_out) co_return fail(ErrorKind::Unavailable, "the ledger cannot be read");
    for (const auto& [id, at] : recent) {
      if (at >= since) visit({id, Channel::Sms, at});
    }
    co_return Result<void>{};
  }
  Task<Result<std::vector<ReasonCount>>> count_reasons(CampaignNumber) override {
    co_return std::vector<ReasonCount>{};
  }
  std::vector<std::pair<std::string, WallTime>> recent;
  bool is_out = false;
};

class PlanTest : public ::testing::Test {
 protected:
  template <class T>
  T run(Task<T> task) {
    std::optional<T> value;
    asio::co_spawn(
        context_,
        [](Task<T> inner, std::optional<T>& out) -> Task<void> { out.emplace(co_await std::move(inner)); }(
                                                     std::move(task), value),
        [](const std::exception_ptr& failure) {
          if (failure) std::rethrow_exception(failure);
        });
    clock_.settle();
    if (!value) throw std::runtime_error("the task did not end");
    return std::move(*value);
  }

  asio::io_context context_{1};
  ManualClock clock_{context_};  // 2026-11-02T10:00Z
  MemorySuppressionStore suppressions_;
  RecentLog log_;
  GivenContactLog contact_log_;
};

}  // namespace clarion::testing
