#include "support/sample_campaign.h"

#include <algorithm>

#include "support/clarion_server.h"

namespace clarion::testing {

namespace json = boost::json;

namespace {

// A recipient of the channel that comes next in turn, or of `only`.
json::object recipient(int number, std::string_view only) {
  constexpr std::string_view turns[] = {"sms", "whatsapp", "email"};
  const std::string_view channel = only.empty() ? turns[number % 3] : only;
  json::object user{{"customer_id", "C-" + std::to_string(number)}, {"selected_channel", channel}, {"message", "Hi"}};
  if (channel == "email") {
    user["email"] = "p" + std::to_string(number) + "@example.com";
    user["subject"] = "Hello";
  } else {
    user["phone"] = "+1206" + std::to_string(2'000'000 + number * 7);
  }
  if (channel == "whatsapp") {
    user["template_name"] = "welcome";
    user["template_parameters"] = {{"name", "Ana"}};
  }
  return user;
}

}  // namespace

std::string campaign_of(int recipients, std::string_view id, double rate, std::string_view only) {
  json::array users;
  for (int i = 0; i < recipients; ++i) users.push_back(recipient(i, only));
  return json::serialize(
      json::value{{"campaign_id", id}, {"throughput_tps", rate}, {"eligible_users", std::move(users)}});
}

std::int64_t number(const json::object& document, std::string_view path) {
  const json::value value = at_path(document, path);
  return value.is_number() ? value.to_number<std::int64_t>() : -1;
}

std::int64_t total(const json::object& counts, std::string_view name) {
  std::int64_t sum = 0;
  for (const std::string channel : {"sms", "whatsapp", "email"})
    sum += number(counts, "channels." + channel + "." + std::string(name));
  return sum;
}

json::array arrivals(const json::object& counts, const std::string& channel) {
  return at_path(counts, "channels." + channel + ".arrivals_ms").as_array();
}

double burst_needed(const json::object& counts, const std::string& channel, double rate) {
  double most = 0;
  double level = 0;
  double last = 0;
  for (const json::value& at : arrivals(counts, channel)) {
    const double now = at.to_number<double>();
    level = std::max(0.0, level - (now - last) * rate / 1000) + 1;
    last = now;
    most = std::max(most, level);
  }
  return most;
}

}  // namespace clarion::testing
