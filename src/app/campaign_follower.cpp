#include "app/campaign_follower.h"

#include <fmt/format.h>

#include <chrono>
#include <iostream>
#include <thread>

#include "api/campaign_json.h"
#include "api/json_text.h"
#include "app/commands.h"
#include "app/json_members.h"
#include "app/terminal.h"
#include "base/clock.h"

namespace clarion {
namespace {

using namespace std::chrono_literals;
namespace json = boost::json;

constexpr auto longest_wait_for_reports = 3s;
constexpr int most_failed_looks = 60;  // a second apart

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

// Carriers say later what arrived. Those of this campaign that are still to come are lost with a process that ends, so
// a moment is worth it; what is not known by then stays "accepted". Ctrl-C ends the wait.
Result<json::object> wait_for_reports(Session& session, const std::string& path, json::object campaign) {
  const auto began = std::chrono::steady_clock::now();
  const auto is_open = [](const json::object& now) {
    return integer_of(now, "delivered") < integer_of(now, "accepted");
  };
  if (!is_open(campaign)) return campaign;
  // Real carriers take from seconds to days.
  const auto environment = session.call_json({.path = "/api/environment"});
  if (!environment) return std::unexpected(environment.error());
  if (environment->at("is_production").as_bool()) return campaign;
  std::cerr << "Waiting for delivery reports, at most 3 s.\n";
  while (is_open(campaign) && !InterruptCounter::is_interrupted() &&
         std::chrono::steady_clock::now() - began < longest_wait_for_reports) {
    std::this_thread::sleep_for(100ms);
    auto answer = session.call_json({.path = path});
    if (!answer) return answer;
    campaign = std::move(*answer);
  }
  return campaign;
}

// A campaign that is not finished, and that no other process goes on with, is no success.
int code_of(const json::object& campaign, bool is_remote) {
  const std::string status = text_of(campaign, "status");
  if (status == "paused" || status == "cancelled") return exit_failed;
  if (status == "running" && !is_remote) return exit_failed;
  return integer_of(campaign, "failed") + integer_of(campaign, "in_doubt") > 0 ? exit_with_failures : exit_done;
}

void say_how_to_go_on(const Session& session, const std::string& id) {
  std::cerr << fmt::format("Paused. Nobody is written to twice: go on with\n  clarion campaigns resume {}\n", id);
  if (session.is_remote()) std::cerr << "The running server keeps it until then.\n";
}

void say_when_it_goes_on(const Session& session, const json::object& campaign) {
  const double seconds = number_of(campaign, "eta_seconds");
  const auto end = SystemClock().wall_now() + std::chrono::seconds(static_cast<std::int64_t>(seconds));
  std::cerr << fmt::format(
      "Not finished: {} of the recipients in quiet hours. The last of them can be written to at about {} (in {}).\n",
      with_thousands(integer_of(campaign, "waiting")), format_iso8601(end), readable_seconds(seconds));
  if (session.is_remote()) {
    std::cerr << "The running server goes on with it by itself.\n";
    return;
  }
  const std::string id = text_of(campaign, "campaign_id");
  std::cerr << fmt::format(
      "Go on then with\n  clarion campaigns resume {}\nor leave it to `clarion serve`, which writes to each as soon as "
      "their night is over.\nA campaign of its own with --ignore-caps is sent at once.\n",
      id);
}

// When it began and ended, and how fast it is.
std::string progress_lines(const json::object& campaign) {
  std::string out = fmt::format("Created {}", text_of(campaign, "created_at"));
  for (const auto& [name, word] : {std::pair{"started_at", "started"}, std::pair{"finished_at", "finished"}}) {
    if (const std::string at = text_of(campaign, name); !at.empty()) out += fmt::format(", {} {}", word, at);
  }
  out += fmt::format(".\nAt most {}/s on each channel", number_of(campaign, "throughput_tps"));
  if (const double rate = number_of(campaign, "rate_now"); rate > 0) out += fmt::format("; now {:.1f}/s", rate);
  if (const auto limited_by = text_of(campaign, "limited_by"); !limited_by.empty()) {
    out += fmt::format("; limited by {}", limited_by);
  }
  if (const auto* eta = campaign.if_contains("eta_seconds"); eta != nullptr && eta->is_number()) {
    out += fmt::format("; done in about {}", readable_seconds(eta->to_number<double>()));
  }
  return out + ".\n";
}

// This process sends only what it was asked to; what a crash left goes on when somebody says so.
void say_what_nobody_sends(Session& session, const std::string& own_id) {
  if (!session.is_alone()) return;
  const auto page = session.call_json({.path = "/api/campaigns", .query = {{"limit", "200"}}});
  if (!page) return;
  std::vector<std::string> ids;
  for (const json::value& value : page->at("campaigns").as_array()) {
    const json::object& row = value.as_object();
    if (std::string id = text_of(row, "campaign_id"); id != own_id && text_of(row, "status") == "running") {
      ids.push_back(std::move(id));
    }
  }
  if (ids.empty()) return;
  std::cerr << fmt::format(
      "Running too, but no process is sending: {}. `clarion campaigns resume ID` goes on with one, `clarion serve` "
      "with all.\n",
      fmt::join(ids, ", "));
}

}  // namespace

json::array reasons_of(Session& session, const std::string& id) {
  auto analytics = session.call_json({.path = "/api/analytics/campaigns/" + id});
  if (!analytics) return {};
  auto* rows = analytics->if_contains("by_reason");
  return rows != nullptr && rows->is_array() ? std::move(rows->get_array()) : json::array();
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
  out += progress_lines(campaign);
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

int follow_campaign(Session& session, const InterruptCounter& counter, const FollowOptions& options) {
  const std::string began_at = format_iso8601(SystemClock().wall_now());
  const std::string path = "/api/campaigns/" + options.campaign_id;
  say_what_nobody_sends(session, options.campaign_id);
  ProgressBar bar("sending");
  bool is_pausing = false;
  int failed_looks = 0;
  json::object campaign;
  while (true) {
    auto answer = session.call_json({.path = path});
    if (!answer) {
      // Sending goes on, or waits, whatever can be seen of it.
      const bool may_pass =
          answer.error().kind == ErrorKind::Unavailable || answer.error().kind == ErrorKind::Throttled;
      if (may_pass && ++failed_looks < most_failed_looks && !counter.is_interrupted()) {
        std::this_thread::sleep_for(1s);
        continue;
      }
      bar.end();
      std::cerr << fmt::format(
          "What was sent is recorded, and nobody is written to twice. Where it stands:\n"
          "  clarion campaigns show {}\n",
          options.campaign_id);
      return report(answer.error());
    }
    failed_looks = 0;
    campaign = std::move(*answer);
    const std::string status = text_of(campaign, "status");
    bar.show(progress_of(campaign));
    // A paused campaign has stopped only when what was under way has ended.
    if (has_stopped(status) && integer_of(campaign, "sending") == 0) break;
    if (waits_for_later(campaign) && !is_pausing) break;
    if (counter.is_interrupted() && !is_pausing) {
      is_pausing = true;
      bar.end();
      std::cerr << "Pausing: messages under way are finished and recorded.\n";
      auto paused = session.call_json({.method = HttpMethod::Post, .path = path + "/pause"});
      InterruptCounter::let_next_end();
      if (!paused && paused.error().kind != ErrorKind::Conflict) return report(paused.error());
      continue;
    }
    std::this_thread::sleep_for(100ms);
  }
  bar.end();
  // One that had ended before is only shown again: nothing more is to come.
  if (text_of(campaign, "status") == "completed" && text_of(campaign, "finished_at") >= began_at) {
    auto reported = wait_for_reports(session, path, std::move(campaign));
    if (!reported) return report(reported.error());
    campaign = std::move(*reported);
  }
  if (options.is_json) {
    std::cout << write_json(send_contract_of(campaign)) << '\n';
  } else {
    std::cout << summary_of(campaign, reasons_of(session, options.campaign_id));
  }
  if (text_of(campaign, "status") == "paused") say_how_to_go_on(session, options.campaign_id);
  if (waits_for_later(campaign)) {
    say_when_it_goes_on(session, campaign);
  }
  return code_of(campaign, session.is_remote());
}

}  // namespace clarion
