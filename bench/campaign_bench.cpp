// A whole campaign with carriers that answer at once: CPU microseconds per message while planning and while sending,
// and memory early and late.
//
//   campaign_bench [RECIPIENTS=1000000]
//
// "none"      a ledger that only counts, and generated rows: what the engine itself costs
// "ledger"    the same rows in SQLite in a temporary directory, durable claims and results: what the ledger adds
// "audience"  the whole way: contacts -> eligibility -> channel -> content -> ledger -> claim -> pace -> render -> send
//             -> record; the difference to "ledger" is what deciding and rendering add

#include <algorithm>

#include "audience/demo_contacts.h"
#include "campaign_stand.h"
#include "carriers/simulated_sender.h"
#include "content/content_library.h"
#include "engine/content_renderer.h"
#include "engine/plan_audience.h"
#include "engine/vetting.h"
#include "store/sqlite_contact_log.h"
#include "store/sqlite_delivery_log.h"
#include "store/sqlite_suppression_store.h"

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
  Task<Result<void>> record(CampaignNumber, Fence, AttemptRecords records) override {
    for (const AttemptRecord& record : records) counts_.accepted += record.to == DeliveryState::Accepted ? 1 : 0;
    co_return Result<void>();
  }
  Task<Result<std::vector<EventOutcome>>> apply_events(std::vector<DeliveryEvent> events) override {
    co_return std::vector<EventOutcome>(events.size());
  }
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
  std::int64_t accepted = 0;
};

// REQUIRES: `context` outlives the stores.
Figures measure(asio::io_context& context, CampaignStore& campaigns, DeliveryStore& deliveries, std::int64_t rows,
                std::unique_ptr<PlanSource> plan, std::shared_ptr<const MessageRenderer> renderer,
                const Vetting* vetting = nullptr) {
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
  CampaignEngine::Deps deps =
      engine_deps(campaigns, deliveries, rates, {{&sms, &whatsapp, &email}}, clock, std::move(renderer));
  deps.vetting = vetting;
  CampaignEngine engine(std::move(deps));

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
  const auto created = run(context, engine.create_and_start(std::move(definition), std::move(plan)));
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
    figures.accepted = counts.accepted;
    is_done = progress->campaign.status == CampaignStatus::Completed;
  }
  figures.send_cpu = per_message(cpu_micros() - cpu);
  figures.send_seconds = seconds_since(began);
  run(context, stop(engine, clock));
  return figures;
}

// SQLite in a temporary directory, and the stores over it.
struct Ledger {
  TempDirectory directory;
  std::unique_ptr<SqliteDatabase> database = open(directory);
  SqliteCampaignStore campaigns{*database};
  SqliteDeliveryStore deliveries{*database};

  static std::unique_ptr<SqliteDatabase> open(const TempDirectory& directory) {
    auto opened = SqliteDatabase::open(directory.path(), OpenMode::ReadWrite);
    if (!opened) throw std::runtime_error(opened.error().message);
    return std::move(*opened);
  }
};

Figures measure_ledger(asio::io_context& context, std::int64_t rows) {
  Ledger ledger;
  return measure(context, ledger.campaigns, ledger.deliveries, rows, std::make_unique<GeneratedPlan>(rows, 3),
                 std::make_shared<PayloadRenderer>());
}

// Demo contacts with the built-in templates; caps and quiet hours off, so that nothing waits for the morning.
Figures measure_audience(asio::io_context& context, std::int64_t rows) {
  const SystemClock clock;
  ContactTable::Builder builder;
  builder.reserve(static_cast<std::size_t>(rows));
  for (std::int64_t i = 0; i < rows; ++i) {
    Contact contact = make_demo_contact(static_cast<std::uint64_t>(i), 7);
    // As many different people as there are rows: the demo's fictitious numbers alone would be duplicates.
    if (!contact.phone.empty()) contact.phone = "+1425" + std::to_string(2'000'000 + i);
    if (!contact.email.empty()) contact.email = std::to_string(i) + "@example.com";
    builder.add(contact);
  }
  Selection selection;
  selection.contacts = std::move(builder).build();
  selection.rows = selection.contacts->select(Filter{}, clock.wall_now());
  selection.content =
      *CampaignContent::parse(ContentLibrary::built_in().default_content("SKU-LAPTOP-1", clock.wall_now()));
  selection.responses = learn_responses(*selection.contacts, clock.wall_now());
  selection.prices = std::make_shared<const PriceTable>(PriceTable::built_in());
  selection.rules.ignore_caps();

  Ledger ledger;
  SqliteSuppressionStore suppressions(*ledger.database);
  SqliteDeliveryLog log(*ledger.database);
  const Vetting vetting(
      {.suppressions = suppressions, .contacts = [contacts = selection.contacts] { return contacts; }});
  SystemClock plan_clock;
  auto renderer = std::make_shared<ContentRenderer>(selection.content);
  SqliteContactLog contact_log(*ledger.database);
  auto plan = std::make_unique<AudiencePlan>(AudiencePlan::Deps{suppressions, log, contact_log, plan_clock},
                                             std::move(selection));
  return measure(context, ledger.campaigns, ledger.deliveries, rows, std::move(plan), std::move(renderer), &vetting);
}

void print(const char* name, std::int64_t rows, const Figures& figures) {
  std::printf("%-8s %10lld %10lld %10.2f %10.2f %10.2f %10.0f %10.0f %10.1f %10.1f\n", name,
              static_cast<long long>(rows), static_cast<long long>(figures.accepted), figures.plan_cpu,
              figures.send_cpu, figures.plan_cpu + figures.send_cpu, static_cast<double>(rows) / figures.plan_seconds,
              static_cast<double>(rows) / figures.send_seconds, figures.memory_early, figures.memory_late);
}

}  // namespace
}  // namespace clarion::bench

int main(int argc, char** argv) {
  using namespace clarion;
  using namespace clarion::bench;
  set_log_level(LogLevel::Warn);
  const std::int64_t rows = argc > 1 ? std::atoll(argv[1]) : 1'000'000;
  std::printf("%-8s %10s %10s %10s %10s %10s %10s %10s %10s %10s\n", "run", "planned", "accepted", "plan us", "send us",
              "sum us", "planned/s", "sent/s", "MB early", "MB late");
  asio::io_context context{1};
  CountingLedger none(rows);
  print("none", rows,
        measure(context, none, none, rows, std::make_unique<GeneratedPlan>(rows, 1),
                std::make_shared<PayloadRenderer>()));

  const Figures ledger = measure_ledger(context, rows);
  print("ledger", rows, ledger);
  const Figures audience = measure_audience(context, rows);
  print("audience", rows, audience);
  std::printf(
      "{\"recipients\": %lld, \"accepted\": %lld, \"plan_cpu_us\": %.2f, \"send_cpu_us\": %.2f, \"memory_early_mb\": "
      "%.1f, "
      "\"memory_late_mb\": %.1f, \"ledger_plan_cpu_us\": %.2f, \"ledger_send_cpu_us\": %.2f}\n",
      static_cast<long long>(rows), static_cast<long long>(audience.accepted), audience.plan_cpu, audience.send_cpu,
      audience.memory_early, audience.memory_late, ledger.plan_cpu, ledger.send_cpu);
  return 0;
}
