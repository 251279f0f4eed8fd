#include <fmt/format.h>

#include <boost/json.hpp>

#include <iostream>
#include <memory>

#include "access/token.h"
#include "app/commands.h"
#include "app/open_tokens.h"
#include "app/session.h"
#include "app/terminal.h"

namespace clarion {
namespace {

namespace json = boost::json;

struct TokenOptions {
  std::string name;
  std::string scopes;
  std::string data;
  bool is_json = false;
};

json::array scopes_of(const StoredToken& token) {
  json::array names;
  for (const std::string_view name : names_of(token.scopes)) names.emplace_back(name);
  return names;
}

Result<std::unique_ptr<OpenTokens>> open_tokens(const TokenOptions& options) {
  const auto settings = settings_for_command({{"CLARION_DATA_DIR", options.data}});
  if (!settings) return std::unexpected(settings.error());
  return OpenTokens::open(*settings);
}

int create(const TokenOptions& options) {
  const auto scopes = parse_scopes(options.scopes);
  if (!scopes) return report_wrong_use(scopes.error());
  const auto issued = issue_token(options.name, *scopes, SystemClock().wall_now());
  if (!issued) return report_wrong_use(issued.error());
  const auto tokens = open_tokens(options);
  if (!tokens) return report_wrong_use(tokens.error());
  if (const auto created = (*tokens)->create(issued->stored); !created) return report(created.error());
  if (options.is_json) {
    std::cout << json::serialize(json::object{
                     {"name", issued->stored.name}, {"token", issued->text}, {"scopes", scopes_of(issued->stored)}})
              << '\n';
    return exit_done;
  }
  std::cout << issued->text << '\n' << std::flush;
  std::cerr << fmt::format(
      "This is the token \"{}\" ({}). It is shown only now: keep it like a password.\n"
      "Use it:  curl -H \"Authorization: Bearer $TOKEN\" ...      End it:  clarion token revoke {}\n",
      issued->stored.name, to_string(issued->stored.scopes), issued->stored.name);
  return exit_done;
}

int list_all(const TokenOptions& options) {
  const auto settings = settings_for_command({{"CLARION_DATA_DIR", options.data}});
  if (!settings) return report_wrong_use(settings.error());
  const auto tokens = OpenTokens::open_to_read(*settings);
  if (!tokens && tokens.error().kind != ErrorKind::NotFound) return report_wrong_use(tokens.error());
  const auto all = tokens ? (*tokens)->list() : std::vector<StoredToken>();
  if (!all) return report(all.error());
  if (options.is_json) {
    json::array rows;
    for (const StoredToken& token : *all) {
      rows.push_back(json::object{{"name", token.name},
                                  {"id", token.id},
                                  {"scopes", scopes_of(token)},
                                  {"created_at", format_iso8601(token.created_at)}});
    }
    std::cout << json::serialize(json::object{{"tokens", std::move(rows)}}) << '\n';
    return exit_done;
  }
  if (all->empty()) {
    std::cout << "There is no token yet. Make one:  clarion token create --name NAME --scope read,write,send\n";
    return exit_done;
  }
  std::vector<std::vector<std::string>> rows{{"NAME", "SCOPES", "CREATED", "ID"}};
  for (const StoredToken& token : *all) {
    rows.push_back({token.name, to_string(token.scopes), format_iso8601(token.created_at), token.id});
  }
  std::cout << render_table(rows);
  return exit_done;
}

int revoke(const TokenOptions& options) {
  const auto tokens = open_tokens(options);
  if (!tokens) return report_wrong_use(tokens.error());
  const auto was_there = (*tokens)->revoke(options.name);
  if (!was_there) return report(was_there.error());
  if (!*was_there) {
    return report(Error{ErrorKind::NotFound,
                        fmt::format("there is no token named '{}'; `clarion token list` shows all", options.name)});
  }
  if (options.is_json) {
    std::cout << json::serialize(json::object{{"name", options.name}, {"revoked", true}}) << '\n';
  } else {
    std::cout << fmt::format("The token \"{}\" is revoked; running servers refuse it within two seconds.\n",
                             options.name);
  }
  return exit_done;
}

}  // namespace

void add_token_command(CLI::App& app, Command& chosen) {
  auto* command = app.add_subcommand("token", "Makes, lists and revokes the tokens of the HTTP API.");
  auto options = std::make_shared<TokenOptions>();
  command->require_subcommand(1);
  const auto add = [command, options, &chosen](const std::string& name, const std::string& text,
                                               std::function<int()> run) {
    auto* verb = command->add_subcommand(name, text);
    verb->add_option("--data", options->data, "directory of the records (data/local)");
    verb->add_flag("--json", options->is_json, "one JSON document on stdout");
    verb->callback([&chosen, run = std::move(run)] { chosen = run; });
    return verb;
  };
  auto* creates = add("create", "makes a token and shows it once", [options] { return create(*options); });
  creates->footer("Example:\n  clarion token create --name shop --scope read,send");
  creates->add_option("--name", options->name, "what lists and logs call it")->required();
  creates->add_option("--scope", options->scopes, "one or more of read, write, send, with commas")->required();
  add("list", "every token, without its secret", [options] {
    return list_all(*options);
  })->footer("Example:\n  clarion token list");
  auto* revokes = add("revoke", "ends a token", [options] { return revoke(*options); });
  revokes->footer("Example:\n  clarion token revoke shop");
  revokes->add_option("NAME", options->name, "the token's name")->required();
  command->footer(
      "Examples:\n"
      "  clarion token create --name shop --scope read,send\n"
      "  clarion token revoke shop\n\n"
      "read looks, write changes, send starts sending; none includes another. It works beside a running server.");
}

}  // namespace clarion
