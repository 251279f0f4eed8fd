// What one SMS costs in production: the built program with its SQLite ledger, sending over plain loopback HTTP to a
// server that only answers; beside it AWS's own SDK for Node, sending the same messages and recording nothing.
//
//   production_bench [RECIPIENTS=100000]
//
// "sending"    from the plan's end to the campaign's: claim, pace, render, sign, send, read the answer, record
// "everything" the request of the campaign too: parse it, plan it, write the plan
// CPU is user and system time of the sending process alone. Before each run the same sends a tenth to warm up.

#include <boost/json/parse.hpp>

#include <csignal>
#include <cstdlib>
#include <map>
#include <sstream>
#include <stdexcept>
#include <thread>

#include "answering_server.h"
#include "campaign_stand.h"
#include "support/clarion_process.h"
#include "support/http_client.h"

namespace clarion::bench {
namespace {

using testing::ClarionProcess;
using testing::ScratchDirectory;

// User and system time of another process so far, in microseconds; the clock tick makes it right to 10 ms.
double cpu_micros_of(pid_t pid) {
  std::ifstream file("/proc/" + std::to_string(pid) + "/stat");
  std::string text((std::istreambuf_iterator<char>(file)), {});
  std::istringstream fields(text.substr(text.rfind(')') + 2));
  std::string skipped;
  for (int i = 0; i < 11; ++i) fields >> skipped;
  double user = 0;
  double system = 0;
  fields >> user >> system;
  return (user + system) * 1e6 / static_cast<double>(::sysconf(_SC_CLK_TCK));
}

struct Figures {
  double sending_us = 0;
  double everything_us = 0;
  double per_second = 0;
};

const char* const text = "Hi Ana, 20% off the Laptop Pro 14 with SAVE20 until 2026-12-24. Reply STOP to opt out.";

std::map<std::string, std::string> production_settings(const AnsweringServer& aws) {
  return {
      {"CLARION_ENV", "production"},        {"CLARION_STORE", "sqlite"},         {"CLARION_HOST", "127.0.0.1"},
      {"CLARION_MAX_TPS", "1000000"},       {"AWS_REGION", "us-east-1"},         {"AWS_ENDPOINT_URL", aws.url()},
      {"AWS_ACCESS_KEY_ID", "AKIDEXAMPLE"}, {"AWS_SECRET_ACCESS_KEY", "secret"}, {"PHONE_POOL_ID", "pool-bench"},
      {"SMS_PARTS_PER_SECOND", "100000"},   {"CLARION_LOG_LEVEL", "warn"},       {"AWS_EC2_METADATA_DISABLED", "true"}};
}

class Clarion {
 public:
  explicit Clarion(const AnsweringServer& aws)
      : environment_(production_settings(aws)),
        process_(CLARION_BINARY, directory_.path(),
                 {.arguments = {"serve", "--port", "0"}, .environment = environment_}),
        port_(process_.wait_for_port()) {
    if (port_ == 0) throw std::runtime_error("clarion did not start: " + process_.errors());
    const auto token = testing::run_clarion(
        CLARION_BINARY, directory_.path(),
        {.arguments = {"token", "create", "--name", "bench", "--scope", "read,send"}, .environment = environment_});
    headers_ = {{"Authorization", "Bearer " + token.output.substr(0, token.output.find('\n'))},
                {"Content-Type", "application/json"}};
  }
  ~Clarion() {
    process_.send_signal(SIGTERM);
    process_.wait();
  }
  Clarion(const Clarion&) = delete;
  Clarion& operator=(const Clarion&) = delete;

