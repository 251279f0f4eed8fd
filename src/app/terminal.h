#pragma once
// What commands print: a progress bar on a terminal, plain lines elsewhere, and tables.
//
// Streams  progress and notes go to stderr, results to stdout, so `--json` leaves stdout to one document.

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace clarion {

struct ProgressState {
  std::int64_t done = 0;
  std::int64_t total = 0;
  double rate = 0;   // messages per second now; 0: not shown
  double limit = 0;  // messages per second allowed; 0: not shown
  std::optional<double> eta_seconds = {};
  std::string note = {};  // "paused", "3 failed"
};

// "sending [#####.....]  50% 500/1,000  48.2/s of 50/s  ETA 10 s  3 failed", at most `width` columns.
[[nodiscard]] std::string render_progress(std::string_view label, const ProgressState& state, std::size_t width);

// 1234567 -> "1,234,567".
[[nodiscard]] std::string with_thousands(std::int64_t number);
// 75 -> "1 min 15 s".
[[nodiscard]] std::string readable_seconds(double seconds);

// Redraws one line on a terminal; elsewhere prints a plain line when ten seconds or a tenth of the work have passed.
class ProgressBar {
 public:
  explicit ProgressBar(std::string label);
  ~ProgressBar() { end(); }
  void show(const ProgressState& state);
  // Leaves the last state on its own line. Called again it does nothing.
  void end();

 private:
  std::string label_;
  bool is_terminal_;
  bool has_line_ = false;
  std::int64_t last_done_ = -1;
  std::chrono::steady_clock::time_point last_shown_{};
};

// Columns padded to their widest cell; the first row is the heading. No line ends in spaces.
[[nodiscard]] std::string render_table(std::vector<std::vector<std::string>> rows);
// The same where every line has `width` columns or fewer; else the last cell of each row stands on a line of its own
// below it, and its heading nowhere. REQUIRES: all rows have as many cells.
[[nodiscard]] std::string render_table(std::vector<std::vector<std::string>> rows, std::size_t width);
// How long a line of stdout may be: what its terminal shows, and any length where it is none.
[[nodiscard]] std::size_t output_width();

}  // namespace clarion
