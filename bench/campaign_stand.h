#pragma once
// What the campaign benchmarks share: a ledger in a temporary directory, an engine over it, a plan that is generated,
// and the figures of the process.

#include <sys/resource.h>
#include <unistd.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <optional>
#include <string>

#include "base/log.h"
#include "engine/campaign_engine.h"
#include "engine/process_rate_ledger.h"
#include "store/sqlite_campaign_store.h"
#include "store/sqlite_delivery_store.h"

namespace clarion::bench {

// User and system time of the whole process, in microseconds.
inline double cpu_micros() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto micros = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) * 1e6 + static_cast<double>(time.tv_usec);
  };
  return micros(usage.ru_utime) + micros(usage.ru_stime);
}

inline double resident_megabytes() {
  std::ifstream file("/proc/self/statm");
  long total = 0;
  long resident = 0;
  file >> total >> resident;
  return static_cast<double>(resident) * static_cast<double>(sysconf(_SC_PAGESIZE)) / 1e6;
}

class TempDirectory {
 public:
  TempDirectory() {
    std::string pattern = (std::filesystem::temp_directory_path() / "clarion-bench-XXXXXX").string();
    if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no temporary directory");
    path_ = pattern;
  }
  ~TempDirectory() { std::filesystem::remove_all(path_); }
  TempDirectory(const TempDirectory&) = delete;
  TempDirectory& operator=(const TempDirectory&) = delete;
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

// `count` waiting rows, over the first `channels` channels in turn, of about the size that real plans have.
class GeneratedPlan final : public PlanSource {
 public:
  GeneratedPlan(std::int64_t count, std::size_t channels) : count_(count), channels_(channels) {}
  Task<Result<std::vector<PlannedDelivery>>> next(std::size_t limit) override {
    std::vector<PlannedDelivery> rows;
    rows.reserve(limit);
    for (; made_ < count_ && rows.size() < limit; ++made_) {
      PlannedDelivery& row = rows.emplace_back();
      row.contact_id = "CUST-" + std::to_string(made_);
      row.channel = all_channels[static_cast<std::size_t>(made_) % channels_];
      row.destination = "+1425" + std::to_string(1'000'000 + made_);
      row.estimated_cost = Money{8'000};
      row.payload = R"(["Ana","20%","Laptop Pro 14","SAVE20","2026-12-24"])";
      row.why =
          R"({"rule":"best expected value","p":0.93,"scores":{"sms":0.041,"whatsapp":0.073,"email":0.022},"why":"answers there"})";
    }
    co_return rows;
  }
  [[nodiscard]] std::optional<std::int64_t> expected_rows() const override { return count_; }

 private:
  std::int64_t count_;
  std::size_t channels_;
  std::int64_t made_ = 0;
};

class PayloadRenderer final : public MessageRenderer {
 public:
  [[nodiscard]] Result<MessageBody> render(Channel channel, std::string_view payload) const override {
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

inline CampaignEngine::Deps engine_deps(
    CampaignStore& campaigns, DeliveryStore& deliveries, RateLedger& rates, PerChannel<ChannelSender*> senders,
    Clock& clock, std::shared_ptr<const MessageRenderer> renderer = std::make_shared<PayloadRenderer>()) {
  return {.campaigns = campaigns,
          .deliveries = deliveries,
          .rates = rates,
          .senders = senders,
          .clock = clock,
          .make_renderer = [renderer = std::move(renderer)](const CampaignDefinition&)
              -> Result<std::shared_ptr<const MessageRenderer>> { return renderer; },
          .make_plan_source = [](const Campaign&) -> Result<std::unique_ptr<PlanSource>> {
            return fail(ErrorKind::Invalid, "a benchmark plans once");
          },
          .max_tps = 2'000'000};
}

// Runs the loop until `task` has ended, and returns its value.
template <class T>
T run(asio::io_context& context, Task<T> task) {
  std::optional<T> value;
  asio::co_spawn(context, std::move(task), [&](const std::exception_ptr& failure, T result) {
    if (failure) std::rethrow_exception(failure);
    value.emplace(std::move(result));
  });
  context.restart();
  while (!value && context.run_one() > 0) {
  }
  return std::move(*value);
}

inline Task<bool> stop(CampaignEngine& engine, Clock& clock) {
  co_await engine.stop(clock.now() + std::chrono::seconds(5));
  co_return true;
}

}  // namespace clarion::bench
