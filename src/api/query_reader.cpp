#include "api/query_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace clarion {

std::string QueryReader::text(std::string_view name) {
  known_.emplace_back(name);
  const auto found = request_.query.find(std::string(name));
  return found == request_.query.end() ? std::string() : found->second;
}

std::int64_t QueryReader::integer(std::string_view name, std::int64_t otherwise, std::int64_t least,
                                  std::int64_t most) {
  const std::string value = text(name);
  if (value.empty()) return otherwise;
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
  if (error != std::errc{} || end != value.data() + value.size() || number < least || number > most) {
    reject(name, fmt::format("must be a whole number from {} to {}", least, most));
    return otherwise;
  }
  return number;
}

std::string QueryReader::one_of(std::string_view name, std::initializer_list<std::string_view> allowed) {
  std::string value = text(name);
  if (value.empty()) return std::string(*allowed.begin());
  if (std::ranges::find(allowed, value) == allowed.end()) {
    reject(name, fmt::format("must be one of {}", fmt::join(allowed, ", ")));
  }
  return value;
}

void QueryReader::reject(std::string_view name, std::string_view rule) {
  if (!error_) error_ = Error{ErrorKind::Invalid, fmt::format("the parameter {} {}", name, rule)};
}

Result<void> QueryReader::finish() {
  for (const auto& parameter : request_.query) {
    if (std::ranges::find(known_, parameter.first) == known_.end()) {
      reject(parameter.first.substr(0, 60),
             known_.empty() ? std::string("is not known here; there are none")
                            : fmt::format("is not known here; known are {}", fmt::join(known_, ", ")));
    }
  }
  if (error_) return std::unexpected(*error_);
  return {};
}

}  // namespace clarion
