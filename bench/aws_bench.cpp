// What one SMS costs on its way through AwsSmsSender: body, signature, exchange over loopback, reply; over HTTP and
// TLS. The server is another process.
//
//   aws_bench [MESSAGES=200000] [AT_ONCE=64]
//
// "alone"     AT_ONCE sends at a time and nothing else, after a tenth to warm up
// "campaign"  sent by the engine from a SQLite ledger: claim, pace, send, record
// CPU is user and system time of this process.

#include <algorithm>
#include <cstring>

#include "answering_server.h"
#include "aws/aws_caller.h"
#include "base/task_group.h"
#include "campaign_stand.h"
#include "carriers/aws_sms_sender.h"
#include "net/http_client.h"

namespace clarion::bench {
namespace {

class FixedCredentials final : public CredentialsSource {
 public:
  [[nodiscard]] const AwsCredentials* ready() const override { return &keys_; }
  Task<Result<AwsCredentials>> get() override { co_return keys_; }
  void expire(const AwsCredentials& /*refused*/) override {}

 private:
  AwsCredentials keys_{.access_key_id = "AKIDEXAMPLE", .secret_access_key = "secret", .session_token = {}};
};

struct Turns {
  std::int64_t next = 0;
  std::int64_t end = 0;
};

Task<void> send_in_turn(ChannelSender& sender, Turns& turns) {
  const std::string text = "Hi Ana, 20% off the Laptop Pro 14 with SAVE20 until 2026-12-24. Reply STOP to opt out.";
  while (turns.next < turns.end) {
    const std::int64_t i = turns.next++;
    const Message message{.attempt = {make_delivery_id(CampaignNumber{1}, static_cast<std::uint32_t>(i)), 1},
                          .contact_id = "C-" + std::to_string(i),
                          .destination = "+1206" + std::to_string(2'000'000 + i),
                          .parts = 1,
                          .body = SmsBody{.text = text}};
    const SendOutcome outcome = co_await sender.send(message);
    if (!outcome) throw std::runtime_error("not accepted: " + outcome.error().code + ' ' + outcome.error().detail);
  }
}

double send_all(asio::io_context& context, ChannelSender& sender, std::int64_t messages, int at_once) {
  Turns turns{.next = 0, .end = messages};
  TaskGroup group;
  const double before = cpu_micros();
  for (int i = 0; i < at_once; ++i) group.spawn(context.get_executor(), send_in_turn(sender, turns));
  run(context, [](TaskGroup& all) -> Task<bool> {
    co_await all.join();
    co_return true;
  }(group));
  return (cpu_micros() - before) / static_cast<double>(messages);
}

// A whole campaign over `sender`, from the plan's end to its own: claim, pace, send, record, in a SQLite ledger.
double send_campaign(asio::io_context& context, ChannelSender& sender, Clock& clock, std::int64_t messages) {
  const TempDirectory directory;
  const auto database = *SqliteDatabase::open(directory.path(), OpenMode::ReadWrite);
  SqliteCampaignStore campaigns(*database);
  SqliteDeliveryStore deliveries(*database);
  ProcessRateLedger rates(clock);
  CampaignEngine engine(engine_deps(campaigns, deliveries, rates, {{&sender, &sender, &sender}}, clock));
  CampaignDefinition definition;
  definition.id = "bench";
  definition.throughput_tps = 100'000;
  const auto created =
      run(context, engine.create_and_start(std::move(definition), std::make_unique<GeneratedPlan>(messages, 1)));
  if (!created) throw std::runtime_error(created.error().message);
  const double before = cpu_micros();
  for (bool is_done = false; !is_done;) {
    const auto progress = run(context, engine.wait("bench", clock.now() + std::chrono::milliseconds(50)));
    is_done = progress->campaign.status == CampaignStatus::Completed;
    if (is_done && progress->counts.total().accepted != messages)
      throw std::runtime_error("not everybody was accepted");
  }
  const double cpu = cpu_micros() - before;
  run(context, stop(engine, clock));
  return cpu / static_cast<double>(messages);
}

struct Figures {
  double alone = 0;
  double in_campaign = 0;
};

Figures measure(std::int64_t messages, int at_once, bool is_tls) {
  const TempDirectory directory;
  std::optional<Certificate> certificate;
  if (is_tls) certificate.emplace(directory.path());
  const AnsweringServer server(is_tls ? &*certificate : nullptr);

  asio::io_context context{1};
  SystemClock clock;
  HttpClientOptions options;
  if (is_tls) options.ca_file = certificate->file();
  HttpClient http(context.get_executor(), clock, options);
  FixedCredentials credentials;
  AwsCaller caller({http, credentials, clock},
                   {.origin = {is_tls, "localhost", server.port()},
                    .base_path = {},
                    .region = "us-east-1",
                    .signing_name = "sms-voice"},
                   std::chrono::seconds(15));
  AwsSmsSettings settings;
  settings.origination_identity = "pool-bench";
  settings.configuration_set = "events";
  AwsSmsSender sender(caller, settings);
  Figures figures;
  if (at_once > 0) {
    send_all(context, sender, messages / 10, at_once);
    figures.alone = send_all(context, sender, messages, at_once);
  }
  figures.in_campaign = send_campaign(context, sender, clock, messages);
  run(context, [](HttpClient& client) -> Task<bool> {
    co_await client.close();
    co_return true;
  }(http));
  return figures;
}

void print(const char* name, const Figures& figures) {
  std::printf("%-8s %12.2f %12.2f\n", name, figures.alone, figures.in_campaign);
}

}  // namespace
}  // namespace clarion::bench

int main(int argc, char** argv) {
  using namespace clarion::bench;
  clarion::set_log_level(clarion::LogLevel::Warn);
  const std::int64_t messages = argc > 1 ? std::atoll(argv[1]) : 200'000;
  const int at_once = argc > 2 ? std::atoi(argv[2]) : 64;
  std::printf("%-8s %12s %12s\n", "run", "alone us", "campaign us");
  const Figures plain = measure(messages, at_once, false);
  print("http", plain);
  const Figures tls = measure(messages, at_once, true);
  print("https", tls);
  std::printf(
      "{\"messages\": %lld, \"http_cpu_us\": %.2f, \"http_campaign_cpu_us\": %.2f, \"https_cpu_us\": %.2f, "
      "\"https_campaign_cpu_us\": %.2f}\n",
      static_cast<long long>(messages), plain.alone, plain.in_campaign, tls.alone, tls.in_campaign);
  return 0;
}
