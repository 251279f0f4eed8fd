#pragma once
// Scope: what the holder of a token may do. None includes another: who sends and looks needs both.

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace clarion {

enum class Scope : std::uint8_t {
  Read,   // look, and ask questions that change nothing
  Write,  // change templates, segments, opt-outs and campaigns, short of sending
  Send,   // start or go on sending
};
[[nodiscard]] std::string_view to_string(Scope scope);  // "read", "write", "send"

class ScopeSet {
 public:
  constexpr ScopeSet() = default;
  constexpr ScopeSet(std::initializer_list<Scope> scopes) {
    for (const Scope scope : scopes) add(scope);
  }
  static constexpr ScopeSet all() { return {Scope::Read, Scope::Write, Scope::Send}; }

  constexpr void add(Scope scope) { bits_ |= bit(scope); }
  [[nodiscard]] constexpr bool has(Scope scope) const { return (bits_ & bit(scope)) != 0; }
  [[nodiscard]] constexpr bool is_empty() const { return bits_ == 0; }
  bool operator==(const ScopeSet&) const = default;

 private:
  static constexpr unsigned bit(Scope scope) { return 1U << static_cast<unsigned>(scope); }
  unsigned bits_ = 0;
};

// "read,send": always in the order of the enumeration.
[[nodiscard]] std::string to_string(ScopeSet scopes);
// The names of `scopes`, in the same order.
[[nodiscard]] std::vector<std::string_view> names_of(ScopeSet scopes);
// Reads the form above, in any order, with spaces. Invalid when a name is unknown or there is none.
[[nodiscard]] Result<ScopeSet> parse_scopes(std::string_view text);

}  // namespace clarion
