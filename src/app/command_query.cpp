#include <fmt/format.h>

#include <boost/json.hpp>

#include <algorithm>
#include <iostream>
#include <memory>

#include "api/json_text.h"
#include "app/commands.h"
#include "app/session.h"
#include "app/terminal.h"
#include "domain/channel.h"

namespace clarion {
namespace {

namespace json = boost::json;

struct QueryOptions {
  std::string text;
  std::string data;
  bool is_json = false;
};

std::string text_at(const json::object& object, std::string_view name) {
  const auto* value = object.if_contains(name);
  return value != nullptr && value->is_string() ? std::string(value->get_string().c_str()) : std::string();
}

double number_at(const json::object& object, std::string_view name) {
  const auto* value = object.if_contains(name);
  return value != nullptr && value->is_number() ? value->to_number<double>() : 0;
}

std::string count_at(const json::object& object, std::string_view name) {
  return with_thousands(static_cast<std::int64_t>(number_at(object, name)));
}

void print_understanding(const json::object& results) {
  std::cout << "Understood:\n";
  const bool has_unknown = !results.at("unsupported_dimensions").as_array().empty();
  if (results.at("parsed_dimensions").as_array().empty()) {
    std::cout << (has_unknown ? "  no condition\n" : "  no condition: everyone\n");
  }
  for (const json::value& value : results.at("parsed_dimensions").as_array()) {
    const json::object& row = value.as_object();
    const std::string words = text_at(row, "text");
    std::cout << fmt::format("  {}{}\n", text_at(row, "label"), words.empty() ? "" : fmt::format("   (\"{}\")", words));
  }
  for (const json::value& value : results.at("unsupported_dimensions").as_array()) {
    const json::object& row = value.as_object();
    std::cout << fmt::format("Not understood: \"{}\": {}; {}\n", text_at(row, "words"), text_at(row, "reason"),
                             text_at(row, "suggestion"));
  }
  for (const json::value& value : results.at("ambiguities").as_array()) {
    const json::object& row = value.as_object();
    std::cout << fmt::format("Which is meant by \"{}\"?\n", text_at(row, "words"));
    for (const json::value& candidate : row.at("candidates").as_array()) {
      std::cout << "  " << candidate.as_string().c_str() << '\n';
    }
    std::cout << "  All of them were counted; say which before you send.\n";
  }
  for (const json::value& value : results.at("suggestions").as_array()) {
    if (value.is_string()) std::cout << "Note: " << value.as_string().c_str() << '\n';
  }
  if (text_at(results, "segment_id").empty()) return;
  std::cout << fmt::format("SQL: {}\nSegment: {}\n\n", text_at(results, "sql_query"), text_at(results, "segment_id"));
}

void print_people(const json::object& results) {
  const json::object& suppressed = results.at("suppressed").as_object();
  std::cout << fmt::format("{} match; {} would get a message, {} would not:\n", count_at(results, "total_matched"),
                           count_at(results, "eligible_count"), count_at(suppressed, "count"));
  for (const auto& rule : suppressed.at("by_rule").as_object()) {
    std::cout << fmt::format("  {:>8}  {}\n", with_thousands(rule.value().to_number<std::int64_t>()),
                             std::string_view(rule.key()));
  }
  if (const auto* row = suppressed.at("by_rule").as_object().if_contains("no_consent"); row != nullptr) {
    std::cout
        << "No consent means that none is on record: import it as consent_sms, consent_whatsapp, consent_email.\n";
  }
  if (const auto later = count_at(results.at("time_optimized").as_object(), "count"); later != "0") {
    std::cout << fmt::format("{} of them later, out of quiet hours.\n", later);
  }
  std::cout << '\n';
  const auto& users = results.at("eligible_users").as_array();
  if (users.empty()) return;
  std::cout << "Channel and why, for the first of them:\n";
  for (std::size_t i = 0; i < users.size() && i < 3; ++i) {
    const json::object& user = users[i].as_object();
    std::cout << fmt::format("  {} {} on {}: {}\n", text_at(user, "customer_id"), text_at(user, "name"),
                             text_at(user, "selected_channel"), text_at(user, "reason"));
  }
  std::cout << '\n';
}

// The first of each channel, on one line: who wants them whole asks with --json or looks at the page.
void print_examples(const json::array& samples) {
  constexpr std::size_t longest = 160;
  std::vector<std::string> shown;
  for (const json::value& value : samples) {
    const json::object& sample = value.as_object();
    std::string channel = text_at(sample, "channel");
    if (std::ranges::find(shown, channel) != shown.end()) continue;
    std::string line;
    for (const char c : text_at(sample, "message")) {
      const bool is_blank = c == ' ' || c == '\n' || c == '\r' || c == '\t';
      if (!is_blank) {
        line += c;
      } else if (!line.empty() && line.back() != ' ') {
        line += ' ';
      }
    }
    if (line.size() > longest) {
      std::size_t end = longest;
      while (end > 0 && (static_cast<unsigned char>(line[end]) & 0xC0U) == 0x80U) --end;  // no half character
      line = line.substr(0, end) + "...";
    }
    std::cout << fmt::format("Example on {}: {}\n", channel, line);
    shown.push_back(std::move(channel));
  }
  if (!shown.empty()) std::cout << '\n';
}

void print_plan(const json::object& results) {
  std::vector<std::vector<std::string>> rows{
      {"", "MESSAGES", "SMS", "WHATSAPP", "EMAIL", "COST", "RESPONSES", "COST PER RESPONSE"}};
  const auto add = [&rows](std::string name, const json::object& outlook) {
    const json::object& channels = outlook.at("messages_by_channel").as_object();
    rows.push_back(
        {std::move(name), count_at(outlook, "messages"), count_at(channels, "sms"), count_at(channels, "whatsapp"),
         count_at(channels, "email"), fmt::format("${:.2f}", number_at(outlook, "cost")),
         fmt::format("{:.1f}", number_at(outlook, "expected_responses")),
         outlook.at("cost_per_response").is_null() ? "-"
                                                   : fmt::format("${:.4f}", number_at(outlook, "cost_per_response"))});
  };
  add("everyone by SMS", results.at("before_metrics").as_object());
  add("this plan", results.at("after_metrics").as_object());
  std::cout << "Expected, from past responses and prices (examples, until yours are in prices/; see docs/prices.md):\n"
            << render_table(rows) << '\n';
  print_examples(results.at("sample_messages").as_array());
}

int query(const QueryOptions& options) {
  auto settings = settings_for_command({{"CLARION_DATA_DIR", options.data}});
  if (!settings) return report_wrong_use(settings.error());
  auto session = Session::open(std::move(*settings), Sending::Nothing);
  if (!session) return report(session.error());
  const auto answer = (*session)->call_json({.method = HttpMethod::Post,
                                             .path = "/api/intelligent-query",
                                             .body = json::serialize(json::object{{"query", options.text}})});
  if (!answer) return report_wrong_use(answer.error());
  if (options.is_json) {
    std::cout << write_json(*answer) << '\n';
    return exit_done;
  }
  const json::object& results = answer->at("results").as_object();
  print_understanding(results);
  const bool is_nobody = number_at(results, "total_matched") == 0;
  if (is_nobody) {
    const auto stats = (*session)->call_json({.path = "/api/stats"});
    if (stats && number_at(*stats, "total_customers") == 0) {
      std::cout << "There are no contacts yet; `clarion import FILE` reads yours.\n";
      return exit_done;
    }
  }
  if (text_at(results, "segment_id").empty()) return exit_done;
  if (is_nobody) {
    std::cout << "Nobody matches, so there is nothing to send.\n";
    return exit_done;
  }
  print_people(results);
  print_plan(results);
  const bool is_open =
      !results.at("unsupported_dimensions").as_array().empty() || !results.at("ambiguities").as_array().empty();
  std::cout << (is_open ? std::string("Say it so that every word is clear; what it means then can be sent to.\n")
                        : fmt::format("Send it:  clarion send --segment {} --tps N\n", text_at(results, "segment_id")));
  return exit_done;
}

}  // namespace

void add_query_command(CLI::App& app, Command& chosen) {
  auto* command = app.add_subcommand("query", "Says whom a sentence means, who may be contacted, how, and why.");
  auto options = std::make_shared<QueryOptions>();
  command->add_option("SENTENCE", options->text, "whom to reach, in words")->required();
  command->add_flag("--json", options->is_json, "one JSON document on stdout");
  command->add_option("--data", options->data, "directory of the records (data/local)");
  command->footer(
      "Examples:\n"
      "  clarion query \"Run campaign for laptops in Bangalore with at least 2 purchases\"\n"
      "  clarion query \"customers over 40 in Germany with no purchase in 90 days\" --json > plan.json\n\n"
      "Nothing is sent. Words that were not understood, or may mean several things, are named.");
  command->callback([&chosen, options] { chosen = [options] { return query(*options); }; });
}

}  // namespace clarion
