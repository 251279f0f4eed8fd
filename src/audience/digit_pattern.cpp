#include "audience/digit_pattern.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <utility>

namespace clarion {
namespace {

constexpr std::size_t most_states = 20'000;
constexpr std::int32_t nowhere = -1;

// A state of the nondeterministic automaton: one step over a set of digits, or up to two free ones.
struct Step {
  std::uint32_t digits = 0;  // bit d: digit d leads to `next`; 0: free
  std::int32_t next = nowhere;
  std::int32_t other = nowhere;
  std::int32_t accepts = nowhere;  // the pattern that ends here
};

// Compiles a pattern from its end to its beginning, so that every part knows what follows it. Each parse function
// leaves `at` behind what it read and returns where its part begins.
class PatternCompiler {
 public:
  PatternCompiler(std::string_view pattern, std::vector<Step>& steps) : pattern_(pattern), steps_(steps) {}

  std::int32_t compile(std::int32_t follow) {
    std::size_t at = 0;
    const std::int32_t begin = alternatives(at, follow);
    return is_bad_ || at != pattern_.size() ? nowhere : begin;
  }

 private:
  struct Part {
    std::size_t begin;  // of the atom in the pattern
    int least;
    int most;
  };

  std::int32_t add(Step step) {
    if (steps_.size() > most_states) is_bad_ = true;
    steps_.push_back(step);
    return static_cast<std::int32_t>(steps_.size() - 1);
  }
  [[nodiscard]] char look(std::size_t at) const { return at < pattern_.size() ? pattern_[at] : '\0'; }

  std::int32_t alternatives(std::size_t& at, std::int32_t follow) {
    std::int32_t begin = sequence(at, follow);
    while (!is_bad_ && look(at) == '|') {
      ++at;
      const std::int32_t other = sequence(at, follow);
      begin = add({.next = begin, .other = other});
    }
    return begin;
  }

  std::int32_t sequence(std::size_t& at, std::int32_t follow) {
    std::vector<Part> parts;
    while (!is_bad_ && at < pattern_.size() && look(at) != '|' && look(at) != ')') {
      Part part{at, 1, 1};
      skip_atom(at);
      read_repeat(at, part);
      parts.push_back(part);
    }
    for (auto part = parts.rbegin(); part != parts.rend() && !is_bad_; ++part) follow = repeated(*part, follow);
    return follow;
  }

  std::int32_t repeated(const Part& part, std::int32_t follow) {
    const std::int32_t end = follow;
    for (int i = part.least; i < part.most && !is_bad_; ++i)
      follow = add({.next = atom(part.begin, follow), .other = end});
    for (int i = 0; i < part.least && !is_bad_; ++i) follow = atom(part.begin, follow);
    return follow;
  }

  void skip_atom(std::size_t& at) {
    const char c = look(at);
    if (c == '(') {
      int depth = 0;
      do {
        if (look(at) == '(') ++depth;
        if (look(at) == ')') --depth;
        ++at;
      } while (depth > 0 && at < pattern_.size());
      is_bad_ = is_bad_ || depth != 0;
    } else if (c == '[') {
      const auto end = pattern_.find(']', at);
      is_bad_ = is_bad_ || end == std::string_view::npos;
      at = end + 1;
    } else if (c == '\\') {
      at += 2;
    } else {
      ++at;
    }
  }

  void read_repeat(std::size_t& at, Part& part) {
    if (look(at) == '?') {
      part.least = 0;
      ++at;
    } else if (look(at) == '{') {
      const char* const end = pattern_.data() + pattern_.size();
      auto read = std::from_chars(pattern_.data() + at + 1, end, part.least);
      part.most = part.least;
      if (read.ec == std::errc{} && read.ptr != end && *read.ptr == ',') {
        read = std::from_chars(read.ptr + 1, end, part.most);
      }
      is_bad_ = is_bad_ || read.ec != std::errc{} || read.ptr == end || *read.ptr != '}' || part.most < part.least ||
                part.most > 20;
      at = static_cast<std::size_t>(read.ptr - pattern_.data()) + 1;
    }
  }

  std::int32_t atom(std::size_t at, std::int32_t follow) {
    const char c = look(at);
    if (c == '(') {
      at += look(at + 1) == '?' ? 3 : 1;  // "(?:" or "("
      return alternatives(at, follow);
    }
    if (c == '\\' && look(at + 1) == 'd') return add({.digits = 0x3ff, .next = follow});
    if (c >= '0' && c <= '9') return add({.digits = 1U << static_cast<unsigned>(c - '0'), .next = follow});
    if (c == '[') return add({.digits = read_class(at), .next = follow});
    is_bad_ = true;
    return nowhere;
  }

