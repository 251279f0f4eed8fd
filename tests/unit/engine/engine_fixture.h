#pragma once
// A whole engine over memory stores, scripted carriers and a clock that the test moves.

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <cmath>
#include <limits>
#include <memory>
#include <optional>
#include <sstream>
#include <string>

#include "engine/campaign_engine.h"
#include "engine/process_rate_ledger.h"
#include "engine/send_metrics.h"
#include "fakes/failing_delivery_store.h"
#include "fakes/manual_clock.h"
#include "fakes/memory_campaign_store.h"
#include "fakes/memory_delivery_store.h"
#include "fakes/memory_run_history_store.h"
#include "fakes/scripted_sender.h"

namespace clarion::testing {

using namespace std::chrono_literals;

// The payload is the text; "unrenderable" is refused.
class PlainRenderer final : public MessageRenderer {
 public:
  [[nodiscard]] Result<MessageBody> render(Channel channel, std::string_view payload) const override {
    if (payload == "unrenderable") return fail(ErrorKind::Invalid, "the variable 'name' is missing");
    switch (channel) {
      case Channel::Sms: return SmsBody{.text = std::string(payload)};
      case Channel::WhatsApp:
        return WhatsAppBody{.template_name = std::string(payload), .language = "en_US", .components = {}};
      case Channel::Email:
        return EmailBody{.subject = "s", .text = std::string(payload), .html = {}, .unsubscribe_url = {}};
    }
    return fail(ErrorKind::Invalid, "no such channel");
  }
};

class GivenPlan final : public PlanSource {
 public:
  // With a clock, each batch takes 100 ms.
  explicit GivenPlan(std::vector<PlannedDelivery> rows, Clock* slow = nullptr) : rows_(std::move(rows)), slow_(slow) {}
  Task<Result<std::vector<PlannedDelivery>>> next(std::size_t limit) override {
    if (error_after && given_ >= *error_after) co_return fail(ErrorKind::Invalid, "the segment is gone");
    if (slow_ != nullptr) co_await slow_->sleep_for(100ms);
    std::vector<PlannedDelivery> batch;
    while (given_ < rows_.size() && batch.size() < limit) batch.push_back(rows_[given_++]);
    co_return batch;
  }
  [[nodiscard]] std::optional<std::int64_t> expected_rows() const override {
    return static_cast<std::int64_t>(rows_.size());
  }
  std::optional<std::size_t> error_after;

