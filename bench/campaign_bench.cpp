// A whole campaign with carriers that answer at once: CPU microseconds per message while planning and while sending,
// and memory early and late.
//
//   campaign_bench [RECIPIENTS=1000000]
//
// "ledger"  the real thing: SQLite in a temporary directory, durable claims and results
// "none"    a ledger that only counts: what the engine itself costs

#include <algorithm>

#include "campaign_stand.h"
#include "carriers/simulated_sender.h"

namespace clarion::bench {
namespace {

// Hands out rows and counts results; keeps nothing.
class CountingLedger final : public DeliveryStore, public CampaignStore {
 public:
  explicit CountingLedger(std::int64_t rows) : waiting_(rows) { counts_.planned = rows; }

  Task<Result<void>> append_plan(CampaignNumber, std::vector<PlannedDelivery>) override { co_return Result<void>(); }
  Task<Result<void>> complete_plan(CampaignNumber, Money) override {
    campaign_.is_planned = true;
    co_return Result<void>();
  }
  Task<Result<Fence>> take_fence(CampaignNumber, WallTime) override { co_return Fence{1}; }
  Task<Result<ClaimReply>> claim(ClaimRequest request) override {
    ClaimReply reply;
    while (request.channel == Channel::Sms && waiting_ > 0 && reply.claimed.size() < request.limit) {
      const auto position = static_cast<std::uint32_t>(--waiting_);
      reply.claimed.push_back({.attempt = {make_delivery_id(request.campaign, position), 1},
                               .contact_id = "CUST-" + std::to_string(position),
                               .destination = "+14255550156",
                               .parts = 1,
                               .estimated_cost = Money{8'000},
                               .payload = R"(["Ana","20%","Laptop Pro 14","SAVE20","2026-12-24"])"});
    }
    co_return reply;
  }
  Task<Result<void>> record(CampaignNumber, Fence, std::vector<AttemptRecord> records) override {
    for (const AttemptRecord& record : records) counts_.accepted += record.to == DeliveryState::Accepted ? 1 : 0;
    co_return Result<void>();
  }
  Task<Result<std::size_t>> apply_events(std::vector<DeliveryEvent>) override { co_return std::size_t{0}; }
  Task<Result<std::int64_t>> skip_waiting(CampaignNumber, Fence, std::string, WallTime) override {
    co_return std::int64_t{0};
  }
  Task<Result<Campaign>> create(CampaignDefinition definition, CampaignStatus status, WallTime) override {
    campaign_.number = CampaignNumber{1};
    campaign_.definition = std::move(definition);
    campaign_.status = status;
    co_return campaign_;
  }
  Task<Result<Campaign>> find(std::string) override { co_return campaign_; }
  Task<Result<std::vector<Campaign>>> list(std::uint32_t, std::size_t) override { co_return std::vector<Campaign>{}; }
  Task<Result<Campaign>> change_status(CampaignNumber, StatusChange change) override {
    campaign_.status = change.to;
    co_return campaign_;
  }
  Task<Result<void>> set_throughput(CampaignNumber, double) override { co_return Result<void>(); }
  Task<Result<CampaignCounts>> counts(CampaignNumber) override {
    CampaignCounts counts;
    counts.by_channel[Channel::Sms] = counts_;
    counts.by_channel[Channel::Sms].waiting = counts_.planned - counts_.accepted;
    co_return counts;
  }

 private:
  Campaign campaign_;
  std::int64_t waiting_;
  StateCounts counts_;
};

struct Figures {
  double plan_cpu = 0;
  double plan_seconds = 0;
  double send_cpu = 0;
  double send_seconds = 0;
  double memory_early = 0;
  double memory_late = 0;
};

Figures measure(CampaignStore& campaigns, DeliveryStore& deliveries, std::int64_t rows, std::size_t channels) {
  asio::io_context context{1};
  SystemClock clock;
  ProcessRateLedger rates(clock);
  const SimulatedCarrierSettings settings{.seed = 1,
                                          .median_latency = std::chrono::milliseconds(0),
                                          .failure_rate = 0,
                                          .throttle_rate = 0,
                                          .quota = std::nullopt};
  SimulatedSender sms(Channel::Sms, settings, clock, nullptr);
  SimulatedSender whatsapp(Channel::WhatsApp, settings, clock, nullptr);
  SimulatedSender email(Channel::Email, settings, clock, nullptr);
  CampaignEngine engine(engine_deps(campaigns, deliveries, rates, {{&sms, &whatsapp, &email}}, clock));

  Figures figures;
  const auto per_message = [rows](double micros) { return micros / static_cast<double>(rows); };
  const auto seconds_since = [&clock](TimePoint then) {
    return std::chrono::duration<double>(clock.now() - then).count();
  };
  CampaignDefinition definition;
  definition.id = "bench";
  definition.throughput_tps = 1'500'000;
  double cpu = cpu_micros();
  TimePoint began = clock.now();
  const auto created =
      run(context, engine.create_and_start(std::move(definition), std::make_unique<GeneratedPlan>(rows, channels)));
  if (!created) {
    std::fprintf(stderr, "%s\n", created.error().message.c_str());
    std::exit(1);
  }
  figures.plan_cpu = per_message(cpu_micros() - cpu);
  figures.plan_seconds = seconds_since(began);

  cpu = cpu_micros();
  began = clock.now();
  for (bool is_done = false; !is_done;) {
    const auto progress = run(context, engine.wait("bench", clock.now() + std::chrono::milliseconds(50)));
    const StateCounts counts = progress->counts.total();
    if (!counts.adds_up()) std::abort();
    const double memory = resident_megabytes();
    if (counts.accepted < rows / 10) figures.memory_early = std::max(figures.memory_early, memory);
    figures.memory_late = std::max(figures.memory_late, memory);
    is_done = progress->campaign.status == CampaignStatus::Completed;
  }
  figures.send_cpu = per_message(cpu_micros() - cpu);
  figures.send_seconds = seconds_since(began);
  run(context, stop(engine, clock));
  return figures;
}

void print(const char* name, std::int64_t rows, const Figures& figures) {
  std::printf("%-8s %10lld %10.2f %10.2f %10.2f %10.0f %10.0f %10.1f %10.1f\n", name, static_cast<long long>(rows),
              figures.plan_cpu, figures.send_cpu, figures.plan_cpu + figures.send_cpu,
              static_cast<double>(rows) / figures.plan_seconds, static_cast<double>(rows) / figures.send_seconds,
              figures.memory_early, figures.memory_late);
}

}  // namespace
}  // namespace clarion::bench

int main(int argc, char** argv) {
  using namespace clarion;
  using namespace clarion::bench;
  set_log_level(LogLevel::Warn);
  const std::int64_t rows = argc > 1 ? std::atoll(argv[1]) : 1'000'000;
  std::printf("%-8s %10s %10s %10s %10s %10s %10s %10s %10s\n", "store", "messages", "plan us", "send us", "sum us",
              "planned/s", "sent/s", "MB early", "MB late");
  CountingLedger none(rows);
  print("none", rows, measure(none, none, rows, 1));

  const TempDirectory directory;
  auto database = SqliteDatabase::open(directory.path(), OpenMode::ReadWrite);
  if (!database) {
    std::fprintf(stderr, "%s\n", database.error().message.c_str());
    return 1;
  }
  SqliteCampaignStore campaigns(**database);
  SqliteDeliveryStore deliveries(**database);
  const Figures figures = measure(campaigns, deliveries, rows, 3);
  print("ledger", rows, figures);
  std::printf(
      "{\"recipients\": %lld, \"plan_cpu_us\": %.2f, \"send_cpu_us\": %.2f, \"memory_early_mb\": %.1f, "
      "\"memory_late_mb\": %.1f}\n",
      static_cast<long long>(rows), figures.plan_cpu, figures.send_cpu, figures.memory_early, figures.memory_late);
  return 0;
}
