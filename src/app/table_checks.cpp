#include "app/table_checks.h"

#include <fmt/format.h>

#include <boost/asio/this_coro.hpp>

#include "app/dynamo_context.h"
#include "store/dynamo_database.h"

namespace clarion {
namespace {

Check describe(const std::string& table, const Result<std::optional<std::string>>& status) {
  Check check{.subject = "table " + table, .source = {}, .found = {}, .next_step = {}};
  if (status && *status && **status == "ACTIVE") {
    check.found = "active";
    return check;
  }
  check.outcome = CheckOutcome::Failed;
  if (!status) {
    check.found = status.error().message;
  } else if (!*status) {
    check.found = "it does not exist";
    check.next_step =
        "Deploy deploy/cloudformation.yaml, or for development run `clarion doctor --create`, which makes it.";
  } else {
    check.found = "it is " + **status;
    check.next_step = "Wait until it is ACTIVE.";
  }
  return check;
}

// Without it details are kept, and paid for, for ever; nothing else depends on it.
Check describe_expiry(const std::string& table, const Result<std::optional<std::string>>& attribute) {
  Check check{.subject = "expiry of old details", .source = {}, .found = {}, .next_step = {}, .is_essential = false};
  if (attribute && *attribute == expiry_attribute) {
    check.found = fmt::format("on, by {}", expiry_attribute);
    return check;
  }
  check.outcome = CheckOutcome::Warning;
  check.found = attribute ? fmt::format("off: {} only grows", table) : "AWS did not say: " + attribute.error().message;
  check.next_step = fmt::format("Turn time to live on for {} with the attribute {}; deploy/cloudformation.yaml does.",
                                table, expiry_attribute);
  return check;
}

}  // namespace

Task<void> check_dynamo_tables(const Settings& settings, AwsContext& aws, bool creates, std::vector<Check>& checks) {
  const DynamoTableNames& names = settings.tables;
  const bool are_named =
      !names.campaigns.empty() && !names.deliveries.empty() && !names.rates.empty() && !names.contacts.empty();
  if (settings.store != StoreKind::DynamoDb || !are_named) co_return;
  auto dynamo = DynamoContext::make(settings, aws, co_await asio::this_coro::executor);
  if (!dynamo) co_return;  // its endpoint has a row
  DynamoDatabase& database = (*dynamo)->database();
  if (creates) {
    if (const auto created = co_await database.create_tables(); !created) {
      checks.push_back({.subject = "tables",
                        .source = {},
                        .outcome = CheckOutcome::Failed,
                        .found = "they could not be made: " + created.error().message,
                        .next_step = {}});
    }
  }
  for (const std::string& table : {names.campaigns, names.deliveries, names.rates, names.contacts}) {
    checks.push_back(describe(table, co_await database.client().table_status(table)));
  }
  checks.push_back(describe_expiry(names.deliveries, co_await database.client().time_to_live(names.deliveries)));
}

}  // namespace clarion
