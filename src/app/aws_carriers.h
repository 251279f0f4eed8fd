#pragma once
// The carriers of production: AWS End User Messaging SMS and Social, and SES, over one pool of connections.

#include "app/aws_context.h"
#include "app/carrier_set.h"

namespace clarion {

// Constructs the AWS clients; nothing is contacted before start(). Invalid: configuration, region or an endpoint
// that cannot be used, with what to change.
// REQUIRES: `aws` outlives them.
[[nodiscard]] Result<std::unique_ptr<CarrierSet>> make_aws_carriers(const Settings& settings, AwsContext& aws,
                                                                    const asio::any_io_executor& executor);

}  // namespace clarion
