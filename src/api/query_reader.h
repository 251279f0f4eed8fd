#pragma once
// QueryReader: the parameters after "?" of one request, typed; a name that is not known is an error, because a
// mistyped filter that is ignored shows everything.

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "net/http.h"

namespace clarion {

class QueryReader {
 public:
  explicit QueryReader(const HttpRequest& request) : request_(request) {}

  [[nodiscard]] std::string text(std::string_view name);  // empty when absent
  [[nodiscard]] std::int64_t integer(std::string_view name, std::int64_t otherwise, std::int64_t least,
                                     std::int64_t most);
  // Must be one of `allowed`; the first of them when absent.
  [[nodiscard]] std::string one_of(std::string_view name, std::initializer_list<std::string_view> allowed);
  // `parse` gives an optional; `rule` is said when it gives none.
  template <class Parse>
  auto parsed(std::string_view name, Parse parse, std::string_view rule) -> decltype(parse(std::string_view{})) {
    const std::string value = text(name);
    if (value.empty()) return std::nullopt;
    auto result = parse(std::string_view(value));
    if (!result) reject(name, rule);
    return result;
  }

  void reject(std::string_view name, std::string_view rule);
  // Call after the last read: also refuses names that were not read.
  [[nodiscard]] Result<void> finish();

 private:
  const HttpRequest& request_;
  std::vector<std::string> known_;
  std::optional<Error> error_;
};

}  // namespace clarion
