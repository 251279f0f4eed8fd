#pragma once
// Structured logs: one JSON line an event on stderr, {"time","level","event",...fields}.
//
// Privacy  never pass a whole address or a secret; mask_address (base/mask.h) is for that.
// Threads  safe from any thread.

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <variant>

namespace clarion {

enum class LogLevel : unsigned char { Debug, Info, Warn, Error, Off };

struct LogField {
  std::string_view name;
  std::variant<std::string_view, std::int64_t, double, bool> value;
};

// Sets the least level that is written. REQUIRES: called before other threads start.
void set_log_level(LogLevel level);
// "debug", "info", "warn", "error" or "off"; false leaves the level unchanged.
[[nodiscard]] bool set_log_level(std::string_view name);

// `event` is a fixed snake_case name such as "campaign_started"; what varies goes into fields.
void log(LogLevel level, std::string_view event, std::initializer_list<LogField> fields = {});

inline void log_info(std::string_view event, std::initializer_list<LogField> fields = {}) {
  log(LogLevel::Info, event, fields);
}
inline void log_warn(std::string_view event, std::initializer_list<LogField> fields = {}) {
  log(LogLevel::Warn, event, fields);
}
inline void log_error(std::string_view event, std::initializer_list<LogField> fields = {}) {
  log(LogLevel::Error, event, fields);
}

}  // namespace clarion
