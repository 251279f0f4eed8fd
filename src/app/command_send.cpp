#include <fmt/format.h>

#include <boost/json.hpp>

#include <cmath>
#include <fstream>
#include <iostream>
#include <memory>
#include <optional>
#include <sstream>

#include "app/campaign_follower.h"
#include "app/commands.h"
#include "app/json_members.h"
#include "app/send_rules.h"
#include "app/session.h"
#include "domain/campaign.h"
#include "engine/send_request.h"

namespace clarion {
namespace {

namespace json = boost::json;

struct SendOptions {
  std::string segment;
  std::string users;
  std::string query;
  std::string campaign;
  std::string name;
  std::string data;
  std::optional<double> tps;
  bool ignores_caps = false;
  bool accepts_partial = false;
  bool is_json = false;
  SendRules rules;
};

// The body of POST /api/send-campaign from a file: {"eligible_users": [...]} as in the contract, the answer of a query,
// or the array alone. What the command line says wins over the file.
Result<json::object> body_from_file(const SendOptions& options) {
  std::ostringstream bytes;
  std::ifstream file(options.users, std::ios::binary);
  if (!file || !(bytes << file.rdbuf())) {
    return fail(ErrorKind::NotFound, fmt::format("cannot read {}; --users takes a JSON file", options.users));
  }
  std::string text = std::move(bytes).str();
  json::error_code error;
  auto document = json::parse(text, error);
  if (error && replace_lone_surrogates(text)) document = json::parse(text, error);
  if (error) return fail(ErrorKind::Invalid, fmt::format("{} is not valid JSON: {}", options.users, error.message()));
  if (auto* object = document.if_object()) {
    if (auto* results = object->if_contains("results"); results != nullptr && results->is_object()) {
      document = json::value(std::move(results->get_object()));
    }
  }
  json::object body;
  if (auto* users = document.if_array()) {
    body["eligible_users"] = std::move(*users);
  } else if (auto* object = document.if_object(); object != nullptr && object->contains("eligible_users")) {
    body["eligible_users"] = std::move(object->at("eligible_users"));
    if (const auto* id = object->if_contains("campaign_id")) body["campaign_id"] = *id;
    if (const auto* caps = object->if_contains("respect_caps")) body["respect_caps"] = *caps;
  } else {
    return fail(ErrorKind::Invalid,
                fmt::format("{} must hold an array of users or an object with \"eligible_users\"", options.users));
  }
  return body;
}

// What the request says beside the audience. A list names its channels itself, and is the caller's decision.
Result<json::object> rules_of(const SendOptions& options) {
  json::object members;
  if (auto added = add_rules_to(members, options.rules); !added) return std::unexpected(added.error());
  if ((!members.empty() || !options.name.empty()) && !options.users.empty()) {
    return fail(
        ErrorKind::Invalid,
        "a name, channels, caps, quiet hours, a budget and how to choose go with --segment or --query; the users of a "
        "file have their channels there");
  }
  return members;
}

Result<ApiCall> call_for(const SendOptions& options) {
  ApiCall call{.method = HttpMethod::Post, .path = "/api/campaigns"};
  json::object body;
  if (!options.users.empty()) {
    auto from_file = body_from_file(options);
    if (!from_file) return std::unexpected(from_file.error());
    body = std::move(*from_file);
    call.path = "/api/send-campaign";
    call.headers.emplace_back("Prefer", "respond-async");
  } else if (!options.segment.empty()) {
    body["segment_id"] = options.segment;
  } else {
    body["query"] = options.query;
    if (options.accepts_partial) body["accept_partial"] = true;
  }
  body["throughput_tps"] = *options.tps;
  if (options.ignores_caps) body["respect_caps"] = false;
  if (!options.campaign.empty()) body["campaign_id"] = options.campaign;
  if (!options.name.empty()) body["name"] = options.name;
  auto rules = rules_of(options);
  if (!rules) return std::unexpected(rules.error());
  for (auto& member : *rules) body.insert(member);
  call.body = json::serialize(body);
  return call;
}

int send(const SendOptions& options) {
  const int sources = int{!options.segment.empty()} + int{!options.users.empty()} + int{!options.query.empty()};
  if (sources != 1) {
    return report_wrong_use(
        {ErrorKind::Invalid, "say whom to send to with exactly one of --segment, --users or --query"});
  }
  if (options.accepts_partial && options.query.empty()) {
    return report_wrong_use({ErrorKind::Invalid, "--accept-partial goes with --query only"});
  }
  if (!options.tps) {
    return report_wrong_use({ErrorKind::Invalid,
                             "--tps is missing: say how many messages a second may be sent on each channel, for "
                             "example --tps 20"});
  }
  if (!std::isfinite(*options.tps) || *options.tps < least_throughput_tps) {
    return report_wrong_use({ErrorKind::Invalid, fmt::format("--tps must be a number from {} up to CLARION_MAX_TPS",
                                                             least_throughput_tps)});
  }
  auto settings = settings_for_command({{"CLARION_DATA_DIR", options.data}});
  if (!settings) return report_wrong_use(settings.error());
  if (*options.tps > settings->max_tps) {
    return report_wrong_use({ErrorKind::Invalid, fmt::format("--tps {} is above the ceiling of {} (CLARION_MAX_TPS)",
                                                             *options.tps, settings->max_tps)});
  }
  if (!options.campaign.empty() && !is_campaign_id(options.campaign)) {
    return report_wrong_use(
        {ErrorKind::Invalid,
         "--campaign must be 1 to 64 letters, digits, '.', '_' or '-'; leave it out to get a new one"});
  }
  if (auto rules = rules_of(options); !rules) return report_wrong_use(rules.error());
  // From here on Ctrl-C pauses: the campaign may exist before we are told so.
  const InterruptCounter counter;
  auto call = call_for(options);
  if (!call) return report(call.error());
  const bool is_production = settings->is_production;
  auto session = Session::open(std::move(*settings), Sending::OnRequest);
  if (!session) return report(session.error());
  const auto started = (*session)->call_json(std::move(*call));
  // What is wrong in a file is no fault of the command line.
  if (!started) return options.users.empty() ? report_wrong_use(started.error()) : report(started.error());

  std::string id = text_of(*started, "campaign_id");
  if (const auto* results = started->if_contains("results"); results != nullptr && results->is_object()) {
    id = text_of(results->get_object(), "campaign_id");
  }
  if (!options.is_json)
    std::cerr << fmt::format("Campaign {}{}\n", id, is_production ? "" : " (carriers are simulated)");
  return follow_campaign(**session, counter, {.campaign_id = id, .is_json = options.is_json});
}

}  // namespace

void add_send_command(CLI::App& app, Command& chosen) {
  auto* command = app.add_subcommand("send", "Sends a campaign and follows it to its end.");
  auto options = std::make_shared<SendOptions>();
  command->add_option("--segment", options->segment, "send to the contacts of a saved segment");
  command->add_option("--users", options->users, "send to the users of a JSON file (\"eligible_users\")");
  command->add_option("--query", options->query, "send to the contacts that a sentence means");
  command->add_option("--tps", options->tps, "messages a second on each channel; there is no default");
  command->add_option("--campaign", options->campaign, "the campaign's id; the same id never sends twice");
  command->add_option("--name", options->name, "a name for people");
  command->add_option("--data", options->data, "directory of the records (data/local)");
  command->add_flag("--ignore-caps", options->ignores_caps, "no frequency caps and no quiet hours for this campaign");
  command->add_flag("--accept-partial", options->accepts_partial,
                    "send although some words of --query were not understood or may mean several things");
  command->add_flag("--json", options->is_json, "one JSON document on stdout: the results");
  add_rule_options(*command, options->rules);
  command->footer(
      "Examples:\n"
      "  clarion send --query \"customers in Mumbai who like phones\" --tps 20\n"
      "  clarion send --users users.json --tps 50 --campaign spring-2027\n\n"
      "A sentence with words that were not understood, or that may mean several places or products, is refused with\n"
      "exit code 2; `clarion query` shows what they are and whom the rest means.\n\n"
      "Ctrl-C, SIGTERM or a closed terminal pause the campaign: what is under way is finished and recorded, and\n"
      "`clarion campaigns resume ID` goes on from there. Other campaigns are left as they are. Recipients in their "
      "quiet hours are written to later: the command then ends with 1 and says\n"
      "how to go on; an explicit list of users is sent at once. Exit code 1: paused, cancelled or not finished; 3:\n"
      "finished, but some of the recipients failed or are in doubt.");
  command->callback([&chosen, options] { chosen = [options] { return send(*options); }; });
}

}  // namespace clarion
