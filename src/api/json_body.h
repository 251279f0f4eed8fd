#pragma once
// Request bodies: a JSON object read member by member, with a sentence for whatever is wrong.
//
// Limits  nesting of 32; duplicate members: the last one wins; UTF-8 only.

#include <boost/json.hpp>

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"

namespace clarion {

namespace json = boost::json;

// Invalid: empty, not UTF-8, not JSON, nested too deeply, or not an object. The sentence says which.
[[nodiscard]] Result<json::object> parse_json_object(std::string_view body);

// For requests that take no body; whatever is sent with them is a misunderstanding worth a sentence. Invalid.
[[nodiscard]] Result<void> check_no_body(std::string_view body);

// Reads members of one object. Absent and null are the same. The first problem is kept and later reads return
// nothing, so a caller reads everything and then asks finish() once.
class MemberReader {
 public:
  // `path` names the object in sentences: "" for the body itself, "audience" for a member of it.
  explicit MemberReader(const json::object& object, std::string path = {}) : object_(object), path_(std::move(path)) {}

  [[nodiscard]] std::optional<std::string> text(std::string_view name, std::size_t most_bytes = 10'000);
  [[nodiscard]] std::optional<double> number(std::string_view name);
  [[nodiscard]] std::optional<std::int64_t> integer(std::string_view name);
  [[nodiscard]] std::optional<bool> flag(std::string_view name);
  [[nodiscard]] std::optional<WallTime> time(std::string_view name);  // ISO 8601 with zone
  [[nodiscard]] std::optional<std::vector<std::string>> texts(std::string_view name);
  [[nodiscard]] const json::object* object(std::string_view name);
  [[nodiscard]] const json::value* value(std::string_view name);  // whatever it is; null when absent
  [[nodiscard]] bool has(std::string_view name) const;

  // Keeps the sentence unless there is one already.
  void reject(std::string_view name, std::string_view rule);
  // Takes over what is wrong in a member that was read with a reader of its own.
  void adopt(const MemberReader& member);
  // Members that nothing above has read and that are not null; at most 20, each at most 60 bytes.
  [[nodiscard]] std::vector<std::string> unknown() const;
  // Members that nothing above has read are an error that names them and lists the known ones.
  void refuse_unknown();
  [[nodiscard]] Result<void> finish() const;

 private:
  [[nodiscard]] const json::value* find(std::string_view name);
  [[nodiscard]] std::string full_name(std::string_view name) const;

  const json::object& object_;
  std::string path_;
  std::vector<std::string> known_;
  std::optional<Error> error_;
};

}  // namespace clarion
