#pragma once
// Whether the tables are there, and making them for development.

#include <vector>

#include "app/aws_context.h"
#include "app/checks.h"
#include "base/task.h"

namespace clarion {

// One row for each table that is named, and one for the expiry of old details; none unless records are kept in
// DynamoDB. With `creates`, those that are missing are made first.
Task<void> check_dynamo_tables(const Settings& settings, AwsContext& aws, bool creates, std::vector<Check>& checks);

}  // namespace clarion
