#include "app/terminal.h"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <limits>
#include <ranges>
#include <utility>

namespace clarion {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t bar_width = 24;
constexpr auto redraw_every = 100ms;
constexpr auto plain_line_every = 10s;

std::size_t terminal_width() {
  winsize size{};
  if (::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col >= 40) return size.ws_col;
  return 100;
}

// Columns on screen: every byte that does not continue a UTF-8 sequence.
std::size_t columns_of(std::string_view text) {
  return static_cast<std::size_t>(
      std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

std::string number_text(double value) {
  return value >= 100 || value == std::floor(value) ? fmt::format("{:.0f}", value) : fmt::format("{:.1f}", value);
}

}  // namespace

std::string with_thousands(std::int64_t number) {
  std::string digits = std::to_string(std::abs(number));
  for (std::size_t i = digits.size(); i > 3; i -= 3) digits.insert(i - 3, ",");
  return number < 0 ? "-" + digits : digits;
}

std::string readable_seconds(double seconds) {
  const auto whole = static_cast<std::int64_t>(std::ceil(std::max(0.0, seconds)));
  if (whole < 60) return fmt::format("{} s", whole);
  if (whole < 3600) return fmt::format("{} min {} s", whole / 60, whole % 60);
  return fmt::format("{} h {} min", with_thousands(whole / 3600), whole % 3600 / 60);
}

std::string render_progress(std::string_view label, const ProgressState& state, std::size_t width) {
  const double share =
      state.total <= 0 ? 0 : std::clamp(static_cast<double>(state.done) / static_cast<double>(state.total), 0.0, 1.0);
  const auto filled = static_cast<std::size_t>(share * static_cast<double>(bar_width));
  std::string line(label);
  if (state.total > 0) {
    line += fmt::format(" [{}{}] {:3.0f}% {}/{}", std::string(filled, '#'), std::string(bar_width - filled, '.'),
                        std::floor(share * 100), with_thousands(state.done), with_thousands(state.total));
  } else {
    line += " " + with_thousands(state.done);
  }
  if (state.rate > 0 && state.limit > 0) {
    // A bucket holds what five seconds send, and is full at the beginning.
    const bool is_burst = state.rate > state.limit * 1.1;
    line += fmt::format("  {}/s {} {}/s", number_text(state.rate), is_burst ? "at first, then" : "of",
                        number_text(state.limit));
  } else if (state.rate > 0) {
    line += fmt::format("  {}/s", number_text(state.rate));
  }
  if (state.eta_seconds) line += "  ETA " + readable_seconds(*state.eta_seconds);
  if (!state.note.empty()) line += "  " + state.note;
  if (line.size() > width) line.resize(width);
  return line;
}

ProgressBar::ProgressBar(std::string label) : label_(std::move(label)), is_terminal_(::isatty(STDERR_FILENO) == 1) {}

void ProgressBar::show(const ProgressState& state) {
  const auto now = std::chrono::steady_clock::now();
  const bool is_first = last_done_ < 0;
  const bool is_last = state.total > 0 && state.done >= state.total;
  if (is_terminal_) {
    if (!is_first && !is_last && now - last_shown_ < redraw_every) return;
    std::fprintf(stderr, "\r\033[K%s", render_progress(label_, state, terminal_width() - 1).c_str());
    has_line_ = true;
  } else {
    const bool is_step = state.total > 0 && (state.done - last_done_) * 10 >= state.total;
    const bool is_due = now - last_shown_ >= plain_line_every;
    if (!is_first && !is_due && !is_step && !(is_last && state.done != last_done_)) return;
    std::fprintf(stderr, "%s\n", render_progress(label_, state, 200).c_str());
  }
  std::fflush(stderr);
  last_shown_ = now;
  last_done_ = state.done;
}

void ProgressBar::end() {
  if (has_line_) std::fputc('\n', stderr);
  has_line_ = false;
}

std::string render_table(std::vector<std::vector<std::string>> rows) {
  // A line of the table is a row: a setting may have been given with the line end of the file that it came from.
  for (auto& row : rows) {
    for (std::string& cell : row) {
      std::ranges::replace_if(cell, [](char c) { return static_cast<unsigned char>(c) < 0x20; }, ' ');
    }
  }
  std::vector<std::size_t> widths;
  for (const auto& row : rows) {
    widths.resize(std::max(widths.size(), row.size()));
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], columns_of(row[i]));
  }
  std::string out;
  for (const auto& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      out += row[i];
      if (i + 1 < row.size()) out += std::string(widths[i] - columns_of(row[i]) + 2, ' ');
    }
    out.erase(out.find_last_not_of(' ') + 1);
    out += '\n';
  }
  return out;
}

std::string render_table(std::vector<std::vector<std::string>> rows, std::size_t width) {
  const auto is_within = [width](std::string_view table) {
    for (const auto line : std::views::split(table, '\n')) {
      if (columns_of(std::string_view(line)) > width) return false;
    }
    return true;
  };
  if (std::string whole = render_table(rows); is_within(whole)) return whole;
  std::vector<std::string> below;
  for (auto& row : rows) {
    below.push_back(std::move(row.back()));
    row.pop_back();
  }
  const std::string table = render_table(rows);
  std::string out;
  std::size_t number = 0;
  for (const auto line : std::views::split(std::string_view(table).substr(0, table.size() - 1), '\n')) {
    out.append(std::string_view(line)).append(1, '\n');
    if (number > 0 && !below[number].empty()) out.append("    ").append(below[number]).append(1, '\n');
    ++number;
  }
  return out;
}

std::size_t output_width() {
  winsize size{};
  const bool is_terminal = ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
  return is_terminal ? size.ws_col : std::numeric_limits<std::size_t>::max();
}

}  // namespace clarion
