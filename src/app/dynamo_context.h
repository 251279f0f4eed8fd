#pragma once
// DynamoContext: DynamoDB as the settings name it: a client over AwsContext and the tables.
//
// Threads  one executor. REQUIRES: the AwsContext outlives it.

#include <memory>
#include <string>

#include "app/aws_context.h"
#include "app/settings.h"
#include "aws/dynamo_client.h"
#include "store/dynamo_database.h"

namespace clarion {

// Of a process, or of what it begins anew: different from every other.
[[nodiscard]] std::string make_instance_name();

class DynamoContext {
 public:
  // Invalid as AwsContext::make_caller. Nothing is contacted.
  static Result<std::unique_ptr<DynamoContext>> make(const Settings& settings, AwsContext& aws,
                                                     const asio::any_io_executor& executor);

  [[nodiscard]] DynamoDatabase& database() { return database_; }

 private:
  DynamoContext(std::unique_ptr<AwsCaller> caller, Clock& clock, const asio::any_io_executor& executor,
                DynamoTableNames tables);

  std::unique_ptr<AwsCaller> caller_;
  DynamoClient client_;
  DynamoDatabase database_;
};

}  // namespace clarion
