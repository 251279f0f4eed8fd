#pragma once
// EmailAccountClient: what SES v2 says of the account, its sending identities and configuration sets.
//
// Pace    1 request/s, SES's limit of everything but sending (docs.aws.amazon.com/ses/latest/dg/quotas.html).
// Source  model sesv2 2019-09-27; unknown members are ignored.
// Errors  as to_aws_error; what is looked for and absent is nullopt.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "aws/aws_reader.h"

namespace clarion {

struct EmailAccount {
  double max_per_second = 0;          // recipients
  std::optional<double> max_per_day;  // recipients in 24 hours; nullopt: unlimited
  double sent_last_day = 0;
  bool is_sending_enabled = false;     // false: paused, by AWS or the operator
  bool has_production_access = false;  // false: sandbox, only verified recipients
  std::string enforcement;             // "HEALTHY", "PROBATION", "SHUTDOWN"
};

struct EmailIdentity {
  std::string name;  // "news@example.com" or "example.com"
  bool is_verified = false;
  std::string verification;       // "SUCCESS", "PENDING", "FAILED", "TEMPORARY_FAILURE", "NOT_STARTED"
  std::string dkim;               // the same words; empty: not said
  std::string configuration_set;  // used when a message names none
};

struct EmailEventDestination {
  std::string name;
  bool is_enabled = false;
  std::vector<std::string> events;  // "SEND", "DELIVERY", "BOUNCE", "COMPLAINT", ...
  std::string topic_arn;            // SNS; empty: goes elsewhere
};

struct EmailConfigurationSet {
  std::string name;
  bool is_sending_enabled = false;
};

class EmailAccountClient {
 public:
  // REQUIRES: a caller of the endpoint of AwsService::Email. `deps.least_gap` is replaced by SES's.
  explicit EmailAccountClient(AwsReader::Deps deps);

  Task<Result<EmailAccount>> get_account();
  Task<Result<std::optional<EmailIdentity>>> find_identity(std::string name);
  // The identity that SES takes for mail from `address`: the address itself, its domain or a domain above it, the first
  // that exists.
  Task<Result<std::optional<EmailIdentity>>> find_sending_identity(std::string address);
  Task<Result<std::optional<EmailConfigurationSet>>> find_configuration_set(std::string name);
  // Empty also when there is no such set.
  Task<Result<std::vector<EmailEventDestination>>> list_event_destinations(std::string configuration_set);

 private:
  Task<Result<boost::json::value>> get(std::string_view operation, std::string path);

  AwsReader reader_;
};

}  // namespace clarion
