#include "api/json_body.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"

namespace clarion {
namespace {

json::parse_options body_options() {
  json::parse_options options;
  options.max_depth = 32;
  return options;
}

std::string explain_parse_error(std::string_view body, const json::error_code& error) {
  if (body.starts_with("\xFF\xFE") || body.starts_with("\xFE\xFF")) {
    return "the body is UTF-16; send JSON as UTF-8";
  }
  if (body.starts_with("\xEF\xBB\xBF")) return "the body begins with a byte order mark; send JSON without it";
  if (error == json::error::too_deep) return "the body is nested more than 32 levels deep";
  if (error == json::error::incomplete) return "the body is not complete JSON: it ends too early";
  return fmt::format("the body is not valid JSON: {}", error.message());
}

}  // namespace

Result<json::object> parse_json_object(std::string_view body) {
  if (body.find_first_not_of(" \t\r\n") == std::string_view::npos) {
    return fail(ErrorKind::Invalid, "the body is empty; send a JSON object");
  }
  json::error_code error;
  json::value value = json::parse(json::string_view(body.data(), body.size()), error, {}, body_options());
  if (error) return fail(ErrorKind::Invalid, explain_parse_error(body, error));
  if (!value.is_object()) return fail(ErrorKind::Invalid, "the body must be a JSON object");
  return std::move(value.get_object());
}

const json::value* MemberReader::find(std::string_view name) {
  known_.emplace_back(name);
  if (error_) return nullptr;
  const auto* found = object_.if_contains(name);
  return found == nullptr || found->is_null() ? nullptr : found;
}

std::string MemberReader::full_name(std::string_view name) const {
  return path_.empty() ? std::string(name) : fmt::format("{}.{}", path_, name);
}

Result<void> check_no_body(std::string_view body) {
  if (body.find_first_not_of(" \t\r\n") == std::string_view::npos || body == "{}") return {};
  return fail(ErrorKind::Invalid, "this request takes no body; leave it out");
}

std::optional<std::string> MemberReader::text(std::string_view name, std::size_t most_bytes) {
  const json::value* found = find(name);
  if (found == nullptr) return std::nullopt;
  if (!found->is_string()) {
    reject(name, "must be a text");
    return std::nullopt;
  }
  const json::string& value = found->get_string();
  if (value.size() > most_bytes) {
    reject(name, fmt::format("must be at most {} bytes", most_bytes));
    return std::nullopt;
  }
  return std::string(value.data(), value.size());
}

std::optional<double> MemberReader::number(std::string_view name) {
  const json::value* found = find(name);
  if (found == nullptr) return std::nullopt;
  if (!found->is_number()) {
    reject(name, "must be a number");
    return std::nullopt;
  }
  return found->to_number<double>();
}

std::optional<std::int64_t> MemberReader::integer(std::string_view name) {
  const json::value* found = find(name);
  if (found == nullptr) return std::nullopt;
  json::error_code error;
  const auto value = found->is_number() ? found->to_number<std::int64_t>(error) : 0;
  if (!found->is_number() || error) {
    reject(name, "must be a whole number");
    return std::nullopt;
  }
  return value;
}

std::optional<bool> MemberReader::flag(std::string_view name) {
  const json::value* found = find(name);
  if (found == nullptr) return std::nullopt;
  if (!found->is_bool()) {
    reject(name, "must be true or false");
    return std::nullopt;
  }
  return found->get_bool();
}

std::optional<WallTime> MemberReader::time(std::string_view name) {
  const auto value = text(name, 64);
  if (!value) return std::nullopt;
  // Without a zone it would be hours off for most people.
  constexpr std::size_t date_bytes = 11;
  const bool has_zone = value->size() > date_bytes && (lower_case(value->back()) == 'z' ||
                                                       value->find_first_of("+-", date_bytes) != std::string::npos);
  const auto time = has_zone ? parse_iso8601(*value) : std::nullopt;
  if (!time) reject(name, "must be a time with its zone, such as 2026-11-22T18:30:00Z or 2026-11-22T18:30:00+05:30");
  return time;
}

std::optional<std::vector<std::string>> MemberReader::texts(std::string_view name) {
  const json::value* found = find(name);
  if (found == nullptr) return std::nullopt;
  std::vector<std::string> values;
  if (found->is_array()) {
    for (const json::value& element : found->get_array()) {
      if (!element.is_string()) break;
      values.emplace_back(element.get_string().data(), element.get_string().size());
    }
  }
  if (!found->is_array() || values.size() != found->get_array().size()) {
    reject(name, "must be an array of texts");
    return std::nullopt;
  }
  return values;
}

const json::object* MemberReader::object(std::string_view name) {
  const json::value* found = find(name);
  if (found == nullptr) return nullptr;
  if (!found->is_object()) {
    reject(name, "must be an object");
    return nullptr;
  }
  return &found->get_object();
}

const json::value* MemberReader::value(std::string_view name) {
  return find(name);
}

bool MemberReader::has(std::string_view name) const {
  const auto* found = object_.if_contains(name);
  return found != nullptr && !found->is_null();
}

void MemberReader::reject(std::string_view name, std::string_view rule) {
  if (!error_) error_ = Error{ErrorKind::Invalid, fmt::format("{} {}", full_name(name), rule)};
}

void MemberReader::adopt(const MemberReader& member) {
  if (!error_) error_ = member.error_;
}

std::vector<std::string> MemberReader::unknown() const {
  constexpr std::size_t most_names = 20;
  std::vector<std::string> names;
  for (const auto& member : object_) {
    if (member.value().is_null() || std::ranges::find(known_, std::string_view(member.key())) != known_.end()) continue;
    if (names.size() < most_names) names.emplace_back(std::string_view(member.key()).substr(0, 60));
  }
  return names;
}

void MemberReader::refuse_unknown() {
  for (const auto& member : object_) {
    if (std::ranges::find(known_, std::string_view(member.key())) != known_.end()) continue;
    const std::string_view shown = std::string_view(member.key()).substr(0, 60);
    reject(shown, fmt::format("is not a member of this request; known are {}", fmt::join(known_, ", ")));
  }
}

Result<void> MemberReader::finish() const {
  if (error_) return std::unexpected(*error_);
  return {};
}

}  // namespace clarion
