#include "carriers/json_text.h"

#include <boost/json/monotonic_resource.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

namespace clarion {

void append_json_member(std::string& out, std::string_view name, std::string_view value) {
  if (value.empty()) return;
  out.append(",\"").append(name).append("\":");
  append_json_string(out, value);
}

void append_email_header(std::string& out, std::string_view name, std::string_view value) {
  out += "{\"Name\":";
  append_json_string(out, name);
  append_json_member(out, "Value", value);
  out += '}';
}

namespace {

// The value of {"name":"value"}, which is how SMS and email answer; none when the document is anything else.
std::optional<std::string_view> read_only_member(std::string_view document, std::string_view name) {
  constexpr std::string_view open = "{\"";
  constexpr std::string_view between = "\":\"";
  constexpr std::string_view close = "\"}";
  if (document.size() < open.size() + name.size() + between.size() + close.size()) return std::nullopt;
  if (!document.starts_with(open) || !document.ends_with(close)) return std::nullopt;
  document = document.substr(open.size(), document.size() - open.size() - close.size());
  if (!document.starts_with(name) || !document.substr(name.size()).starts_with(between)) return std::nullopt;
  document.remove_prefix(name.size() + between.size());
  const bool is_plain =
      std::ranges::all_of(document, [](char c) { return c >= ' ' && c <= '~' && c != '"' && c != '\\'; });
  return is_plain ? std::optional(document) : std::nullopt;
}

}  // namespace

std::string read_json_member(std::string_view document, std::string_view name) {
  if (const auto value = read_only_member(document, name)) return std::string(*value);
  // Replies are small: their document fits on the stack.
  std::array<unsigned char, 2048> memory;
  boost::json::monotonic_resource resource(memory.data(), memory.size());
  boost::system::error_code error;
  const auto parsed = boost::json::parse(document, error, &resource);
  if (error || !parsed.is_object()) return {};
  const auto* value = parsed.get_object().if_contains(name);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}

SendOutcome read_accepted(std::string_view reply, std::string_view id_member, std::int32_t parts) {
  std::string id = read_json_member(reply, id_member);
  if (id.empty()) {
    return std::unexpected(
        SendFailure{FailureClass::Ambiguous, "NoMessageId", "The reply names no message; something else answered."});
  }
  // The price comes later, with the event; until then the estimate stands.
  return Accepted{.provider_id = std::move(id), .parts = parts, .cost = {}};
}

}  // namespace clarion
