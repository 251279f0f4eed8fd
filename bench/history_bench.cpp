// What planning pays for knowing the past: reading what other campaigns are still to send, what was sent this week and
// what came of it, from a real clarion.db, and making the response model of it.
//
//   history_bench [ROWS]   default 1,000,000: one campaign of as many contacts, a third on each channel; two in five
//                          have an event. CPU seconds of the whole process, and seconds on the clock.
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <optional>

#include "audience/contact_table.h"
#include "campaign_stand.h"
#include "engine/plan_audience.h"
#include "store/sqlite_contact_log.h"
#include "store/sqlite_database.h"
#include "store/sqlite_delivery_log.h"
#include "store/sqlite_suppression_store.h"

namespace clarion::bench {
namespace {

template <class T>
T wait_for(Task<T> task) {
  asio::io_context context;
  std::optional<T> result;
  asio::co_spawn(context, std::move(task), [&result](const std::exception_ptr& error, T value) {
    if (error) std::rethrow_exception(error);
    result.emplace(std::move(value));
  });
  context.run();
  if (!*result) throw std::runtime_error(result->error().message);
  return std::move(*result);
}

// Prints one line, and adds it to the JSON of all.
class Report {
 public:
  explicit Report(std::int64_t rows) : json_("{\"rows\": " + std::to_string(rows)) {
    std::printf("%lld rows\n%-28s %8s %8s %8s\n", static_cast<long long>(rows), "", "CPU s", "clock s", "MB after");
  }
  template <class Work>
  void measure(const std::string& name, Work work) {
    const double cpu = cpu_micros();
    const auto began = std::chrono::steady_clock::now();
    work();
    const double wall = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
    const double spent = (cpu_micros() - cpu) / 1e6;
    std::printf("%-28s %8.2f %8.2f %8.0f\n", name.c_str(), spent, wall, resident_megabytes());
    char text[160];
    std::snprintf(text, sizeof text, ", \"%s\": {\"cpu_s\": %.3f, \"clock_s\": %.3f}", name.c_str(), spent, wall);
    json_ += text;
  }
  ~Report() { std::printf("%s}\n", json_.c_str()); }
  Report(const Report&) = delete;
  Report& operator=(const Report&) = delete;

 private:
  std::string json_;
};

struct Stand {
  TempDirectory directory;
  std::unique_ptr<SqliteDatabase> database = std::move(*SqliteDatabase::open(directory.path(), OpenMode::ReadWrite));
  SqliteCampaignStore campaigns{*database};
  SqliteDeliveryStore deliveries{*database};
  SqliteDeliveryLog log{*database};
  SqliteContactLog contact_log{*database};
  SqliteSuppressionStore suppressions{*database};
  SystemClock clock;
  CampaignNumber campaign{};
  Fence fence{};
};

void plan(Stand& stand, std::int64_t rows) {
  CampaignDefinition definition;
  definition.id = "past";
  definition.throughput_tps = 1000;
  const WallTime now = stand.clock.wall_now();
  stand.campaign = wait_for(stand.campaigns.create(definition, CampaignStatus::Running, now))->number;
  stand.fence = *wait_for(stand.deliveries.take_fence(stand.campaign, now));
  GeneratedPlan source(rows, channel_count);
  for (;;) {
    auto batch = wait_for(source.next(1000));
    if (batch->empty()) break;
    (void)wait_for(stand.deliveries.append_plan(stand.campaign, std::move(*batch)));
  }
  (void)wait_for(stand.deliveries.complete_plan(stand.campaign, Money{1}));
}

void send_all(Stand& stand) {
  const WallTime now = stand.clock.wall_now();
  for (const Channel channel : all_channels) {
    for (;;) {
      const auto reply = wait_for(stand.deliveries.claim({stand.campaign, channel, stand.fence, 1000, now}));
      if (reply->claimed.empty()) break;
      std::vector<AttemptRecord> records;
      std::vector<DeliveryEvent> events;
      for (const ClaimedDelivery& one : reply->claimed) {
        AttemptRecord& record = records.emplace_back();
        record.attempt = one.attempt;
        record.channel = channel;
        record.to = DeliveryState::Accepted;
        record.at = now;
        const auto kind = static_cast<std::int64_t>(one.attempt.delivery) % 5;
        if (kind == 0) events.push_back({one.attempt.delivery, DeliveryEventKind::Opened, now, ""});
        if (kind == 1) events.push_back({one.attempt.delivery, DeliveryEventKind::Replied, now, ""});
      }
      (void)wait_for(stand.deliveries.record(stand.campaign, stand.fence, std::move(records)));
      (void)wait_for(stand.deliveries.apply_events(std::move(events)));
    }
  }
}

std::shared_ptr<const ContactTable> people(std::int64_t rows) {
  ContactTable::Builder builder;
  builder.reserve(static_cast<std::size_t>(rows));
  Contact contact;
  for (std::int64_t i = 0; i < rows; ++i) {
    contact.id = "CUST-" + std::to_string(i);
    contact.country = i % 3 == 0 ? "IN" : "US";
    contact.age = static_cast<std::int32_t>(18 + i % 60);
    builder.add(contact);
  }
  return std::move(builder).build();
}

void measure_all(std::int64_t rows) {
  Report report(rows);
  Stand stand;
  const PlanningSources sources{stand.suppressions, stand.log, stand.contact_log, stand.clock};
  const auto read_facts = [&] { (void)wait_for(load_audience_facts(sources, stand.clock.wall_now())); };
  report.measure("plan them", [&] { plan(stand, rows); });
  report.measure("facts, all waiting", read_facts);
  report.measure("send them", [&] { send_all(stand); });
  report.measure("facts, all sent this week", read_facts);
  const auto contacts = people(rows);
  const WallTime now = stand.clock.wall_now() + std::chrono::days(1);
  auto evidence = std::make_shared<ResponseEvidence>(now);
  report.measure("outcomes", [&] {
    (void)wait_for(stand.contact_log.visit_outcomes(now - EvidenceRules{}.window(), [&evidence](
                                                                                        const ContactOutcome& one) {
      evidence->add(one.contact_id, {one.channel, one.sent_at, one.was_opened, one.was_answered, one.was_unwelcome});
    }));
  });
  report.measure("learn from them", [&] { (void)learn_responses(*contacts, now, {}, evidence); });
}

}  // namespace
}  // namespace clarion::bench

int main(int argc, char** argv) {
  clarion::bench::measure_all(argc > 1 ? std::atoll(argv[1]) : 1'000'000);
  return 0;
}