  std::uint32_t read_class(std::size_t at) {
    std::uint32_t digits = 0;
    for (++at; look(at) != ']'; ++at) {
      const char first = look(at);
      char last = first;
      if (look(at + 1) == '-') {
        last = look(at + 2);
        at += 2;
      }
      if (first < '0' || last > '9' || first > last) {
        is_bad_ = true;
        return 0;
      }
      for (char digit = first; digit <= last; ++digit) digits |= 1U << static_cast<unsigned>(digit - '0');
    }
    return digits;
  }

  std::string_view pattern_;
  std::vector<Step>& steps_;
  bool is_bad_ = false;
};

// Everything that free steps lead to, sorted.
std::vector<std::int32_t> close(const std::vector<Step>& steps, std::vector<std::int32_t> open) {
  std::vector<std::int32_t> closed;
  while (!open.empty()) {
    const std::int32_t at = open.back();
    open.pop_back();
    if (at == nowhere || std::ranges::find(closed, at) != closed.end()) continue;
    closed.push_back(at);
    const Step& step = steps[static_cast<std::size_t>(at)];
    if (step.digits == 0) {
      open.push_back(step.next);
      open.push_back(step.other);
    }
  }
  std::ranges::sort(closed);
  return closed;
}

}  // namespace

std::optional<DigitPattern> DigitPattern::compile(const std::vector<std::string_view>& patterns) {
  if (patterns.size() > 32) return std::nullopt;
  std::vector<Step> steps;
  std::vector<std::int32_t> begins;
  for (std::size_t i = 0; i < patterns.size(); ++i) {
    steps.push_back({.accepts = static_cast<std::int32_t>(i)});
    const std::int32_t begin = PatternCompiler(patterns[i], steps).compile(static_cast<std::int32_t>(steps.size() - 1));
    if (begin == nowhere) return std::nullopt;
    begins.push_back(begin);
  }

  DigitPattern made;
  std::map<std::vector<std::int32_t>, std::int32_t> numbers;
  std::vector<const std::vector<std::int32_t>*> sets;
  const auto number_of = [&](std::vector<std::int32_t> set) {
    const auto [found, is_new] = numbers.try_emplace(std::move(set), static_cast<std::int32_t>(sets.size()));
    if (is_new) {
      sets.push_back(&found->first);
      State& state = made.states_.emplace_back();
      for (const std::int32_t at : found->first) {
        const std::int32_t accepts = steps[static_cast<std::size_t>(at)].accepts;
        if (accepts != nowhere) state.accepts |= 1U << static_cast<unsigned>(accepts);
      }
    }
    return found->second;
  };
  number_of({});
  if (number_of(close(steps, begins)) != 1) {
    // No pattern at all: a second state that leads nowhere.
    made.states_.emplace_back();
    return made;
  }
  for (std::size_t current = 1; current < sets.size(); ++current) {
    if (sets.size() > most_states) return std::nullopt;
    for (unsigned digit = 0; digit < 10; ++digit) {
      std::vector<std::int32_t> reached;
      for (const std::int32_t at : *sets[current]) {
        const Step& step = steps[static_cast<std::size_t>(at)];
        if ((step.digits >> digit & 1U) != 0) reached.push_back(step.next);
      }
      // At most ten new states a round, so the number still fits.
      static_assert(most_states + 10 <= 0xffff);
      const std::int32_t next = number_of(close(steps, std::move(reached)));
      made.states_[current].next[digit] = static_cast<std::uint16_t>(next);
    }
  }
  return made;
}

std::uint32_t DigitPattern::match(std::string_view digits) const {
  std::size_t state = 1;
  for (const char digit : digits) state = states_[state].next[static_cast<std::size_t>(digit - '0')];
  return states_[state].accepts;
}

std::uint32_t DigitPattern::match_any_prefix(std::string_view digits) const {
  std::size_t state = 1;
  std::uint32_t accepted = states_[state].accepts;
  for (const char digit : digits) {
    if (state == 0) break;
    state = states_[state].next[static_cast<std::size_t>(digit - '0')];
    accepted |= states_[state].accepts;
  }
  return accepted;
}

}  // namespace clarion
