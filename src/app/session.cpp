#include "app/session.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <thread>

#include "app/commands.h"
#include "app/instance_file.h"
#include "app/runtime.h"
#include "base/log.h"

namespace clarion {
namespace {

using namespace std::chrono_literals;

// A process that has just taken the directory announces its port within moments.
std::optional<RunningInstance> wait_for_port(const std::filesystem::path& path) {
  auto holder = find_running_instance(path);
  for (int i = 0; i < 50 && holder && holder->port == 0; ++i) {
    std::this_thread::sleep_for(100ms);
    holder = find_running_instance(path);
  }
  return holder;
}

ErrorKind kind_of(int status) {
  switch (status) {
    case 400:
    case 413:
    case 422: return ErrorKind::Invalid;
    case 401:
    case 403: return ErrorKind::Denied;
    case 404: return ErrorKind::NotFound;
    case 409: return ErrorKind::Conflict;
    case 429: return ErrorKind::Throttled;
    case 503: return ErrorKind::Unavailable;
    default: return ErrorKind::Internal;
  }
}

// The sentence of an error answer: both shapes carry it as "error".
std::string sentence_of(const ApiReply& reply) {
  boost::json::error_code error;
  const auto document = boost::json::parse(reply.body, error);
  if (!error && document.is_object()) {
    const auto* text = document.get_object().if_contains("error");
    if (text != nullptr && text->is_string()) return std::string(text->get_string().c_str());
  }
  return fmt::format("the server answered {} without a reason", reply.status);
}

}  // namespace

Result<Settings> settings_for_command(std::map<std::string, std::string> flags, std::string_view log_level) {
  auto inputs = read_setting_inputs();
  if (!inputs) return std::unexpected(inputs.error());
  inputs->flags = std::move(flags);
  auto settings = load_settings(*inputs);
  if (!settings) return settings;
  for (const std::string& warning : settings->warnings) std::fprintf(stderr, "clarion: %s\n", warning.c_str());
  const auto level = std::ranges::find(settings->values, "CLARION_LOG_LEVEL", &SettingValue::name);
  const bool is_chosen = level != settings->values.end() && level->source != "default";
  (void)set_log_level(is_chosen ? std::string_view(settings->log_level) : log_level);
  return settings;
}

Result<std::unique_ptr<Session>> Session::open(Settings settings, Sending sending) {
  std::unique_ptr<Session> session(new Session());
  if (const auto holder = wait_for_port(settings.data_dir); holder && holder->port != 0) {
    session->api_ = make_loopback_client(holder->host, holder->port, holder->token);
    return session;
  }
  // A command listens for other commands only, wherever there is room.
  settings.host = "127.0.0.1";
  settings.port = 0;
  settings.workers = 1;
  auto runtime = Runtime::start(settings, sending);
  if (!runtime) return std::unexpected(runtime.error());
  session->runtime_ = std::move(*runtime);
  session->api_ = session->runtime_->make_client();
  session->is_alone_ = settings.store == StoreKind::Sqlite;
  return session;
}

Session::~Session() {
  close();
}

void Session::close() {
  if (runtime_) runtime_->stop();
}

Result<boost::json::object> Session::call_json(ApiCall call) {
  const auto reply = api_->call(std::move(call));
  if (!reply) return std::unexpected(reply.error());
  if (!reply->is_success()) return fail(kind_of(reply->status), sentence_of(*reply));
  boost::json::error_code error;
  auto document = boost::json::parse(reply->body, error);
  if (error || !document.is_object()) return fail(ErrorKind::Internal, "the server's answer is not a JSON object");
  return std::move(document.get_object());
}

int report(const Error& error) {
  std::fprintf(stderr, "clarion: %s\n", error.message.c_str());
  return exit_failed;
}

int report_wrong_use(const Error& error) {
  std::fprintf(stderr, "clarion: %s\n", error.message.c_str());
  return error.kind == ErrorKind::Invalid ? exit_wrong_use : exit_failed;
}

}  // namespace clarion
