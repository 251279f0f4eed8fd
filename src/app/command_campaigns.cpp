#include <fmt/format.h>

#include <boost/json.hpp>

#include <iostream>
#include <memory>
#include <optional>

#include "api/json_text.h"
#include "app/campaign_follower.h"
#include "app/commands.h"
#include "app/json_members.h"
#include "app/session.h"
#include "app/terminal.h"

namespace clarion {
namespace {

namespace json = boost::json;

struct CampaignsOptions {
  std::string id;
  std::string data;
  bool is_json = false;
};

std::string count_of(const json::object& object, std::string_view name) {
  const auto* value = object.if_contains(name);
  return with_thousands(value != nullptr && value->is_int64() ? value->get_int64() : 0);
}

Result<std::unique_ptr<Session>> open_session(const CampaignsOptions& options, Sending sending) {
  auto settings = settings_for_command({{"CLARION_DATA_DIR", options.data}});
  if (!settings) return std::unexpected(settings.error());
  return Session::open(std::move(*settings), sending);
}

int report_campaign(Error error) {
  if (error.kind == ErrorKind::NotFound) error.message += "; `clarion campaigns list` shows all";
  return report(error);
}

int list_all(const CampaignsOptions& options) {
  auto session = open_session(options, Sending::Nothing);
  if (!session) return report_wrong_use(session.error());
  json::array campaigns;
  std::map<std::string, std::string> query{{"limit", "200"}};
  while (true) {
    auto page = (*session)->call_json({.path = "/api/campaigns", .query = query});
    if (!page) return report(page.error());
    for (json::value& row : page->at("campaigns").as_array()) campaigns.push_back(std::move(row));
    if (page->at("next").is_null()) break;
    query["before"] = json::serialize(page->at("next"));
  }
  if (options.is_json) {
    std::cout << write_json(json::object{{"campaigns", std::move(campaigns)}}) << '\n';
    return exit_done;
  }
  if (campaigns.empty()) {
    std::cout << "No campaigns yet. `clarion send --help` shows how to make one.\n";
    return exit_done;
  }
  std::vector<std::vector<std::string>> rows{
      {"CAMPAIGN", "STATUS", "PLANNED", "ACCEPTED", "FAILED", "SKIPPED", "IN DOUBT", "CREATED"}};
  for (const json::value& value : campaigns) {
    const json::object& row = value.as_object();
    rows.push_back({text_of(row, "campaign_id"), text_of(row, "status"), count_of(row, "planned"),
                    count_of(row, "accepted"), count_of(row, "failed"), count_of(row, "skipped"),
                    count_of(row, "in_doubt"), text_of(row, "created_at")});
  }
  std::cout << render_table(rows);
  for (const json::value& value : campaigns) {
    const json::object& row = value.as_object();
    const std::string status = text_of(row, "status");
    const std::string reason = text_of(row, "status_reason");
    if (!reason.empty() && (status == "running" || status == "paused")) {
      std::cout << fmt::format("{} is {}: {}\n", text_of(row, "campaign_id"), status, reason);
    }
  }
  return exit_done;
}

int print_campaign(Session& session, const CampaignsOptions& options, const json::object& campaign) {
  if (options.is_json) {
    std::cout << write_json(campaign) << '\n';
  } else {
    std::cout << summary_of(campaign, reasons_of(session, text_of(campaign, "campaign_id")));
  }
  return exit_done;
}

int show(const CampaignsOptions& options) {
  auto session = open_session(options, Sending::Nothing);
  if (!session) return report_wrong_use(session.error());
  const auto campaign = (*session)->call_json({.path = "/api/campaigns/" + options.id});
  if (!campaign) return report_campaign(campaign.error());
  return print_campaign(**session, options, *campaign);
}

int change(const CampaignsOptions& options, const std::string& verb) {
  const bool sends = verb == "resume";
  std::optional<InterruptCounter> counter;
  if (sends) counter.emplace();
  auto session = open_session(options, sends ? Sending::OnRequest : Sending::Nothing);
  if (!session) return report_wrong_use(session.error());
  const auto campaign = (*session)->call_json(
      {.method = HttpMethod::Post, .path = fmt::format("/api/campaigns/{}/{}", options.id, verb)});
  if (!campaign) return report_campaign(campaign.error());
  // Without a server this process is the one that sends: it stays until the campaign has ended.
  if (sends && !(*session)->is_remote()) {
    return follow_campaign(**session, *counter, {.campaign_id = options.id, .is_json = options.is_json});
  }
  return print_campaign(**session, options, *campaign);
}

// `verb`: "retry" or "fallback".
int follow_up(const CampaignsOptions& options, std::string_view verb) {
  const InterruptCounter counter;
  auto session = open_session(options, Sending::OnRequest);
  if (!session) return report_wrong_use(session.error());
  const auto campaign = (*session)->call_json(
      {.method = HttpMethod::Post, .path = fmt::format("/api/campaigns/{}/{}", options.id, verb)});
  if (!campaign) return report_campaign(campaign.error());
  if ((*session)->is_remote()) return print_campaign(**session, options, *campaign);
  const std::string id = text_of(*campaign, "campaign_id");
  if (!options.is_json) std::cerr << fmt::format("Campaign {}\n", id);
  return follow_campaign(**session, counter, {.campaign_id = id, .is_json = options.is_json});
}

}  // namespace

void add_campaigns_command(CLI::App& app, Command& chosen) {
  auto* command = app.add_subcommand("campaigns",
                                     "Lists and controls campaigns, with or without a running server; alone it lists.");
  auto options = std::make_shared<CampaignsOptions>();
  command->require_subcommand(0, 1);
  command->add_option("--data", options->data, "directory of the records (data/local)");
  command->add_flag("--json", options->is_json, "one JSON document on stdout");
  command->callback([command, options, &chosen] {
    if (command->get_subcommands().empty()) chosen = [options] { return list_all(*options); };
  });
  const auto add = [command, options, &chosen](const std::string& name, const std::string& text, bool takes_id,
                                               std::function<int()> run) {
    auto* verb = command->add_subcommand(name, text);
    verb->footer(fmt::format("Example:\n  clarion campaigns {}{}", name, takes_id ? " spring-2027" : ""));
    if (takes_id) verb->add_option("ID", options->id, "the campaign's id")->required();
    verb->add_option("--data", options->data, "directory of the records (data/local)");
    verb->add_flag("--json", options->is_json, "one JSON document on stdout");
    verb->callback([&chosen, run = std::move(run)] { chosen = run; });
  };
  add("list", "every campaign, newest first", false, [options] { return list_all(*options); });
  add("show", "one campaign with its counts", true, [options] { return show(*options); });
  add("pause", "stops sending; what is under way is finished", true, [options] { return change(*options, "pause"); });
  add("resume", "goes on with a campaign that is paused or waits", true,
      [options] { return change(*options, "resume"); });
  add("cancel", "ends a campaign; whoever still waits is skipped", true,
      [options] { return change(*options, "cancel"); });
  add("retry", "a new campaign to those of an ended one whom the carrier refused or was too busy for; once", true,
      [options] { return follow_up(*options, "retry"); });
  add("fallback", "a new campaign, by another channel, to those of an ended one whom their channel did not reach; once",
      true, [options] { return follow_up(*options, "fallback"); });
  command->footer(
      "Examples:\n"
      "  clarion campaigns list\n"
      "  clarion campaigns retry spring-2027       never to who may have got it, opted out or has no right address\n"
      "  clarion campaigns fallback spring-2027    to wrong and dead addresses, by a channel that has not failed\n"
      "  clarion campaigns resume spring-2027      without a server it sends here and shows the progress");
}

}  // namespace clarion
