#include "app/event_checks.h"

#include <fmt/format.h>

#include <boost/json/parse.hpp>

#include <algorithm>
#include <iterator>

#include "app/api_client.h"
#include "app/instance_file.h"
#include "aws/json_object.h"
#include "aws/sqs_client.h"

namespace clarion {
namespace {

using namespace std::chrono_literals;

constexpr std::chrono::milliseconds ask_deadline = 10s;
// A batch is applied within seconds; what comes again before that is work done twice.
constexpr std::chrono::seconds least_lease = 30s;
constexpr std::int64_t backlog = 10'000;

Check row(std::string subject, CheckOutcome outcome, std::string found, std::string next_step = {}) {
  return {.subject = std::move(subject),
          .source = {},
          .outcome = outcome,
          .found = std::move(found),
          .next_step = std::move(next_step),
          .is_essential = false};
}

Check describe_queue(const SqsQueue& queue) {
  constexpr const char* subject = "events queue";
  if (queue.dead_letter_arn.empty()) {
    return row(subject, CheckOutcome::Warning,
               "no dead-letter queue: what is not understood comes again until it expires",
               "Give it a redrive policy with maxReceiveCount 10, as deploy/cloudformation.yaml does.");
  }
  if (queue.most_receives < 3) {
    return row(subject, CheckOutcome::Warning,
               fmt::format("its redrive policy gives a message up after {} receives", queue.most_receives),
               "Set maxReceiveCount to 10: a process that is stopped while it reads uses up one of them.");
  }
  if (queue.lease < least_lease) {
    return row(
        subject, CheckOutcome::Warning,
        fmt::format("its visibility time-out is {} s: events come again while they are applied", queue.lease.count()),
        "Set the visibility time-out to 60 s.");
  }
  if (queue.waiting > backlog) {
    return row(subject, CheckOutcome::Warning, fmt::format("about {} messages wait", queue.waiting),
               "Start a server, or more of them: every `clarion serve` reads the queue.");
  }
  return row(subject, CheckOutcome::Good,
             fmt::format("about {} wait, {} are being read; given up after {} receives", queue.waiting, queue.in_flight,
                         queue.most_receives));
}

std::string age_of(WallTime time, WallTime now) {
  const auto age = std::max(now - time, std::chrono::milliseconds(0));
  if (age < 2min) return fmt::format("{} s ago", std::chrono::floor<std::chrono::seconds>(age).count());
  if (age < 2h) return fmt::format("{} min ago", std::chrono::floor<std::chrono::minutes>(age).count());
  if (age < 48h) return fmt::format("{} h ago", std::chrono::floor<std::chrono::hours>(age).count());
  return fmt::format("{} days ago", std::chrono::floor<std::chrono::days>(age).count());
}

std::int64_t count_in(const boost::json::value& source, std::string_view name) {
  return static_cast<std::int64_t>(json_number(source, name).value_or(0));
}

Check describe_source(const boost::json::value& source, WallTime now) {
  const std::string subject = json_text(source, "source") == "sns" ? "events from SNS" : "events";
  const std::string status = json_text(source, "status");
  if (status == "off") {
    return row(subject, CheckOutcome::Warning, "the running server reads none",
               "Set EVENTS_QUEUE_URL and start it again.");
  }
  if (status == "failing") {
    return row(subject, CheckOutcome::Failed, json_text(source, "last_error"),
               "The server tries again by itself; mend what the sentence names.");
  }
  const auto last = parse_iso8601(json_text(source, "last_received_at"));
  if (!last) {
    return row(subject, CheckOutcome::Good, "the running server reads them; none has come since it started");
  }
  const std::string found =
      fmt::format("the last came {}; {} received, {} applied, {} of no delivery here", age_of(*last, now),
                  count_in(source, "received"), count_in(source, "applied"), count_in(source, "unmatched"));
  if (const auto malformed = count_in(source, "malformed"); malformed > 0) {
    return row(subject, CheckOutcome::Warning, fmt::format("{}; {} not understood", found, malformed),
               "Look at the dead-letter queue; the log's event_malformed says why. docs/events.md.");
  }
  return row(subject, CheckOutcome::Good, found);
}

}  // namespace

std::vector<Check> describe_event_flow(std::string_view document, WallTime now) {
  boost::system::error_code error;
  const auto health = boost::json::parse(document, error);
  const auto& sources = json_list(health, "sources");
  if (sources.empty()) {
    return {row("events", CheckOutcome::Warning, "the running server does not say whether events come",
                "Start it again with this version.")};
  }
  std::vector<Check> rows;
  for (const auto& source : sources) rows.push_back(describe_source(source, now));
  return rows;
}

Task<void> check_events_queue(const Settings& settings, AwsContext& aws, std::vector<Check>& checks) {
  if (settings.events_queue_url.empty()) co_return;
  const auto caller = aws.make_caller(AwsService::Sqs, ask_deadline);
  if (!caller) co_return;  // its endpoint has a row
  const auto queue =
      co_await SqsClient({.caller = **caller, .clock = aws.clock()}, settings.events_queue_url).get_queue();
  checks.push_back(queue ? describe_queue(*queue) : row("events queue", CheckOutcome::Failed, queue.error().message));
}

void check_event_flow(const Settings& settings, WallTime now, std::vector<Check>& checks) {
  const auto server = find_running_instance(settings.data_dir);
  if (!server || server->port == 0) return;
  const auto reply = make_loopback_client(server->host, server->port, server->token)->call({.path = "/api/events"});
  if (reply) std::ranges::move(describe_event_flow(reply->body, now), std::back_inserter(checks));
}

}  // namespace clarion
