#include "app/dynamo_context.h"

#include <fmt/format.h>

#include <random>

namespace clarion {
namespace {

using namespace std::chrono_literals;

// Below the leases of the ledger, so that a call that hangs ends before its worker is taken for dead.
constexpr std::chrono::milliseconds call_deadline = 5s;

}  // namespace

std::string make_instance_name() {
  std::random_device device;
  return fmt::format("{:08x}{:08x}", device(), device());
}

Result<std::unique_ptr<DynamoContext>> DynamoContext::make(const Settings& settings, AwsContext& aws,
                                                           const asio::any_io_executor& executor) {
  auto caller = aws.make_caller(AwsService::DynamoDb, call_deadline);
  if (!caller) return std::unexpected(caller.error());
  return std::unique_ptr<DynamoContext>(new DynamoContext(std::move(*caller), aws.clock(), executor, settings.tables));
}

DynamoContext::DynamoContext(std::unique_ptr<AwsCaller> caller, Clock& clock, const asio::any_io_executor& executor,
                             DynamoTableNames tables)
    : caller_(std::move(caller)),
      client_({.caller = *caller_, .clock = clock, .seed = std::random_device()()}),
      database_(executor, client_, clock, std::move(tables)) {}

}  // namespace clarion
