#include "engine/send_request.h"

#include <fmt/format.h>

#include <boost/json/monotonic_resource.hpp>
#include <boost/json/parser.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <optional>

#include "base/hash.h"
#include "base/text.h"
#include "domain/campaign.h"

namespace clarion {
namespace {

namespace json = boost::json;

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
    if (error || text.empty()) return nullptr;
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

// null is as if the member were not there. Of one that is there twice the last counts, so an earlier value goes too.
void forget_member(std::string_view name, SendRequest& request) {
  SendRequest none;
  if (name == "eligible_users") request.users.clear();
  if (name == "throughput_tps") request.throughput_tps = none.throughput_tps;
  if (name == "campaign_id") request.campaign_id.clear();
  if (name == "wait_seconds") request.wait_seconds = none.wait_seconds;
  if (name == "respect_caps") request.respects_caps = none.respects_caps;
}

// "dry_run", "dryRun", "scheduled_at": names under which people ask not to send, or not now.
bool asks_not_to_send_now(std::string_view name) {
  constexpr std::array<std::string_view, 20> names{
      "dryrun",   "isdryrun",   "preview",     "previewonly", "test",     "testmode",    "istest",
      "simulate", "simulation", "sandbox",     "draft",       "paused",   "startat",     "startsat",
      "sendat",   "schedule",   "scheduledat", "scheduleat",  "sendtime", "validateonly"};
  std::string letters;
  for (const char c : lower_case(name)) {
    if (c >= 'a' && c <= 'z') letters += c;
  }
  return std::ranges::find(names, letters) != names.end();
}

Result<void> take_unknown(std::string_view name, const json::value& value, SendRequest& request) {
  constexpr std::size_t most_names = 20;
  const std::string shown(name.substr(0, 60));
  const bool is_off = value.is_bool() && !value.get_bool();
  if (!is_off && asks_not_to_send_now(name)) {
    return fail(
        ErrorKind::Invalid,
        fmt::format("{} is not a member of this request, which sends at once; nothing was sent. Look first with "
                    "POST /api/audience/preview, or schedule with POST /api/campaigns.",
                    shown));
  }
  auto& names = request.unknown_members;
  if (names.size() < most_names && std::ranges::find(names, shown) == names.end()) names.push_back(shown);
  return {};
}

// The members beside eligible_users. Each sets its part of the request or says what is wrong.
Result<void> read_member(std::string_view name, const json::value& value, double max_tps, SendRequest& request) {
  if (value.is_null()) {
    forget_member(name, request);
    return {};
  }
  if (name == "throughput_tps") {
    const auto tps = as_number(value);
    if (!tps) {
      return fail(ErrorKind::Invalid,
                  fmt::format("throughput_tps is {}; it must be a number, in messages per second.", type_name(value)));
    }
    if (!(*tps >= least_throughput_tps && *tps <= max_tps)) {
      return fail(ErrorKind::Invalid,
                  fmt::format("throughput_tps is {}; it must be from {} to {}.", *tps, least_throughput_tps, max_tps));
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
  } else if (name != "eligible_users") {
    return take_unknown(name, value, request);
  }
  return {};
}

std::optional<std::uint32_t> read_unit(std::string_view digits) {
  std::uint32_t unit = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), unit, 16);
  if (digits.size() != 4 || error != std::errc{} || end != digits.data() + 4) return std::nullopt;
  return unit;
}

// Cuts JSON apart at its separators, which it checks; what lies between them is checked by parsing each value.
class Cutter {
 public:
  explicit Cutter(std::string_view text) : text_(text) {}

  bool take(char wanted) {
    skip_blanks();
    if (at_ == text_.size() || text_[at_] != wanted) return false;
    ++at_;
    return true;
  }
  [[nodiscard]] bool is_at_end() {
    skip_blanks();
    return at_ == text_.size();
  }
  [[nodiscard]] char peek() {
    skip_blanks();
    return at_ == text_.size() ? '\0' : text_[at_];
  }
  // The text of the next value, without blanks around it; empty when there is none or it does not end.
  std::string_view take_value() {
    skip_blanks();
    const std::size_t begin = at_;
    std::size_t depth = 0;
    for (; at_ < text_.size(); ++at_) {
      const char c = text_[at_];
      if (c == '"') {
        if (!skip_string()) return {};
      } else if (c == '{' || c == '[') {
        ++depth;
        continue;
      } else if (c == '}' || c == ']') {
        if (depth == 0) break;  // belongs to what is around
        --depth;
      } else if (depth > 0 || !is_separator(c)) {
        continue;  // inside a container, or a letter of a bare word or number
      } else {
        break;
      }
      if (depth == 0) {
        ++at_;
        break;
      }
    }
    return depth == 0 ? text_.substr(begin, at_ - begin) : std::string_view();
  }

