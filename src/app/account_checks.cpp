#include "app/account_checks.h"

#include <fmt/format.h>

#include <boost/asio/this_coro.hpp>

#include "app/aws_context.h"
#include "app/event_checks.h"
#include "app/queue_checks.h"
#include "app/sender_checks.h"
#include "app/table_checks.h"
#include "aws/sts_client.h"

namespace clarion {
namespace {

using namespace std::chrono_literals;

// The sentences of these errors say what to do.
Check failed(std::string subject, const Error& error) {
  return {.subject = std::move(subject),
          .source = {},
          .outcome = CheckOutcome::Failed,
          .found = error.message,
          .next_step = {}};
}

bool check_region(const AwsConfig& config, std::vector<Check>& checks) {
  const auto region = choose_aws_region(config);
  if (!region) {
    checks.push_back(failed("AWS_REGION", region.error()));
    return false;
  }
  checks.push_back({.subject = "AWS_REGION", .source = {}, .found = *region, .next_step = {}});
  return true;
}

// An override gets every message and every address, so it is never shown quietly.
bool check_endpoints(const Settings& settings, const AwsConfig& config, std::vector<Check>& checks) {
  std::vector<std::pair<AwsService, const char*>> services;
  const PerChannel<bool> set_up = settings.carriers.set_up();
  if (set_up[Channel::Sms]) services.emplace_back(AwsService::Sms, "SMS endpoint");
  if (set_up[Channel::WhatsApp]) services.emplace_back(AwsService::WhatsApp, "WhatsApp endpoint");
  if (set_up[Channel::Email]) services.emplace_back(AwsService::Email, "SES endpoint");
  services.emplace_back(AwsService::Sts, "STS endpoint");
  if (settings.store == StoreKind::DynamoDb) services.emplace_back(AwsService::DynamoDb, "DynamoDB endpoint");
  const bool has_work_queue = settings.store == StoreKind::DynamoDb && !settings.work_queue_url.empty();
  if (!settings.events_queue_url.empty() || has_work_queue) services.emplace_back(AwsService::Sqs, "SQS endpoint");
  bool are_good = true;
  for (const auto& [service, name] : services) {
    const auto chosen = choose_aws_endpoint(config, service);
    if (!chosen) {
      checks.push_back(failed(name, chosen.error()));
      are_good = false;
      continue;
    }
    Check check{.subject = name, .source = chosen->overridden_by, .found = chosen->url(), .next_step = {}};
    if (!chosen->overridden_by.empty()) {
      check.outcome = CheckOutcome::Warning;
      check.found = fmt::format("OVERRIDDEN: {} instead of AWS", chosen->url());
      check.next_step =
          fmt::format("Every request goes to {}; unset {} to use AWS.", chosen->url(), chosen->overridden_by);
    }
    checks.push_back(std::move(check));
  }
  return are_good;
}

Task<bool> check_credentials(AwsContext& aws, std::vector<Check>& checks) {
  const auto credentials = co_await aws.credentials().get();
  if (!credentials) {
    checks.push_back(failed("credentials", credentials.error()));
    co_return false;
  }
  const auto described = aws.credentials().describe();
  checks.push_back({.subject = "credentials",
                    .source = described ? described->source : "",
                    .found = described ? "key " + described->access_key_id : "",
                    .next_step = {}});
  co_return true;
}

Task<void> check_identity(AwsContext& aws, std::vector<Check>& checks) {
  const auto caller = aws.make_caller(AwsService::Sts, 10s);
  if (!caller) co_return;  // its endpoint has a row
  const auto identity = co_await StsClient({**caller, aws.clock()}).get_caller_identity();
  if (identity) {
    checks.push_back({.subject = "identity",
                      .source = {},
                      .found = fmt::format("account {}, {}", identity->account, identity->arn),
                      .next_step = {}});
    co_return;
  }
  Check check = failed("identity", identity.error());
  if (identity.error().kind != ErrorKind::Denied) {
    // A network without a way to STS can still send.
    check.outcome = CheckOutcome::Warning;
    check.is_essential = false;
  }
  checks.push_back(std::move(check));
}

}  // namespace

Task<std::vector<Check>> check_account(const Settings& settings, Clock& clock, CheckDepth depth) {
  std::vector<Check> checks;
  auto aws = AwsContext::make(settings, clock, co_await asio::this_coro::executor);
  if (!aws) {
    checks.push_back(failed("AWS configuration", aws.error()));
    co_return checks;
  }
  // Without a region no endpoint is known.
  const bool can_reach = check_region((*aws)->config(), checks) && check_endpoints(settings, (*aws)->config(), checks);
  if (co_await check_credentials(**aws, checks) && can_reach) {
    co_await check_identity(**aws, checks);
    co_await check_dynamo_tables(settings, **aws, depth == CheckDepth::Create, checks);
    if (depth != CheckDepth::StartUp) {
      co_await check_senders(settings, **aws, checks);
      co_await check_events_queue(settings, **aws, checks);
      co_await check_work_queue(settings, **aws, checks);
    }
  }
  co_await (*aws)->close();
  co_return checks;
}

}  // namespace clarion
