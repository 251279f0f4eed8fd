#include "api/send_metrics_text.h"

#include <fmt/format.h>

namespace clarion {

void append_send_metrics(std::string& out, const PerChannel<SendCounts>& counts) {
  out +=
      "# HELP clarion_sends_total Attempts that this process ended, by channel and outcome.\n"
      "# TYPE clarion_sends_total counter\n";
  for (const Channel channel : all_channels) {
    const SendCounts& row = counts[channel];
    const std::pair<std::string_view, std::uint64_t> outcomes[] = {
        {"accepted", row.accepted}, {"failed", row.failed}, {"skipped", row.skipped}, {"in_doubt", row.in_doubt}};
    for (const auto& [outcome, count] : outcomes) {
      out +=
          fmt::format("clarion_sends_total{{channel=\"{}\",outcome=\"{}\"}} {}\n", to_string(channel), outcome, count);
    }
  }
  out +=
      "# HELP clarion_throttled_total Answers of carriers that said \"too fast\", by channel.\n"
      "# TYPE clarion_throttled_total counter\n";
  for (const Channel channel : all_channels) {
    out += fmt::format("clarion_throttled_total{{channel=\"{}\"}} {}\n", to_string(channel), counts[channel].throttled);
  }
  out +=
      "# HELP clarion_carrier_answer_seconds Time from handing a message over to the carrier's answer, by channel.\n"
      "# TYPE clarion_carrier_answer_seconds histogram\n";
  for (const Channel channel : all_channels) {
    const SendCounts& row = counts[channel];
    std::uint64_t below = 0;
    for (std::size_t i = 0; i < row.answers.size(); ++i) {
      below += row.answers.at(i);
      const std::string bound = i < latency_bounds.size() ? fmt::format("{}", latency_bounds.at(i)) : "+Inf";
      out += fmt::format("clarion_carrier_answer_seconds_bucket{{channel=\"{}\",le=\"{}\"}} {}\n", to_string(channel),
                         bound, below);
    }
    out += fmt::format(
        "clarion_carrier_answer_seconds_sum{{channel=\"{0}\"}} {1}\n"
        "clarion_carrier_answer_seconds_count{{channel=\"{0}\"}} {2}\n",
        to_string(channel), row.answer_seconds, below);
  }
}

}  // namespace clarion
