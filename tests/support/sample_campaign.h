#pragma once
// Campaigns to send in tests, and what a stand-in's own account says of them.

#include <boost/json.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace clarion::testing {

// A request to /api/send-campaign: recipients of the three channels in turn, or of `only`.
[[nodiscard]] std::string campaign_of(int recipients, std::string_view id, double rate, std::string_view only = {});

// -1 when there is no such number.
[[nodiscard]] std::int64_t number(const boost::json::object& document, std::string_view path);
// What the stand-in counted over all channels.
[[nodiscard]] std::int64_t total(const boost::json::object& counts, std::string_view name);
// Milliseconds at which it accepted messages.
[[nodiscard]] boost::json::array arrivals(const boost::json::object& counts, const std::string& channel);
// The most messages above `rate` that any stretch of time held: what a bucket of that burst would have let through.
[[nodiscard]] double burst_needed(const boost::json::object& counts, const std::string& channel, double rate);

}  // namespace clarion::testing
