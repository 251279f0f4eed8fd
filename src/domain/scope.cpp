#include "domain/scope.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace clarion {
namespace {

constexpr std::array all_scopes{Scope::Read, Scope::Write, Scope::Send};

}  // namespace

std::string_view to_string(Scope scope) {
  switch (scope) {
    case Scope::Read: return "read";
    case Scope::Write: return "write";
    case Scope::Send: return "send";
  }
  return "read";
}

std::vector<std::string_view> names_of(ScopeSet scopes) {
  std::vector<std::string_view> names;
  for (const Scope scope : all_scopes) {
    if (scopes.has(scope)) names.push_back(to_string(scope));
  }
  return names;
}

std::string to_string(ScopeSet scopes) {
  std::string text;
  for (const std::string_view name : names_of(scopes)) {
    if (!text.empty()) text += ',';
    text += name;
  }
  return text;
}

Result<ScopeSet> parse_scopes(std::string_view text) {
  ScopeSet scopes;
  while (true) {
    const auto comma = text.find(',');
    const std::string_view name = trim(text.substr(0, comma));
    const auto found = std::ranges::find(all_scopes, name, [](Scope scope) { return to_string(scope); });
    if (found == all_scopes.end()) {
      return fail(ErrorKind::Invalid,
                  "'" + std::string(name) + "' is not a scope; give one or more of read, write, send with commas");
    }
    scopes.add(*found);
    if (comma == std::string_view::npos) return scopes;
    text.remove_prefix(comma + 1);
  }
}

}  // namespace clarion
