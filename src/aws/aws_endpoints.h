#pragma once
// Where each AWS service is reached: its regional host, or what the operator put in its place.
//
// Order   AWS_ENDPOINT_URL_<SERVICE>, AWS_ENDPOINT_URL, the profile's [services] section, its endpoint_url, AWS's own.
// Source  service models of botocore 1.43.67 (August 2026);
//         https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html

#include <cstdint>
#include <string>

#include "aws/aws_caller.h"
#include "aws/aws_config.h"

namespace clarion {

enum class AwsService : std::uint8_t { Sms, WhatsApp, Email, DynamoDb, Sqs, Sns, Sts, BedrockRuntime, CloudWatchLogs };

struct ChosenEndpoint {
  AwsEndpoint endpoint;
  // "AWS_ENDPOINT_URL_SQS" or "endpoint_url of profile 'x'"; empty: AWS's own endpoint. What is overridden gets every
  // message and every address, so it is shown to the operator.
  std::string overridden_by;

  // "https://sqs.us-east-1.amazonaws.com" or "http://127.0.0.1:4566/base".
  [[nodiscard]] std::string url() const;
};

// AWS_REGION, AWS_DEFAULT_REGION or the profile's region. Invalid when none is set, or it is not the name of a region.
[[nodiscard]] Result<std::string> choose_aws_region(const AwsConfig& config);

// Invalid as choose_aws_region, or when the URL that overrides is none.
[[nodiscard]] Result<ChosenEndpoint> choose_aws_endpoint(const AwsConfig& config, AwsService service);

}  // namespace clarion
