#include "base/log.h"

#include <fmt/format.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <chrono>
#include <type_traits>

#include "base/clock.h"
#include "base/json_string.h"

namespace clarion {
namespace {

spdlog::logger& json_logger() {
  static const auto logger = [] {
    auto made = spdlog::stderr_logger_mt("clarion");
    made->set_pattern("%v");
    return made;
  }();
  return *logger;
}

spdlog::level::level_enum to_spdlog(LogLevel level) {
  switch (level) {
    case LogLevel::Debug: return spdlog::level::debug;
    case LogLevel::Info: return spdlog::level::info;
    case LogLevel::Warn: return spdlog::level::warn;
    case LogLevel::Error: return spdlog::level::err;
    case LogLevel::Off: return spdlog::level::off;
  }
  return spdlog::level::off;
}

std::string_view level_name(LogLevel level) {
  switch (level) {
    case LogLevel::Debug: return "debug";
    case LogLevel::Info: return "info";
    case LogLevel::Warn: return "warn";
    case LogLevel::Error: return "error";
    case LogLevel::Off: return "off";
  }
  return "off";
}

}  // namespace

void set_log_level(LogLevel level) {
  json_logger().set_level(to_spdlog(level));
}

bool set_log_level(std::string_view name) {
  for (const LogLevel level : {LogLevel::Debug, LogLevel::Info, LogLevel::Warn, LogLevel::Error, LogLevel::Off}) {
    if (level_name(level) == name) {
      set_log_level(level);
      return true;
    }
  }
  return false;
}

void log(LogLevel level, std::string_view event, std::initializer_list<LogField> fields) {
  spdlog::logger& logger = json_logger();
  if (!logger.should_log(to_spdlog(level))) return;
  const auto now = std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
  std::string line = fmt::format(R"({{"time":"{}","level":"{}","event":)", format_iso8601(now), level_name(level));
  append_json_string(line, event);
  for (const LogField& field : fields) {
    line += ',';
    append_json_string(line, field.name);
    line += ':';
    std::visit(
        [&line](const auto& value) {
          using Value = std::decay_t<decltype(value)>;
          if constexpr (std::is_same_v<Value, std::string_view>) {
            append_json_string(line, value);
          } else {
            fmt::format_to(std::back_inserter(line), "{}", value);
          }
        },
        field.value);
  }
  line += '}';
  logger.log(to_spdlog(level), line);
}

}  // namespace clarion
