#pragma once
// Money: whole micro-dollars (1 USD = 1,000,000), so that a million small prices add up exactly.

#include <cmath>
#include <compare>
#include <cstdint>

namespace clarion {

struct Money {
  std::int64_t micros = 0;  // 10^-6 USD

  [[nodiscard]] static Money from_usd(double usd) { return Money{static_cast<std::int64_t>(std::llround(usd * 1e6))}; }
  [[nodiscard]] double usd() const { return static_cast<double>(micros) / 1e6; }

  Money& operator+=(Money other) {
    micros += other.micros;
    return *this;
  }
  friend Money operator+(Money a, Money b) { return Money{a.micros + b.micros}; }
  friend Money operator-(Money a, Money b) { return Money{a.micros - b.micros}; }
  friend Money operator*(Money price, std::int64_t count) { return Money{price.micros * count}; }
  auto operator<=>(const Money&) const = default;
};

}  // namespace clarion
