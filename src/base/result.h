#pragma once
// Result<T>: a value or an Error that says what the caller should do about it.
//
// Errors  ErrorKind is for code to decide on; `message` is one sentence for the person who caused it and says
//         what to change; `detail` is for the log only and never leaves the machine.

#include <chrono>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace clarion {

enum class ErrorKind : unsigned char {
  Invalid,      // the input is wrong; asking again unchanged is pointless
  NotFound,     // there is no such thing
  Conflict,     // the state forbids it; somebody else was first
  Denied,       // not allowed
  Throttled,    // too fast; nothing happened; again after retry_after
  Unavailable,  // not reached; nothing happened; again later
  Unknown,      // it may or may not have happened
  Internal,     // a fault of ours
};

[[nodiscard]] std::string_view to_string(ErrorKind kind);

struct Error {
  ErrorKind kind = ErrorKind::Internal;
  std::string message;
  std::string detail = {};
  std::optional<std::chrono::milliseconds> retry_after = std::nullopt;
};

template <class T>
using Result = std::expected<T, Error>;

// std::unexpected(Error{...}) in fewer words: `return fail(ErrorKind::Invalid, "throughput_tps must be above 0");`
[[nodiscard]] inline std::unexpected<Error> fail(ErrorKind kind, std::string message, std::string detail = {}) {
  return std::unexpected(Error{kind, std::move(message), std::move(detail)});
}

}  // namespace clarion
