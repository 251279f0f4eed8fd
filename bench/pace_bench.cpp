// How exactly the asked rate is kept, in real time, over the real ledger: achieved / asked after the burst, and the
// most that left in any 100 ms.
//
//   pace_bench [SECONDS=10]

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <vector>

#include "campaign_stand.h"
#include "store/sqlite_database.h"

namespace clarion::bench {
namespace {

// Notes when each message arrived, and answers after `latency`.
class TimingSender final : public ChannelSender {
 public:
  TimingSender(Duration latency, std::size_t expected) : latency_(latency) { times_.reserve(expected); }
  Task<SendOutcome> send(const Message&) override {
    times_.push_back(std::chrono::steady_clock::now());
    if (latency_ > Duration::zero()) {
      asio::steady_timer timer(co_await asio::this_coro::executor, latency_);
      co_await timer.async_wait(asio::use_awaitable);
    }
    co_return Accepted{.provider_id = "p", .parts = 1, .cost = {}};
  }
  [[nodiscard]] std::string_view identity() const override { return "timing"; }
  [[nodiscard]] std::optional<SenderQuota> quota() const override { return std::nullopt; }
  [[nodiscard]] const std::vector<TimePoint>& times() const { return times_; }

 private:
  Duration latency_;
  std::vector<TimePoint> times_;
};

struct Pace {
  double achieved = 0;       // of the asked rate
  double most_in_100ms = 0;  // of rate x 100 ms, the one message that any window may hold more not counted
  double cpu_share = 0;      // of one core
};

Pace measure(double tps, std::chrono::milliseconds latency, double seconds) {
  asio::io_context context{1};  // outlives the database, whose threads come back to it
  const TempDirectory directory;
  auto database = SqliteDatabase::open(directory.path(), OpenMode::ReadWrite);
  if (!database) std::abort();
  SqliteCampaignStore campaigns(**database);
  SqliteDeliveryStore deliveries(**database);
  SystemClock clock;
  ProcessRateLedger rates(clock);
  const auto rows = static_cast<std::int64_t>(tps * (seconds + 18)) + 10;
  TimingSender sender(latency, static_cast<std::size_t>(rows));
  CampaignEngine engine(engine_deps(campaigns, deliveries, rates, {{&sender, &sender, &sender}}, clock));
  CampaignDefinition definition;
  definition.id = "pace";
  definition.throughput_tps = tps;
  if (!run(context, engine.create_and_start(std::move(definition), std::make_unique<GeneratedPlan>(rows, 1)))) {
    std::abort();
  }
  const TimePoint began = clock.now();
  // The burst of 5 x TPS is used up by then, also where the carrier's latency slows it down; then only the rate is
  // left.
  const TimePoint from = began + std::chrono::seconds(latency.count() > 0 ? 10 : 4);
  const TimePoint to = from + std::chrono::duration_cast<Duration>(std::chrono::duration<double>(seconds));
  static_cast<void>(run(context, engine.wait("pace", from)));
  const double cpu = cpu_micros();
  static_cast<void>(run(context, engine.wait("pace", to)));
  Pace pace;
  pace.cpu_share = (cpu_micros() - cpu) / (seconds * 1e6);
  run(context, stop(engine, clock));

  const auto first = std::ranges::lower_bound(sender.times(), from);
  const auto last = std::ranges::lower_bound(sender.times(), to);
  // From the first to the last arrival: at low rates the ends of the time span would count for a percent.
  if (last - first > 1) {
    const double span = std::chrono::duration<double>(*(last - 1) - *first).count();
    pace.achieved = static_cast<double>(last - first - 1) / span / tps;
  }
  std::ptrdiff_t most = 0;
  auto end = first;
  for (auto it = first; it != last; ++it) {
    end = std::max(end, it);
    while (end != last && *end < *it + std::chrono::milliseconds(100)) ++end;
    most = std::max(most, end - it);
  }
  pace.most_in_100ms = (static_cast<double>(most) - 1) / (tps * 0.1);
  return pace;
}

}  // namespace
}  // namespace clarion::bench

int main(int argc, char** argv) {
  using namespace clarion;
  using namespace clarion::bench;
  set_log_level(LogLevel::Warn);
  const double seconds = argc > 1 ? std::atof(argv[1]) : 10;
  struct Case {
    double tps;
    int latency_ms;
  };
  std::printf("%8s %11s %10s %18s %6s\n", "asked", "latency ms", "achieved", "(most in 100ms)-1", "CPU");
  std::string json;
  for (const Case& one : {Case{10, 0}, Case{100, 0}, Case{1000, 0}, Case{5000, 0}, Case{1000, 300}}) {
    const Pace pace = measure(one.tps, std::chrono::milliseconds(one.latency_ms), seconds);
    std::printf("%8.0f %11d %10.4f %17.1f%% %5.1f%%\n", one.tps, one.latency_ms, pace.achieved,
                100 * pace.most_in_100ms, 100 * pace.cpu_share);
    std::fflush(stdout);
    char text[160];
    std::snprintf(text, sizeof text,
                  "%s{\"tps\": %.0f, \"latency_ms\": %d, \"achieved\": %.4f, \"most_in_100ms\": %.3f}",
                  json.empty() ? "" : ", ", one.tps, one.latency_ms, pace.achieved, pace.most_in_100ms);
    json += text;
  }
  std::printf("{\"cases\": [%s]}\n", json.c_str());
  return 0;
}
