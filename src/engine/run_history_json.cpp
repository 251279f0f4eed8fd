#include "engine/run_history_json.h"

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include <algorithm>
#include <bit>
#include <cmath>
#include <functional>

namespace clarion {
namespace {

namespace json = boost::json;

// Limits come from divisions; a chart needs no more than this.
double rounded(double value) {
  return std::round(value * 1000) / 1000;
}

template <class T, class Read>
json::array column(const std::vector<RunSlice>& slices, Read read) {
  json::array values;
  values.reserve(slices.size());
  for (const RunSlice& slice : slices) values.emplace_back(static_cast<T>(read(slice)));
  return values;
}

}  // namespace

json::object history_to_json(const RunHistory& history) {
  const auto& slices = history.slices();
  json::object by_channel;
  for (const Channel channel : all_channels) {
    json::object columns;
    for (const RunMark mark : all_run_marks) {
      columns[to_string(mark)] =
          column<std::int64_t>(slices, [&](const RunSlice& slice) { return slice.by_channel[channel].count(mark); });
    }
    columns["limit"] =
        column<double>(slices, [&](const RunSlice& slice) { return rounded(slice.by_channel[channel].limit); });
    by_channel[to_string(channel)] = std::move(columns);
  }
  return {{"seconds_per_slice", history.seconds_per_slice()},
          {"at", column<std::int64_t>(
                     slices, [&](const RunSlice& slice) { return slice.number * history.seconds_per_slice(); })},
          {"asked", column<double>(slices, [](const RunSlice& slice) { return rounded(slice.asked); })},
          {"by_channel", std::move(by_channel)}};
}

Result<RunHistory> read_history(std::string_view text) {
  const auto broken = [] { return fail(ErrorKind::Invalid, "the kept history of a run cannot be read"); };
  json::error_code error;
  const json::value document = json::parse(text, error);
  if (error) return broken();
  try {
    const auto seconds = document.at("seconds_per_slice").to_number<std::int64_t>();
    std::vector<RunSlice> slices;
    const json::array& at = document.at("at").as_array();
    if (seconds < 1 || !std::has_single_bit(static_cast<std::uint64_t>(seconds))) return broken();
    if (at.size() > RunHistory::most_slices) return broken();
    for (std::size_t i = 0; i < at.size(); ++i) {
      RunSlice slice;
      slice.number = at[i].to_number<std::int64_t>() / seconds;
      slice.asked = document.at("asked").as_array().at(i).to_number<double>();
      for (const Channel channel : all_channels) {
        const json::value& columns = document.at("by_channel").at(to_string(channel));
        for (const RunMark mark : all_run_marks) {
          slice.by_channel[channel].marks[static_cast<std::size_t>(mark)] =
              columns.at(to_string(mark)).as_array().at(i).to_number<std::int64_t>();
        }
        slice.by_channel[channel].limit = columns.at("limit").as_array().at(i).to_number<double>();
      }
      slices.push_back(slice);
    }
    if (std::ranges::adjacent_find(slices, std::ranges::greater_equal{}, &RunSlice::number) != slices.end()) {
      return broken();
    }
    return RunHistory(seconds, std::move(slices));
  } catch (const std::exception&) {
    return broken();
  }
}

}  // namespace clarion