 private:
  std::vector<PlannedDelivery> rows_;
  Clock* slow_;
  std::size_t given_ = 0;
};

inline std::vector<PlannedDelivery> planned(int count, Channel channel = Channel::Sms, int first = 0) {
  std::vector<PlannedDelivery> rows;
  for (int i = first; i < first + count; ++i) {
    PlannedDelivery row;
    row.contact_id = "c" + std::to_string(i);
    row.channel = channel;
    row.destination = "+1425555" + std::to_string(10000 + i);
    row.estimated_cost = Money{10'000};
    row.payload = "hello";
    rows.push_back(std::move(row));
  }
  return rows;
}

class EngineTest : public ::testing::Test {
 public:
  ~EngineTest() override {
    if (engine_) stop(1s);
    for (auto& zombie : zombies_) run(zombie->stop(clock_.now() + 1s));
  }

 protected:
  CampaignEngine& engine() {
    if (!engine_) {
      engine_ = std::make_unique<CampaignEngine>(CampaignEngine::Deps{
          .campaigns = campaigns_,
          .deliveries = front_ != nullptr ? *front_ : deliveries_,
          .rates = shared_rates_ ? *shared_rates_ : rates_,
          .senders = {{&sms_, &whatsapp_, &email_}},
          .clock = clock_,
          .make_renderer = [](const CampaignDefinition& definition) -> Result<std::shared_ptr<const MessageRenderer>> {
            if (definition.content == "broken") return fail(ErrorKind::Invalid, "content is broken");
            return std::make_shared<PlainRenderer>();
          },
          .make_plan_source = [this](const Campaign& campaign) -> Result<std::unique_ptr<PlanSource>> {
            ++plans_made_;
            if (segment_.empty()) {
              return fail(ErrorKind::Invalid, "campaign '" + campaign.definition.id + "' was made from a list");
            }
            return std::make_unique<GivenPlan>(segment_, &clock_);
          },
          .find_obstacle = find_obstacle_,
          .vetting = vetting_,
          .max_tps = max_tps_,
          .backoff = {.base = 1s, .cap = 60s, .max_attempts = 4},
          .announce = announce_,
          .hears_of_work = hears_of_work_,
          .plan_lease = plan_lease_,
          .log = &rows_,
          .runs = keeps_runs_ ? &runs_ : nullptr,
          .metrics = &metrics_});
    }
    return *engine_;
  }

  // Runs `task` to its end, moving time when nothing else is left to do; at most `limit` of it.
  template <class T>
  T run(Task<T> task, Duration limit = 60s) {
    std::optional<T> value;
    asio::co_spawn(
        context_,
        [](Task<T> inner, std::optional<T>& out) -> Task<void> { out.emplace(co_await std::move(inner)); }(
                                                     std::move(task), value),
        [](const std::exception_ptr& failure) {
          if (failure) std::rethrow_exception(failure);
        });
    clock_.settle();
    for (Duration passed{}; !value && passed < limit; passed += 10ms) clock_.advance(10ms);
    if (!value) throw std::runtime_error("the task did not end in time");
    return std::move(*value);
  }
  void run(Task<void> task, Duration limit = 60s) {
    run(
        [](Task<void> inner) -> Task<bool> {
          co_await std::move(inner);
          co_return true;
        }(std::move(task)),
        limit);
  }
  void stop(Duration limit) {
    run(engine_->stop(clock_.now() + limit), limit + 10s);
    engine_.reset();
  }
  // Another process takes over while this one, like a machine that was suspended, still believes it owns everything.
  void take_over() {
    zombies_.push_back(std::move(engine_));
    run(engine().resume_all()).value();
  }

  static CampaignDefinition definition(double tps, std::string id = "camp") {
    CampaignDefinition made;
    made.id = std::move(id);
    made.throughput_tps = tps;
    return made;
  }
  Result<Campaign> start(CampaignDefinition made, std::vector<PlannedDelivery> rows) {
    return run(engine().create_and_start(std::move(made), std::make_unique<GivenPlan>(std::move(rows))));
  }
  CampaignProgress progress(std::string id = "camp") { return run(engine().progress(std::move(id))).value(); }
  CampaignProgress wait(Duration limit, std::string id = "camp") {
    return run(engine().wait(std::move(id), clock_.now() + limit), limit + 10s).value();
  }
  // "running w2 s1 a3(d0) f0 k0 ?0": status and counts over all channels.
  static std::string text(const CampaignProgress& progress) {
    const StateCounts counts = progress.counts.total();
    EXPECT_TRUE(counts.adds_up());
    std::ostringstream out;
    out << to_string(progress.campaign.status) << " w" << counts.waiting << " s" << counts.sending << " a"
        << counts.accepted << " f" << counts.failed << " k" << counts.skipped << " ?" << counts.in_doubt;
    return out.str();
  }
  std::string state(std::string id = "camp") { return text(progress(std::move(id))); }
  // Every recipient at most once.
  void expect_nobody_twice() {
    for (const auto* sender : {&sms_, &whatsapp_, &email_}) {
      for (const auto& [contact, count] : sender->per_contact()) EXPECT_EQ(count, 1) << contact;
    }
  }

  asio::io_context context_{1};
  ManualClock clock_{context_};
  MemoryLedger ledger_;
  MemoryCampaignStore campaigns_{ledger_};
  MemoryDeliveryStore rows_{ledger_};
  FailingDeliveryStore deliveries_{rows_};
  ProcessRateLedger rates_{clock_};
  MemoryRunHistoryStore runs_;
  SendMetrics metrics_;
  ScriptedSender sms_{clock_, "pool"};
  ScriptedSender whatsapp_{clock_, "number"};
  ScriptedSender email_{clock_, "ses"};
  DeliveryStore* front_ = nullptr;      // instead of deliveries_
  RateLedger* shared_rates_ = nullptr;  // instead of rates_
  PlanLease* plan_lease_ = nullptr;
  const Vetting* vetting_ = nullptr;
  std::function<Task<Result<std::optional<std::string>>>(const CampaignDefinition&)> find_obstacle_;
  double max_tps_ = 1000;
  std::function<void(CampaignNumber)> announce_;
  std::function<bool()> hears_of_work_;
  bool keeps_runs_ = false;
  std::vector<PlannedDelivery> segment_;
  int plans_made_ = 0;
  std::unique_ptr<CampaignEngine> engine_;
  std::vector<std::unique_ptr<CampaignEngine>> zombies_;
};

}  // namespace clarion::testing
