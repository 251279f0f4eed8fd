#include "engine/send_request.h"

#include <fmt/format.h>
#include <simdjson.h>

#include <boost/json/monotonic_resource.hpp>
#include <boost/json/parser.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <limits>
#include <optional>

#include "base/hash.h"
#include "base/text.h"

namespace clarion {
namespace {

namespace json = boost::json;
namespace ondemand = simdjson::ondemand;

constexpr double max_wait_seconds = 3600;

// Two hashes with different seeds.
struct WideHash {
  std::uint64_t high = 0;
  std::uint64_t low = 0;

  static WideHash of(std::string_view text) { return {hash64(text, 1), hash64(text, 2)}; }
  // Order matters.
  void append(WideHash next) {
    high = mix64(high ^ next.high) + next.low;
    low = mix64(low + next.low) ^ next.high;
  }
  // Order does not matter: sums of well-mixed values.
  void add(WideHash member) {
    high += mix64(member.high);
    low += mix64(member.low);
  }
  [[nodiscard]] std::string text() const { return fmt::format("{:016x}{:016x}", high, low); }
};

WideHash hash_number(double value) {
  constexpr double exact = 9007199254740992.0;  // 2^53: beyond it a double is not a whole number's only form
  if (std::trunc(value) == value && std::abs(value) <= exact) {
    return WideHash::of(fmt::format("n{}", static_cast<std::int64_t>(value)));
  }
  return WideHash::of(fmt::format("n{}", value));
}

WideHash hash_value(const json::value& value) {
  switch (value.kind()) {
    case json::kind::null: return WideHash::of("null");
    case json::kind::bool_: return WideHash::of(value.get_bool() ? "true" : "false");
    case json::kind::int64: return WideHash::of(fmt::format("n{}", value.get_int64()));
    case json::kind::uint64: return WideHash::of(fmt::format("n{}", value.get_uint64()));
    case json::kind::double_: return hash_number(value.get_double());
    case json::kind::string: {
      WideHash hash = WideHash::of("string");
      hash.append(WideHash::of(value.get_string()));
      return hash;
    }
    case json::kind::array: {
      WideHash hash = WideHash::of("array");
      for (const json::value& element : value.get_array()) hash.append(hash_value(element));
      return hash;
    }
    case json::kind::object: {
      WideHash hash = WideHash::of("object");
      for (const auto& member : value.get_object()) {
        WideHash entry = WideHash::of(member.key());
        entry.append(hash_value(member.value()));
        hash.add(entry);
      }
      return hash;
    }
  }
  return {};
}

Error broken_json() {
  return {.kind = ErrorKind::Invalid, .message = "The body is not valid JSON; send one object in UTF-8."};
}

// Parses one small value at a time into memory that is used again.
class SliceParser {
 public:
  // nullptr when it is not JSON. Lifetime: until the next call.
  const json::value* parse(std::string_view text) {
    value_.reset();
    memory_.release();
    parser_.reset(&memory_);
    boost::system::error_code error;
    parser_.write(text.data(), text.size(), error);
    if (error) return nullptr;
    value_.emplace(parser_.release());
    return &*value_;
  }

