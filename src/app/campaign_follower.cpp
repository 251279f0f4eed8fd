#include "app/campaign_follower.h"

#include <fmt/format.h>

#include <chrono>
#include <csignal>
#include <iostream>
#include <thread>

#include "api/json_text.h"
#include "app/commands.h"
#include "app/terminal.h"
#include "domain/channel.h"

namespace clarion {
namespace {

using namespace std::chrono_literals;
namespace json = boost::json;

volatile std::sig_atomic_t interrupts = 0;

// Counts Ctrl-C; the second has its usual effect.
class InterruptCounter {
 public:
  InterruptCounter() {
    interrupts = 0;
    std::signal(SIGINT, &InterruptCounter::count);
    std::signal(SIGTERM, &InterruptCounter::count);
  }
  ~InterruptCounter() {
    std::signal(SIGINT, SIG_DFL);
    std::signal(SIGTERM, SIG_DFL);
  }
  InterruptCounter(const InterruptCounter&) = delete;
  InterruptCounter& operator=(const InterruptCounter&) = delete;
  [[nodiscard]] static bool is_interrupted() { return interrupts > 0; }

 private:
  static void count(int) {
    interrupts = interrupts + 1;
    std::signal(SIGINT, SIG_DFL);
    std::signal(SIGTERM, SIG_DFL);
  }
};

std::int64_t integer_of(const json::object& object, std::string_view name) {
  const auto* value = object.if_contains(name);
  return value != nullptr && value->is_number() ? value->to_number<std::int64_t>() : 0;
}

double number_of(const json::object& object, std::string_view name) {
  const auto* value = object.if_contains(name);
  return value != nullptr && value->is_number() ? value->to_number<double>() : 0;
}

std::string text_of(const json::object& object, std::string_view name) {
  const auto* value = object.if_contains(name);
  return value != nullptr && value->is_string() ? std::string(value->get_string().c_str()) : std::string();
}

bool has_stopped(const std::string& status) {
  return status == "completed" || status == "cancelled" || status == "paused";
}

// Every channel that has something to send has a bucket of its own, all at the same time.
double total_limit(const json::object& campaign) {
  const auto* channels = campaign.if_contains("by_channel");
  if (channels == nullptr || !channels->is_object()) return 0;
  double limit = 0;
  for (const auto& row : channels->get_object()) {
    if (!row.value().is_object()) continue;
    const json::object& counts = row.value().get_object();
    if (integer_of(counts, "waiting") + integer_of(counts, "sending") > 0)
      limit += number_of(campaign, "throughput_tps");
  }
  return limit;
}

ProgressState progress_of(const json::object& campaign) {
  ProgressState state;
  state.total = integer_of(campaign, "planned");
  state.done = state.total - integer_of(campaign, "waiting") - integer_of(campaign, "sending");
  state.rate = number_of(campaign, "rate_now");
  state.limit = total_limit(campaign);
  if (const auto* eta = campaign.if_contains("eta_seconds"); eta != nullptr && eta->is_number()) {
    state.eta_seconds = eta->to_number<double>();
  }
  if (const auto failed = integer_of(campaign, "failed"); failed > 0) state.note = fmt::format("{} failed", failed);
  if (const auto limited_by = text_of(campaign, "limited_by"); !limited_by.empty() && limited_by != "throughput_tps") {
    state.note += fmt::format("{}limited by {}", state.note.empty() ? "" : ", ", limited_by);
  }
  return state;
}

// Everybody who could be written to now has been; the others wait for the end of their quiet hours.
bool waits_for_later(const json::object& campaign) {
  return text_of(campaign, "status") == "running" && text_of(campaign, "limited_by") == "quiet_hours" &&
         integer_of(campaign, "sending") == 0 && number_of(campaign, "rate_now") == 0 &&
         number_of(campaign, "eta_seconds") > 60;
}

json::array reasons_of(Session& session, const std::string& id) {
  auto analytics = session.call_json({.path = "/api/analytics/campaigns/" + id});
  if (!analytics) return {};
  auto* rows = analytics->if_contains("by_reason");
  return rows != nullptr && rows->is_array() ? std::move(rows->get_array()) : json::array();
}

int code_of(const json::object& campaign) {
  const std::string status = text_of(campaign, "status");
  if (status == "paused" || status == "cancelled") return exit_failed;
  return integer_of(campaign, "failed") + integer_of(campaign, "in_doubt") > 0 ? exit_with_failures : exit_done;
}

void say_how_to_go_on(const Session& session, const std::string& id) {
  std::cerr << fmt::format("Paused. Nobody is written to twice: go on with\n  clarion campaigns resume {}\n", id);
  if (session.is_remote()) std::cerr << "The running server keeps it until then.\n";
}

}  // namespace

json::object results_of(const json::object& campaign) {
  const auto convert = [](const json::object& counts) {
    const auto sent = integer_of(counts, "accepted");
    const auto failed = integer_of(counts, "failed");
    const auto skipped = integer_of(counts, "skipped");
    const auto in_doubt = integer_of(counts, "in_doubt");
    return json::object{{"sent", sent},
                        {"failed", failed},
                        {"total", sent + failed + skipped + in_doubt},
                        {"skipped", skipped},
                        {"in_doubt", in_doubt},
                        {"delivered", integer_of(counts, "delivered")},
                        {"waiting", integer_of(counts, "waiting") + integer_of(counts, "sending")}};
  };
  json::object by_channel;
  const auto* channels = campaign.if_contains("by_channel");
  for (const Channel channel : all_channels) {
    const auto* row =
        channels != nullptr && channels->is_object() ? channels->get_object().if_contains(to_string(channel)) : nullptr;
    by_channel[to_string(channel)] = convert(row != nullptr && row->is_object() ? row->get_object() : json::object());
  }
  return {{"total_sent", integer_of(campaign, "accepted")},
          {"total_failed", integer_of(campaign, "failed")},
          {"total_skipped", integer_of(campaign, "skipped")},
          {"total_in_doubt", integer_of(campaign, "in_doubt")},
          {"total_waiting", integer_of(campaign, "waiting") + integer_of(campaign, "sending")},
          {"total_planned", integer_of(campaign, "planned")},
          {"campaign_id", text_of(campaign, "campaign_id")},
          {"status", text_of(campaign, "status")},
          {"by_channel", std::move(by_channel)},
          {"estimated_cost", number_of(campaign, "estimated_cost")},
          {"actual_cost", number_of(campaign, "actual_cost")},
          {"currency", "USD"}};
}

std::string summary_of(const json::object& campaign, const json::array& reasons) {
  const std::string reason = text_of(campaign, "status_reason");
  std::string out = fmt::format("Campaign {} is {}{}\n\n", text_of(campaign, "campaign_id"),
                                text_of(campaign, "status"), reason.empty() ? "." : ": " + reason);
  std::vector<std::vector<std::string>> rows{
      {"", "PLANNED", "ACCEPTED", "DELIVERED", "FAILED", "SKIPPED", "IN DOUBT", "WAITING"}};
  const auto add = [&rows](std::string name, const json::object& counts) {
    std::vector<std::string> row{std::move(name)};
    for (const auto* column : {"planned", "accepted", "delivered", "failed", "skipped", "in_doubt"}) {
      row.push_back(with_thousands(integer_of(counts, column)));
    }
    row.push_back(with_thousands(integer_of(counts, "waiting") + integer_of(counts, "sending")));
    rows.push_back(std::move(row));
  };
  if (const auto* channels = campaign.if_contains("by_channel"); channels != nullptr && channels->is_object()) {
    for (const auto& row : channels->get_object()) {
      if (row.value().is_object()) add(std::string(row.key()), row.value().get_object());
    }
  }
  if (const auto* rest = campaign.if_contains("without_channel"); rest != nullptr && rest->is_object()) {
    if (integer_of(rest->get_object(), "planned") > 0) add("no channel", rest->get_object());
  }
  add("total", campaign);
  out += render_table(rows);
  out += fmt::format("\nCost: ${:.4f} estimated, ${:.4f} so far.\n", number_of(campaign, "estimated_cost"),
                     number_of(campaign, "actual_cost"));
  if (!reasons.empty()) out += "\nNot accepted, by reason:\n";
  for (const json::value& value : reasons) {
    if (!value.is_object()) continue;
    const json::object& row = value.get_object();
    const std::string channel = text_of(row, "channel");
    out += fmt::format("  {:>7}  {} {}{}\n", with_thousands(integer_of(row, "count")), text_of(row, "state"),
                       text_of(row, "reason"), channel.empty() ? "" : " (" + channel + ")");
  }
  return out;
}

int follow_campaign(Session& session, const FollowOptions& options) {
  const InterruptCounter counter;
  const std::string path = "/api/campaigns/" + options.campaign_id;
  ProgressBar bar("sending");
  bool is_pausing = false;
  json::object campaign;
  while (true) {
    auto answer = session.call_json({.path = path});
    if (!answer) return report(answer.error());
    campaign = std::move(*answer);
    const std::string status = text_of(campaign, "status");
    bar.show(progress_of(campaign));
    // A paused campaign has stopped only when what was under way has ended.
    if (has_stopped(status) && integer_of(campaign, "sending") == 0) break;
    if (waits_for_later(campaign) && !is_pausing) break;
    if (counter.is_interrupted() && !is_pausing) {
      is_pausing = true;
      bar.end();
      std::cerr << "Pausing: messages under way are finished and recorded. Ctrl-C once more ends at once.\n";
      auto paused = session.call_json({.method = HttpMethod::Post, .path = path + "/pause"});
      if (!paused && paused.error().kind != ErrorKind::Conflict) return report(paused.error());
      continue;
    }
    std::this_thread::sleep_for(100ms);
  }
  bar.end();
  if (options.is_json) {
    std::cout << write_json(json::object{{"success", true}, {"results", results_of(campaign)}}) << '\n';
  } else {
    std::cout << summary_of(campaign, reasons_of(session, options.campaign_id));
  }
  if (text_of(campaign, "status") == "paused") say_how_to_go_on(session, options.campaign_id);
  if (waits_for_later(campaign)) {
    std::cerr << fmt::format(
        "{} recipients are in their quiet hours; the last of them can be written to in {}.\n"
        "The campaign goes on by itself while `clarion serve` runs. --ignore-caps would have sent it at once.\n",
        with_thousands(integer_of(campaign, "waiting")), readable_seconds(number_of(campaign, "eta_seconds")));
  }
  return code_of(campaign);
}

}  // namespace clarion
