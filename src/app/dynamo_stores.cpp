#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <optional>
#include <random>

#include "app/dynamo_context.h"
#include "app/stores.h"
#include "base/task_group.h"
#include "engine/leasing_rate_ledger.h"
#include "engine/recording_suppression_store.h"
#include "store/data_directory_lock.h"
#include "store/dynamo_budget_ledger.h"
#include "store/dynamo_campaign_store.h"
#include "store/dynamo_consent_log.h"
#include "store/dynamo_contact_log.h"
#include "store/dynamo_delivery_log.h"
#include "store/dynamo_delivery_store.h"
#include "store/dynamo_message_index.h"
#include "store/dynamo_plan_lease.h"
#include "store/dynamo_rate_frontier.h"
#include "store/dynamo_response_log.h"
#include "store/dynamo_run_history_store.h"
#include "store/dynamo_segment_store.h"
#include "store/dynamo_suppression_store.h"
#include "store/dynamo_template_store.h"
#include "store/dynamo_token_store.h"
#include "store/sqs_work_queue.h"

namespace clarion {
namespace {

using namespace std::chrono_literals;

// Below the lease of a worker, as every call; a receipt takes its wait on top.
constexpr std::chrono::milliseconds queue_call_deadline = 5s;

// A name that this worker has again after a restart and no other has: what the process before it left in the middle is
// then settled at once. One process at a time has the data directory of a machine.
std::string worker_name(const Settings& settings) {
  std::array<char, 256> host{};
  if (::gethostname(host.data(), host.size() - 1) != 0) host[0] = '?';
  return fmt::format("{}:{}", host.data(), std::filesystem::absolute(settings.data_dir).string());
}

// The queue that WORK_QUEUE_URL names, and what this worker does with it.
class QueuedWork {
 public:
  QueuedWork(std::unique_ptr<AwsCaller> caller, const Settings& settings, DynamoLedger& ledger)
      : caller_(std::move(caller)),
        client_({.caller = *caller_, .clock = ledger.database().clock(), .seed = std::random_device()()},
                settings.work_queue_url),
        runner_(ledger, queue_) {}

  [[nodiscard]] WorkRunner& runner() { return runner_; }

 private:
  std::unique_ptr<AwsCaller> caller_;
  SqsClient client_;
  SqsWorkQueue queue_{client_};
  WorkRunner runner_;
};

class DynamoStores final : public Stores {
 public:
  // Without a caller of SQS work is found in the ledger alone.
  DynamoStores(const Settings& settings, DataDirectoryLock lock, std::unique_ptr<DynamoContext> dynamo,
               std::unique_ptr<AwsCaller> queue, asio::any_io_executor executor)
      : lock_(std::move(lock)),
        dynamo_(std::move(dynamo)),
        executor_(std::move(executor)),
        ledger_(dynamo_->database(), worker_name(settings), make_instance_name()),
        runs_(dynamo_->database(), worker_name(settings)),
        rates_(frontier_, dynamo_->database().clock(), std::random_device()()) {
    if (queue) work_.emplace(std::move(queue), settings, ledger_);
  }

  CampaignStore& campaigns() override { return campaigns_; }
  DeliveryStore& deliveries() override { return deliveries_; }
  DeliveryLog& log() override { return log_; }
  ResponseLog& responses() override { return responses_; }
  ContactLog& contact_log() override { return contact_log_; }
  PlanLease* plan_lease() override { return &plan_lease_; }
  SegmentStore& segments() override { return segments_; }
  TemplateStore& templates() override { return templates_; }
  SuppressionStore& suppressions() override { return recording_suppressions_; }
  ConsentLog& consents() override { return consents_; }
  TokenStore& tokens() override { return tokens_; }
  RateLedger& rates() override { return rates_; }
  MessageIndex& messages() override { return messages_; }
  RunHistoryStore& runs() override { return runs_; }
  BudgetLedger* budgets() override { return &budgets_; }
  [[nodiscard]] bool is_shared() const override { return true; }
  [[nodiscard]] WorkRunner* work() override { return work_ ? &work_->runner() : nullptr; }
  [[nodiscard]] std::unique_ptr<ContactSource> make_contacts() override {
    return make_table_contacts(contacts_, executor_);
  }

  Task<Result<void>> check() override { return dynamo_->database().run(ledger_.worker().check()); }
  Task<void> start() override {
    background_.spawn(executor_, ledger_.worker().run());
    co_return;
  }
  Task<void> close() override {
    background_.cancel();
    co_await background_.join();
    if (work_) co_await work_->runner().close();
    // Best effort: otherwise others wait for the lease to run out.
    (void)co_await ledger_.worker().end();
  }

 private:
  DataDirectoryLock lock_;  // of the instance file: commands find this process by it
  std::unique_ptr<DynamoContext> dynamo_;
  asio::any_io_executor executor_;
  DynamoLedger ledger_;
  DynamoCampaignStore campaigns_{ledger_};
  DynamoDeliveryStore deliveries_{ledger_};
  DynamoDeliveryLog log_{ledger_};
  DynamoResponseLog responses_{ledger_};
  DynamoContactLog contact_log_{ledger_};
  DynamoPlanLease plan_lease_{dynamo_->database(), ledger_.worker()};
  DynamoSegmentStore segments_{dynamo_->database()};
  DynamoTemplateStore templates_{dynamo_->database()};
  DynamoSuppressionStore suppressions_{dynamo_->database()};
  DynamoConsentLog consents_{dynamo_->database()};
  RecordingSuppressionStore recording_suppressions_{
      {.inner = suppressions_, .log = consents_, .clock = dynamo_->database().clock()}};
  DynamoTokenStore tokens_{dynamo_->database()};
  DynamoContacts contacts_{dynamo_->database()};
  DynamoMessageIndex messages_{dynamo_->database()};
  DynamoRunHistoryStore runs_;
  DynamoBudgetLedger budgets_{dynamo_->database(), ledger_.worker()};
  DynamoRateFrontier frontier_{dynamo_->database()};
  LeasingRateLedger rates_;
  std::optional<QueuedWork> work_;
  TaskGroup background_;
};

}  // namespace

Result<std::unique_ptr<Stores>> open_dynamo_stores(const Settings& settings, AwsContext& aws,
                                                   const asio::any_io_executor& executor) {
  std::error_code error;
  if (std::filesystem::create_directories(settings.data_dir, error)) {
    std::filesystem::permissions(settings.data_dir, std::filesystem::perms::owner_all, error);
  }
  auto lock = DataDirectoryLock::take(settings.data_dir);
  if (!lock) return std::unexpected(lock.error());
  auto dynamo = DynamoContext::make(settings, aws, executor);
  if (!dynamo) return std::unexpected(dynamo.error());
  std::unique_ptr<AwsCaller> queue;
  if (!settings.work_queue_url.empty()) {
    auto caller = aws.make_caller(AwsService::Sqs, queue_call_deadline);
    if (!caller) return std::unexpected(caller.error());
    queue = std::move(*caller);
  }
  return std::make_unique<DynamoStores>(settings, std::move(*lock), std::move(*dynamo), std::move(queue), executor);
}

}  // namespace clarion
