// What the ledger costs: append_plan, claim and record over a real clarion.db, through the stores and their threads.
//
// Each benchmark reports CPU microseconds of the whole process a row (cpu_us), wall microseconds a row (wall_us) and
// what memory the process holds at the end (rss_mb). Rows have a payload of 150 bytes and a why of 200.
#include <benchmark/benchmark.h>
#include <sys/resource.h>
#include <unistd.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "store/sqlite_campaign_store.h"
#include "store/sqlite_database.h"
#include "store/sqlite_delivery_store.h"

namespace clarion {
namespace {

double cpu_seconds() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

double resident_megabytes() {
  std::ifstream file("/proc/self/statm");
  double total = 0;
  double resident = 0;
  file >> total >> resident;
  return resident * 4096 / 1e6;
}

WallTime at_second(std::int64_t second) {
  return WallTime{std::chrono::seconds{1'800'000'000 + second}};
}

// A campaign in a database of its own.
class Ledger {
 public:
  Ledger() {
    std::string name = (std::filesystem::temp_directory_path() / "clarion-bench-XXXXXX").string();
    directory_ = ::mkdtemp(name.data());
    database_ = std::move(*SqliteDatabase::open(directory_, OpenMode::ReadWrite));
    campaigns_ = std::make_unique<SqliteCampaignStore>(*database_);
    deliveries_ = std::make_unique<SqliteDeliveryStore>(*database_);
    CampaignDefinition definition;
    definition.id = "bench";
    number = run(campaigns_->create(definition, CampaignStatus::Running, at_second(0)))->number;
    fence = *run(deliveries_->take_fence(number, at_second(0)));
  }
  ~Ledger() {
    deliveries_.reset();
    campaigns_.reset();
    database_.reset();
    std::filesystem::remove_all(directory_);
  }
  Ledger(const Ledger&) = delete;
  Ledger& operator=(const Ledger&) = delete;

  template <class T>
  T run(Task<T> task) {
    std::optional<T> result;
    context_.restart();
    asio::co_spawn(context_, std::move(task), [&](std::exception_ptr, T value) { result.emplace(std::move(value)); });
    context_.run();
    return std::move(*result);
  }

  void plan(std::int64_t rows, std::size_t batch, bool is_deferred = false) {
    for (std::int64_t done = 0; done < rows; done += static_cast<std::int64_t>(batch)) {
      std::vector<PlannedDelivery> planned(batch);
      for (std::size_t i = 0; i < batch; ++i) {
        PlannedDelivery& row = planned[i];
        const std::int64_t n = done + static_cast<std::int64_t>(i);
        row.contact_id = "CUST-" + std::to_string(1'000'000 + n);
        row.channel = all_channels[static_cast<std::size_t>(n) % channels];
        row.destination = "+1425" + std::to_string(1'000'000 + n);
        row.estimated_cost = Money{7000};
        if (is_deferred) row.due_at = at_second(1000 + n * 2'654'435'761 % 86'400);
        row.payload = payload_;
        row.why = why_;
      }
      if (!run(deliveries_->append_plan(number, std::move(planned)))) std::abort();
    }
  }
  void complete() {
    if (!run(deliveries_->complete_plan(number, Money{}))) std::abort();
  }
  ClaimReply claim(Channel channel, std::size_t limit, std::int64_t second = 1) {
    return run(deliveries_->claim(ClaimRequest{number, channel, fence, limit, at_second(second)})).value();
  }
  std::vector<AttemptRecord> accept(const ClaimReply& reply, Channel channel) {
    std::vector<AttemptRecord> records(reply.claimed.size());
    for (std::size_t i = 0; i < records.size(); ++i) {
      records[i].attempt = reply.claimed[i].attempt;
      records[i].channel = channel;
      records[i].to = DeliveryState::Accepted;
      records[i].provider_id = "0100019a-6d3a2f1e-55aa-4c2b-9d1e-" + std::to_string(1'000'000'000 + i) + "-000000";
      records[i].parts = 1;
      records[i].cost = Money{7000};
      records[i].at = at_second(2);
    }
    return records;
  }
  void record(std::vector<AttemptRecord> records) {
    if (!run(deliveries_->record(number, fence, std::move(records)))) std::abort();
  }
  // Every channel claims and records on its own, all at the same time, as the engine's pipelines do.
  void send_all_channels(std::size_t batch) {
    context_.restart();
    for (std::size_t i = 0; i < channels; ++i) {
      asio::co_spawn(context_, send_channel(all_channels[i], batch), asio::detached);
    }
    context_.run();
  }
  Task<void> send_channel(Channel channel, std::size_t batch) {
    while (true) {
      const auto reply = co_await deliveries_->claim(ClaimRequest{number, channel, fence, batch, at_second(1)});
      if (!reply || reply->claimed.empty()) co_return;
      const auto recorded = co_await deliveries_->record(number, fence, accept(*reply, channel));
      if (!recorded) std::abort();
    }
  }
  SqliteDeliveryStore& deliveries() { return *deliveries_; }

  std::size_t channels = 1;
  CampaignNumber number{};
  Fence fence{};

 private:
  std::filesystem::path directory_;
  std::unique_ptr<SqliteDatabase> database_;
  std::unique_ptr<SqliteCampaignStore> campaigns_;
  std::unique_ptr<SqliteDeliveryStore> deliveries_;
  asio::io_context context_;
  std::string payload_ = std::string(150, 'p');
  std::string why_ = std::string(200, 'w');
};

// Measures one step over `rows` rows.
template <class Step>
void measure(benchmark::State& state, std::int64_t rows, Step step) {
  const double cpu = cpu_seconds();
  const auto wall = std::chrono::steady_clock::now();
  step();
  const std::chrono::duration<double> waited = std::chrono::steady_clock::now() - wall;
  state.SetIterationTime(waited.count());
  const auto count = static_cast<double>(rows);
  state.counters["cpu_us"] = (cpu_seconds() - cpu) / count * 1e6;
  state.counters["wall_us"] = waited.count() / count * 1e6;
  state.counters["rss_mb"] = resident_megabytes();
}

void AppendPlan(benchmark::State& state) {
  const auto batch = static_cast<std::size_t>(state.range(0));
  for ([[maybe_unused]] auto once : state) {
    Ledger ledger;
    measure(state, 300'000, [&] { ledger.plan(300'000, batch); });
  }
}
BENCHMARK(AppendPlan)->Arg(500)->Arg(1000)->Iterations(1)->UseManualTime()->Unit(benchmark::kMillisecond);

void Claim(benchmark::State& state) {
  const auto batch = static_cast<std::size_t>(state.range(0));
  for ([[maybe_unused]] auto once : state) {
    Ledger ledger;
    ledger.plan(300'000, 1000);
    ledger.complete();
    measure(state, 300'000, [&] {
      while (!ledger.claim(Channel::Sms, batch).claimed.empty()) {
      }
    });
  }
}
BENCHMARK(Claim)->Arg(500)->Arg(1000)->Iterations(1)->UseManualTime()->Unit(benchmark::kMillisecond);

void Record(benchmark::State& state) {
  const auto batch = static_cast<std::size_t>(state.range(0));
  for ([[maybe_unused]] auto once : state) {
    Ledger ledger;
    ledger.plan(300'000, 1000);
    ledger.complete();
    std::vector<std::vector<AttemptRecord>> batches;
    while (true) {
      const ClaimReply reply = ledger.claim(Channel::Sms, batch);
      if (reply.claimed.empty()) break;
      batches.push_back(ledger.accept(reply, Channel::Sms));
    }
    measure(state, 300'000, [&] {
      for (auto& records : batches) ledger.record(std::move(records));
    });
  }
}
BENCHMARK(Record)->Arg(500)->Arg(1000)->Iterations(1)->UseManualTime()->Unit(benchmark::kMillisecond);

// The whole life of a million rows on three channels that claim and record at the same time.
void MillionRowsThreeChannels(benchmark::State& state) {
  const auto batch = static_cast<std::size_t>(state.range(0));
  for ([[maybe_unused]] auto once : state) {
    Ledger ledger;
    ledger.channels = 3;
    ledger.plan(1'000'000, 1000);
    ledger.complete();
    measure(state, 1'000'000, [&] { ledger.send_all_channels(batch); });
  }
}
BENCHMARK(MillionRowsThreeChannels)->Arg(500)->Iterations(1)->UseManualTime()->Unit(benchmark::kMillisecond);

// A million rows deferred to random seconds of a day, claimed minute by minute: the worst case for the due index.
void DeferredToRandomSeconds(benchmark::State& state) {
  for ([[maybe_unused]] auto once : state) {
    Ledger ledger;
    ledger.plan(1'000'000, 1000, true);
    ledger.complete();
    std::int64_t claimed = 0;
    const double cpu = cpu_seconds();
    measure(state, 1, [&] {
      for (std::int64_t minute = 0; minute < 200; ++minute) {
        claimed += static_cast<std::int64_t>(ledger.claim(Channel::Sms, 1000, 1000 + minute * 60).claimed.size());
      }
    });
    state.counters["cpu_us"] = (cpu_seconds() - cpu) / static_cast<double>(claimed) * 1e6;
    state.counters["rows"] = static_cast<double>(claimed);
  }
}
BENCHMARK(DeferredToRandomSeconds)->Iterations(1)->UseManualTime()->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace clarion
