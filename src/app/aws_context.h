#pragma once
// AwsContext: what every AWS client of the process stands on: configuration, credentials, one pool of connections.
//
// Threads  used, closed and destroyed with one executor. Await close() before destruction.

#include <boost/asio/any_io_executor.hpp>

#include <chrono>
#include <memory>

#include "app/settings.h"
#include "aws/aws_caller.h"
#include "aws/aws_config.h"
#include "aws/aws_endpoints.h"
#include "aws/credentials_chain.h"
#include "base/clock.h"
#include "net/http_client.h"

namespace clarion {

class AwsContext {
 public:
  // Invalid: a configuration file, the proxy's address or the authorities cannot be read. Nothing is contacted.
  static Result<std::unique_ptr<AwsContext>> make(const Settings& settings, Clock& clock,
                                                  asio::any_io_executor executor);

  // Calls of one service, each with `deadline` for the whole exchange. Invalid as choose_aws_endpoint.
  [[nodiscard]] Result<std::unique_ptr<AwsCaller>> make_caller(AwsService service, std::chrono::milliseconds deadline);
  [[nodiscard]] const AwsConfig& config() const { return config_; }
  [[nodiscard]] CredentialsChain& credentials() { return credentials_; }
  [[nodiscard]] Clock& clock() { return clock_; }
  // The connections of all clients: requests of one's own, TLS verified.
  [[nodiscard]] HttpTransport& transport() { return http_; }
  // Ends every exchange under way and closes every connection.
  Task<void> close();

 private:
  AwsContext(AwsSources sources, AwsConfig config, Clock& clock, asio::any_io_executor executor,
             HttpClientOptions options);

  AwsConfig config_;
  Clock& clock_;
  HttpClient http_;
  CredentialsChain credentials_;
};

}  // namespace clarion
