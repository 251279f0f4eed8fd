#include "audience/edit_distance.h"

#include <algorithm>
#include <array>

namespace clarion {

int edit_distance(std::string_view a, std::string_view b, int limit) {
  constexpr std::size_t longest = 64;
  const auto length_a = static_cast<int>(a.size());
  const auto length_b = static_cast<int>(b.size());
  if (a.size() >= longest || b.size() >= longest || std::abs(length_a - length_b) > limit) return limit + 1;
  std::array<std::array<int, longest>, 3> rows{};
  auto* before = &rows[0];
  auto* previous = &rows[1];
  auto* current = &rows[2];
  for (int j = 0; j <= length_b; ++j) (*previous)[static_cast<std::size_t>(j)] = j;
  for (int i = 1; i <= length_a; ++i) {
    current->fill(limit + 1);
    (*current)[0] = i;
    int best = i;
    const int from = std::max(1, i - limit);
    const int to = std::min(length_b, i + limit);
    for (int j = from; j <= to; ++j) {
      const auto at = static_cast<std::size_t>(j);
      const char x = a[static_cast<std::size_t>(i - 1)];
      const char y = b[at - 1];
      int distance = (*previous)[at - 1] + (x == y ? 0 : 1);
      if (j < i + limit) distance = std::min(distance, (*previous)[at] + 1);
      distance = std::min(distance, (*current)[at - 1] + 1);
      if (i > 1 && j > 1 && x == b[at - 2] && a[static_cast<std::size_t>(i - 2)] == y) {
        distance = std::min(distance, (*before)[at - 2] + 1);
      }
      (*current)[at] = distance;
      best = std::min(best, distance);
    }
    if (best > limit) return limit + 1;
    std::swap(before, previous);
    std::swap(previous, current);
  }
  return std::min((*previous)[b.size()], limit + 1);
}

int allowed_errors(std::size_t bytes) {
  if (bytes < 4) return 0;
  return bytes < 8 ? 1 : 2;
}

}  // namespace clarion
