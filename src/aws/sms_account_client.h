#pragma once
// SmsAccountClient: what AWS End User Messaging SMS says of pools, numbers, configuration sets and limits.
//
// Pace    1 request/s, the limit of its reads (docs.aws.amazon.com/sms-voice/latest/userguide/quotas.html).
// Source  model pinpoint-sms-voice-v2 2022-03-31; unknown members are ignored.
// Errors  as to_aws_error; what is looked for and absent is nullopt.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "aws/aws_reader.h"
#include "aws/json_object.h"

namespace clarion {

struct SmsPool {
  std::string id;
  std::string status;        // "ACTIVE", "CREATING", "DELETING"
  std::string message_type;  // "PROMOTIONAL", "TRANSACTIONAL"
  std::string opt_out_list;
  bool has_self_managed_opt_outs = false;
  bool has_shared_routes = false;
};

struct SmsNumber {
  std::string id;
  std::string number;   // "+12065550100"
  std::string status;   // "ACTIVE", "PENDING", ...
  std::string country;  // "US"
  std::string type;     // "SHORT_CODE", "LONG_CODE", "TEN_DLC", "TOLL_FREE", "SIMULATOR"
  std::string message_type;
  std::string pool_id;          // empty: in none
  std::string registration_id;  // of a 10DLC campaign, whose numbers share one rate
  std::string opt_out_list;
  bool can_send_sms = false;
  std::optional<double> parts_per_second;  // where the service says it
};

struct SmsEventDestination {
  std::string name;
  bool is_enabled = false;
  std::vector<std::string> events;  // "TEXT_ALL", "TEXT_DELIVERED", ...
  std::string topic_arn;            // SNS; empty: goes elsewhere
};

struct SmsConfigurationSet {
  std::string name;
  std::vector<SmsEventDestination> destinations;
};

struct SmsSpendLimit {
  std::string name;         // "TEXT_MESSAGE_MONTHLY_SPEND_LIMIT"
  double enforced_usd = 0;  // a month
  double max_usd = 0;       // up to which the operator may raise it
};

class SmsAccountClient {
 public:
  // REQUIRES: a caller of the endpoint of AwsService::Sms. `deps.least_gap` is replaced by the service's.
  explicit SmsAccountClient(AwsReader::Deps deps);

  Task<Result<std::optional<SmsPool>>> find_pool(std::string id);
  // Every number of the account.
  Task<Result<std::vector<SmsNumber>>> list_numbers();
  Task<Result<std::optional<SmsConfigurationSet>>> find_configuration_set(std::string name);
  Task<Result<std::vector<SmsSpendLimit>>> list_spend_limits();
  // "PRODUCTION" or "SANDBOX"; empty when the service does not say.
  Task<Result<std::string>> get_account_tier();

 private:
  Task<Result<boost::json::value>> describe(std::string operation, JsonObject input);
  // Every page of the list `member`.
  Task<Result<boost::json::array>> describe_all(std::string operation, std::string member, JsonObject input);

  AwsReader reader_;
};

}  // namespace clarion