 private:
  static bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }
  static bool is_separator(char c) { return c == ',' || c == ':' || is_blank(c); }
  void skip_blanks() {
    while (at_ < text_.size() && is_blank(text_[at_])) ++at_;
  }
  // From the opening to the closing quote.
  bool skip_string() {
    for (++at_; at_ < text_.size(); ++at_) {
      if (text_[at_] == '"') return true;
      if (text_[at_] == '\\') ++at_;
    }
    return false;
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

// Cuts the list into slices and hashes each user.
Result<WideHash> read_users(Cutter& cutter, SliceParser& parser, SendRequest& request) {
  request.users.clear();
  WideHash hash = WideHash::of("array");
  if (!cutter.take('[')) return fail(ErrorKind::Invalid, "eligible_users must be a list of users.");
  if (cutter.take(']')) return hash;
  do {
    const std::string_view text = cutter.take_value();
    const auto offset = text.empty() ? 0 : static_cast<std::size_t>(text.data() - request.body.data());
    const json::value* user = parser.parse(text);
    // What cutting a text in JavaScript leaves of an emoji; one such user is no reason to refuse the list.
    if (user == nullptr && replace_lone_surrogates({request.body.data() + offset, text.size()})) {
      user = parser.parse(text);
    }
    if (user == nullptr) {
      return fail(ErrorKind::Invalid, fmt::format("The body is not valid JSON in eligible_users[{}]; nothing was sent.",
                                                  request.users.size()));
    }
    hash.append(hash_value(*user));
    request.users.push_back({.offset = offset, .bytes = text.size()});
  } while (cutter.take(','));
  if (!cutter.take(']')) return std::unexpected(broken_json());
  return hash;
}

Result<void> read_members(Cutter& cutter, double max_tps, SendRequest& request) {
  if (!cutter.take('{')) {
    return fail(ErrorKind::Invalid,
                "The body must be a JSON object, such as {\"eligible_users\": [...], \"throughput_tps\": 10}.");
  }
  if (cutter.take('}')) return {};
  SliceParser parser;
  WideHash hash = WideHash::of("object");
  do {
    const json::value* key = parser.parse(cutter.take_value());
    if (key == nullptr || !key->is_string() || !cutter.take(':')) return std::unexpected(broken_json());
    const std::string name(std::string_view(key->get_string()));
    WideHash entry = WideHash::of(name);
    if (name == "eligible_users" && cutter.peek() != 'n') {
      const auto users = read_users(cutter, parser, request);
      if (!users) return std::unexpected(users.error());
      entry.append(*users);
    } else {
      const json::value* value = parser.parse(cutter.take_value());
      if (value == nullptr) return std::unexpected(broken_json());
      if (auto read = read_member(name, *value, max_tps, request); !read) return read;
      entry.append(hash_value(*value));
    }
    // How long a caller waits for the answer is no part of what is sent.
    if (name != "wait_seconds") hash.add(entry);
  } while (cutter.take(','));
  if (!cutter.take('}') || !cutter.is_at_end()) return std::unexpected(broken_json());
  request.hash = hash.text();
  return {};
}

}  // namespace

bool replace_lone_surrogates(std::span<char> json_text) {
  constexpr std::size_t escape_bytes = 6;  // \\uXXXX
  const std::string_view text(json_text.data(), json_text.size());
  const auto unit_at = [text](std::size_t at) -> std::optional<std::uint32_t> {
    if (text.substr(at, 2) != "\\u") return std::nullopt;
    return read_unit(text.substr(at + 2, 4));
  };
  bool is_changed = false;
  for (std::size_t at = 0; at < text.size();) {
    if (text[at] != '\\') {
      ++at;
      continue;
    }
    const auto unit = unit_at(at);
    if (!unit || *unit < 0xD800 || *unit > 0xDFFF) {
      at += unit ? escape_bytes : 2;
      continue;
    }
    const auto next = unit_at(at + escape_bytes);
    if (*unit < 0xDC00 && next && *next >= 0xDC00 && *next <= 0xDFFF) {
      at += 2 * escape_bytes;
      continue;
    }
    std::ranges::copy(std::string_view("\\ufffd"), json_text.begin() + static_cast<std::ptrdiff_t>(at));
    is_changed = true;
    at += escape_bytes;
  }
  return is_changed;
}

bool is_campaign_id(std::string_view text) {
  // "." and ".." would be other places in an address.
  if (text == "." || text == "..") return false;
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
  Cutter cutter(request.body);
  if (auto read = read_members(cutter, max_tps, request); !read) return std::unexpected(read.error());
  if (request.users.empty())
    return fail(ErrorKind::Invalid, "eligible_users is missing or empty; list at least one user.");
  if (request.throughput_tps <= 0) {
    return fail(ErrorKind::Invalid,
                fmt::format("throughput_tps is missing; say how many messages per second, from {} to {}.",
                            least_throughput_tps, max_tps));
  }
  return request;
}

}  // namespace clarion