 private:
  std::array<unsigned char, 16384> buffer_{};
  json::monotonic_resource memory_{buffer_.data(), buffer_.size()};
  json::parser parser_{{}, json::parse_options()};
  std::optional<json::value> value_;
};

std::string_view type_name(const json::value& value) {
  switch (value.kind()) {
    case json::kind::null: return "null";
    case json::kind::bool_: return "true or false";
    case json::kind::string: return "a text";
    case json::kind::array: return "a list";
    case json::kind::object: return "an object";
    default: return "a number";
  }
}

std::optional<double> as_number(const json::value& value) {
  if (value.is_int64()) return static_cast<double>(value.get_int64());
  if (value.is_uint64()) return static_cast<double>(value.get_uint64());
  if (value.is_double()) return value.get_double();
  return std::nullopt;
}

// The members beside eligible_users. Each sets its part of the request or says what is wrong.
Result<void> read_member(std::string_view name, const json::value& value, double max_tps, SendRequest& request) {
  if (value.is_null()) return {};
  if (name == "throughput_tps") {
    const auto tps = as_number(value);
    if (!tps) {
      return fail(ErrorKind::Invalid,
                  fmt::format("throughput_tps is {}; it must be a number, in messages per second.", type_name(value)));
    }
    if (*tps <= 0 || *tps > max_tps) {
      return fail(ErrorKind::Invalid,
                  fmt::format("throughput_tps is {}; it must be above 0 and at most {}.", *tps, max_tps));
    }
    request.throughput_tps = *tps;
  } else if (name == "campaign_id") {
    if (!value.is_string() || !is_campaign_id(value.get_string())) {
      return fail(
          ErrorKind::Invalid,
          "campaign_id must be a text of 1 to 64 letters, digits, '.', '_' or '-'; leave it out to get a new one.");
    }
    request.campaign_id = std::string_view(value.get_string());
  } else if (name == "wait_seconds") {
    const auto seconds = as_number(value);
    if (!seconds || *seconds < 0 || *seconds > max_wait_seconds) {
      return fail(ErrorKind::Invalid, fmt::format("wait_seconds must be a number from 0 to {}.", max_wait_seconds));
    }
    request.wait_seconds = *seconds;
  } else if (name == "respect_caps") {
    if (!value.is_bool()) return fail(ErrorKind::Invalid, "respect_caps must be true or false.");
    request.respects_caps = value.get_bool();
  }
  return {};
}

// Cuts the list into slices and hashes each user.
Result<WideHash> read_users(ondemand::value& list, SliceParser& parser, SendRequest& request) {
  ondemand::json_type type{};
  if (list.type().get(type) != simdjson::SUCCESS) return std::unexpected(broken_json());
  if (type != ondemand::json_type::array) {
    return fail(ErrorKind::Invalid, "eligible_users must be a list of users.");
  }
  request.users.clear();
  WideHash hash = WideHash::of("array");
  ondemand::array array;
  if (list.get_array().get(array) != simdjson::SUCCESS) return std::unexpected(broken_json());
  for (auto element : array) {
    std::string_view text;
    if (simdjson::to_json_string(element).get(text) != simdjson::SUCCESS) return std::unexpected(broken_json());
    const json::value* user = parser.parse(text);
    if (user == nullptr) {
      return fail(ErrorKind::Invalid, fmt::format("The body is not valid JSON in eligible_users[{}]; nothing was sent.",
                                                  request.users.size()));
    }
    hash.append(hash_value(*user));
    request.users.push_back(
        {.offset = static_cast<std::size_t>(text.data() - request.body.data()), .bytes = text.size()});
  }
  return hash;
}

}  // namespace

bool is_campaign_id(std::string_view text) {
  return !text.empty() && text.size() <= 64 && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' ||
           c == '-';
  });
}

std::string hash_json(const json::value& value) {
  return hash_value(value).text();
}

Result<SendRequest> parse_send_request(std::string body, double max_tps) {
  if (trim(body).empty()) {
    return fail(ErrorKind::Invalid, "The body is empty; send {\"eligible_users\": [...], \"throughput_tps\": 10}.");
  }
  SendRequest request;
  request.body = std::move(body);
  request.body.reserve(request.body.size() + simdjson::SIMDJSON_PADDING);
  ondemand::parser reader;
  ondemand::document document;
  ondemand::object object;
  const simdjson::padded_string_view padded(request.body.data(), request.body.size(), request.body.capacity());
  if (reader.iterate(padded).get(document) != simdjson::SUCCESS) return std::unexpected(broken_json());
  if (document.get_object().get(object) != simdjson::SUCCESS) return std::unexpected(broken_json());

  SliceParser parser;
  WideHash hash = WideHash::of("object");
  std::string name;
  for (auto field : object) {
    std::string_view key;
    ondemand::value value;
    if (field.unescaped_key().get(key) != simdjson::SUCCESS) return std::unexpected(broken_json());
    name = key;
    if (field.value().get(value) != simdjson::SUCCESS) return std::unexpected(broken_json());
    WideHash entry = WideHash::of(name);
    if (name == "eligible_users") {
      const auto users = read_users(value, parser, request);
      if (!users) return std::unexpected(users.error());
      entry.append(*users);
    } else {
      std::string_view text;
      if (simdjson::to_json_string(value).get(text) != simdjson::SUCCESS) return std::unexpected(broken_json());
      const json::value* parsed = parser.parse(text);
      if (parsed == nullptr) return std::unexpected(broken_json());
      if (auto read = read_member(name, *parsed, max_tps, request); !read) return std::unexpected(read.error());
      entry.append(hash_value(*parsed));
    }
    hash.add(entry);
  }
  // Anything after the closing brace.
  if (document.current_location().error() != simdjson::OUT_OF_BOUNDS) return std::unexpected(broken_json());
  if (request.users.empty())
    return fail(ErrorKind::Invalid, "eligible_users is missing or empty; list at least one user.");
  if (request.throughput_tps <= 0) {
    return fail(
        ErrorKind::Invalid,
        fmt::format("throughput_tps is missing; say how many messages per second, above 0 and at most {}.", max_tps));
  }
  request.hash = hash.text();
  return request;
}

}  // namespace clarion
