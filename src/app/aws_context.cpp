#include "app/aws_context.h"

#include <exception>
#include <random>

namespace clarion {
namespace {

AwsSources sources_of(const Settings& settings) {
  auto variable = [environment = settings.environment](const std::string& name) -> std::optional<std::string> {
    const auto found = environment.find(name);
    if (found == environment.end()) return std::nullopt;
    return found->second;
  };
  return {.variable = std::move(variable), .read_file = read_config_file};
}

}  // namespace

Result<std::unique_ptr<AwsContext>> AwsContext::make(const Settings& settings, Clock& clock,
                                                     asio::any_io_executor executor) {
  AwsSources sources = sources_of(settings);
  auto config = AwsConfig::read(sources);
  if (!config) return std::unexpected(config.error());
  auto proxy = proxy_from_environment(sources.variable);
  if (!proxy) return std::unexpected(proxy.error());
  HttpClientOptions options;
  options.proxy = std::move(*proxy);
  options.ca_file = config->variable("AWS_CA_BUNDLE");
  try {
    return std::unique_ptr<AwsContext>(
        new AwsContext(std::move(sources), std::move(*config), clock, std::move(executor), std::move(options)));
  } catch (const std::runtime_error& error) {
    return fail(ErrorKind::Invalid, std::string("AWS_CA_BUNDLE: ") + error.what());
  }
}

AwsContext::AwsContext(AwsSources sources, AwsConfig config, Clock& clock, asio::any_io_executor executor,
                       HttpClientOptions options)
    : config_(std::move(config)),
      clock_(clock),
      http_(std::move(executor), clock, std::move(options)),
      credentials_(
          {.sources = std::move(sources), .transport = http_, .clock = clock, .seed = std::random_device()()}) {}

Result<std::unique_ptr<AwsCaller>> AwsContext::make_caller(AwsService service, std::chrono::milliseconds deadline) {
  auto chosen = choose_aws_endpoint(config_, service);
  if (!chosen) return std::unexpected(chosen.error());
  return std::make_unique<AwsCaller>(AwsCaller::Deps{http_, credentials_, clock_}, std::move(chosen->endpoint),
                                     deadline);
}

Task<void> AwsContext::close() {
  co_await http_.close();
}

}  // namespace clarion
