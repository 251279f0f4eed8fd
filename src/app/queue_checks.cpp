#include "app/queue_checks.h"

#include <fmt/format.h>

#include "aws/sqs_client.h"
#include "ports/work_queue.h"
#include "store/dynamo_worker.h"

namespace clarion {
namespace {

using namespace std::chrono_literals;

// Broken messages are put aside after so many receipts. One or two would put aside what a worker that ended held.
constexpr std::int32_t least_receives = 3;

void warn(Check& check, std::string found, std::string next_step) {
  check.outcome = CheckOutcome::Warning;
  check.found = std::move(found);
  check.next_step = std::move(next_step);
}

void judge(Check& check, const SqsQueue& queue, const std::string& url) {
  if (queue.arn.ends_with(".fifo")) {
    warn(check, "it is a FIFO queue",
         "Use a standard queue: references need no order, and FIFO queues hold up others.");
  } else if (queue.lease <= 2 * DynamoWorker::lease) {
    warn(
        check,
        fmt::format("its visibility time-out of {} s is too short beside the {} s lease of a worker",
                    queue.lease.count(), std::chrono::duration_cast<std::chrono::seconds>(DynamoWorker::lease).count()),
        fmt::format("aws sqs set-queue-attributes --queue-url {} --attributes VisibilityTimeout={}", url,
                    WorkQueue::holding.count()));
  } else if (queue.dead_letter_arn.empty()) {
    warn(check, "it has no dead-letter queue: a message that cannot be used comes again for days",
         "Deploy deploy/cloudformation.yaml, or set the queue's RedrivePolicy.");
  } else if (queue.most_receives < least_receives) {
    warn(check, fmt::format("it puts messages aside after {} receipts", queue.most_receives),
         "Set maxReceiveCount of its RedrivePolicy to 5: a worker that ends has used up one.");
  }
}

}  // namespace

Task<void> check_work_queue(const Settings& settings, AwsContext& aws, std::vector<Check>& checks) {
  if (settings.store != StoreKind::DynamoDb || settings.work_queue_url.empty()) co_return;
  const auto caller = aws.make_caller(AwsService::Sqs, 10s);
  if (!caller) co_return;  // its endpoint has a row
  SqsClient client({.caller = **caller, .clock = aws.clock()}, settings.work_queue_url);
  const auto queue = co_await client.get_queue();
  Check check{.subject = "work queue", .source = {}, .found = {}, .next_step = {}, .is_essential = false};
  if (queue) {
    check.found = fmt::format("{} waiting, {} held, {} delayed", queue->waiting, queue->in_flight, queue->delayed);
    judge(check, *queue, settings.work_queue_url);
  } else {
    check.outcome = CheckOutcome::Failed;
    check.found = queue.error().message;
    check.next_step = "Until it works, work is found in the ledger: slower to begin, and with more reads.";
  }
  checks.push_back(std::move(check));
}

}  // namespace clarion