  // Sends a campaign to `recipients` people as fast as it goes.
  Figures send(std::int64_t recipients) {
    const std::string id = "bench-" + std::to_string(++campaigns_);
    std::string body = R"({"campaign_id":")" + id + R"(","throughput_tps":100000,"eligible_users":[)";
    for (std::int64_t i = 0; i < recipients; ++i) {
      body.append(i == 0 ? "" : ",").append(R"({"customer_id":"C-)").append(std::to_string(i));
      body.append(R"(","selected_channel":"sms","phone":"+1206)").append(std::to_string(2'000'000 + i));
      body.append(R"(","message":")").append(text).append("\"}");
    }
    body += "]}";

    const double at_request = cpu_micros_of(process_.pid());
    testing::HttpConnection request(port_, std::chrono::seconds(90));
    request.send_request("POST", "/api/send-campaign", body, headers_);
    double at_plan = 0;
    std::int64_t sent_at_plan = 0;
    TimePoint began{};
    constexpr int most_looks = 6000;  // ten minutes
    for (int look = 0;; ++look) {
      const auto reply = testing::http_get(port_, "/api/campaigns/" + id, headers_);
      const auto progress = boost::json::parse(reply.body).as_object();
      const auto accepted = progress.contains("accepted") ? progress.at("accepted").to_number<std::int64_t>() : 0;
      if (began == TimePoint{} && progress.contains("is_planned") && progress.at("is_planned").as_bool()) {
        at_plan = cpu_micros_of(process_.pid());
        sent_at_plan = accepted;
        began = std::chrono::steady_clock::now();
      }
      if (progress.contains("status") && progress.at("status") == "completed") {
        if (accepted != recipients) throw std::runtime_error("not everybody was accepted: " + reply.body);
        break;
      }
      // A body of more than 64 MiB, some 330,000 recipients, is refused.
      if (look == most_looks) throw std::runtime_error("the campaign does not end: " + reply.body);
      if (progress.contains("status") && progress.at("status") == "paused") throw std::runtime_error(reply.body);
      // Asking costs the measured process: ten times a second is little beside thousands of messages.
      std::this_thread::sleep_for(std::chrono::milliseconds(100));
    }
    const double at_end = cpu_micros_of(process_.pid());
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
    const auto sent = static_cast<double>(recipients - sent_at_plan);
    return {.sending_us = (at_end - at_plan) / sent,
            .everything_us = (at_end - at_request) / static_cast<double>(recipients),
            .per_second = sent / took.count()};
  }

 private:
  ScratchDirectory directory_;
  std::map<std::string, std::string> environment_;
  ClarionProcess process_;
  std::uint16_t port_;
  testing::HttpHeaders headers_;
  int campaigns_ = 0;
};

Figures send_with_sdk(const AnsweringServer& aws, std::int64_t recipients) {
  const ScratchDirectory directory;
  const auto finished = testing::run_clarion(
      CLARION_NODE, directory.path(),
      {.arguments = {CLARION_SOURCE_DIR "/bench/sdk_sender.mjs", aws.url(), std::to_string(recipients), text},
       .environment = {{"NODE_NO_WARNINGS", "1"}}});
  if (finished.code != 0) {
    throw std::runtime_error("the SDK did not send; has `scripts/setup test` run? " + finished.errors);
  }
  const auto figures = boost::json::parse(finished.output).as_object();
  const double cpu = figures.at("cpu_us").to_number<double>();
  return {.sending_us = cpu, .everything_us = cpu, .per_second = figures.at("per_second").to_number<double>()};
}

void print(const char* name, std::int64_t messages, const Figures& figures) {
  std::printf("%-24s %9lld %12.1f %15.1f %10.0f\n", name, static_cast<long long>(messages), figures.sending_us,
              figures.everything_us, figures.per_second);
}

}  // namespace
}  // namespace clarion::bench

int main(int argc, char** argv) {
  using namespace clarion::bench;
  const std::int64_t recipients = argc > 1 ? std::atoll(argv[1]) : 100'000;
  const AnsweringServer aws;
  std::printf("%-24s %9s %12s %15s %10s\n", "run", "messages", "sending us", "everything us", "sent/s");
  Figures ours;
  {
    Clarion clarion(aws);
    clarion.send(recipients / 10);
    ours = clarion.send(recipients);
    print("Clarion, SQLite ledger", recipients, ours);
  }
  const Figures sdk = send_with_sdk(aws, recipients / 10);
  print("Node SDK, no record", recipients / 10, sdk);
  std::printf(
      "{\"messages\": %lld, \"clarion_sending_cpu_us\": %.2f, \"clarion_everything_cpu_us\": %.2f, "
      "\"clarion_per_second\": %.0f, \"node_sdk_cpu_us\": %.2f, \"node_sdk_per_second\": %.0f, \"ratio\": %.1f}\n",
      static_cast<long long>(recipients), ours.sending_us, ours.everything_us, ours.per_second, sdk.sending_us,
      sdk.per_second, sdk.sending_us / ours.sending_us);
  return 0;
}
