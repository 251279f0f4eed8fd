#pragma once
// DigitPattern: several of libphonenumber's number patterns at once, as one table walk over the digits.
//
// Patterns   digits, \d, [classes], (?:groups), |, ?, {n} and {n,m}; what they have in common is that they describe
//            finitely many numbers. Anything else makes compile() fail.
// Algorithm  Thompson's construction, then the subset construction (Aho, Sethi, Ullman, "Compilers", 3.6-3.7).

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace clarion {

class DigitPattern {
 public:
  // nullopt when a pattern uses more than the above, there are more than 32 of them, or the table would be too large.
  [[nodiscard]] static std::optional<DigitPattern> compile(const std::vector<std::string_view>& patterns);

  // Bit i is set when all of `digits` matches pattern i. REQUIRES: '0'..'9' only.
  [[nodiscard]] std::uint32_t match(std::string_view digits) const;
  // The same for every beginning of `digits`, the empty one included.
  [[nodiscard]] std::uint32_t match_any_prefix(std::string_view digits) const;

 private:
  struct State {
    std::array<std::uint16_t, 10> next{};  // 0 is the state of no return
    std::uint32_t accepts = 0;
  };
  std::vector<State> states_;  // 1 is where it begins
};

}  // namespace clarion
