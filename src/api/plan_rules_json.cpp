#include "api/plan_rules_json.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <utility>

#include "audience/place_rules.h"

namespace clarion {
namespace {

constexpr std::size_t most_overrides = 1000;
constexpr double most_usd = 1e6;
constexpr std::int64_t most_messages = 1000;
constexpr std::int64_t most_hours = 24 * 31;

double read_number(MemberReader& reader, std::string_view name, double most, double otherwise) {
  const auto value = reader.number(name);
  if (!value) return otherwise;
  if (!(*value >= 0 && *value <= most)) reader.reject(name, fmt::format("must be from 0 to {}", most));
  return *value;
}

std::int32_t read_count(MemberReader& reader, std::string_view name, std::int64_t most, std::int32_t otherwise) {
  const auto value = reader.integer(name);
  if (!value) return otherwise;
  if (*value < 0 || *value > most) reader.reject(name, fmt::format("must be 0 (no limit) to {}", most));
  return static_cast<std::int32_t>(std::clamp<std::int64_t>(*value, 0, most));
}

PerChannel<bool> read_channels(MemberReader& reader, std::string_view name) {
  const auto names = reader.texts(name);
  if (!names) return {{true, true, true}};
  PerChannel<bool> chosen;
  bool is_wrong = names->empty();
  for (const std::string& each : *names) {
    const auto channel = parse_channel(each);
    is_wrong = is_wrong || !channel || chosen[*channel];
    if (channel) chosen[*channel] = true;
  }
  if (is_wrong) reader.reject(name, "must list one or more of sms, whatsapp and email, each once");
  return chosen;
}

void read_choice(MemberReader& reader, ChoicePolicy& choice) {
  const json::object* decision = reader.object("decision");
  if (decision == nullptr) return;
  MemberReader members(*decision, "decision");
  choice.exploration = read_number(members, "exploration", 1, choice.exploration);
  choice.holdout = read_number(members, "holdout", 1, choice.holdout);
  choice.value_of_response = read_number(members, "value_of_response", most_usd, choice.value_of_response);
  choice.cost_of_opt_out = read_number(members, "cost_of_opt_out", most_usd, choice.cost_of_opt_out);
  choice.may_choose_nothing = members.flag("may_choose_nothing").value_or(choice.may_choose_nothing);
  members.refuse_unknown();
  reader.adopt(members);
}

void read_overrides(MemberReader& reader, const PerChannel<bool>& offered, PlanRules& rules) {
  const json::object* overrides = reader.object("channel_overrides");
  if (overrides == nullptr) return;
  if (overrides->size() > most_overrides) {
    reader.reject("channel_overrides", fmt::format("has {} contacts, at most {}; send a longer list with channels of "
                                                   "its own to POST /api/send-campaign",
                                                   overrides->size(), most_overrides));
    return;
  }
  for (const auto& member : *overrides) {
    const std::string_view id = member.key();
    const auto channel = member.value().is_string() ? parse_channel(member.value().get_string()) : std::nullopt;
    if (!channel) {
      reader.reject(fmt::format("channel_overrides.{}", id.substr(0, 60)), "must be sms, whatsapp or email");
      return;
    }
    if (!offered[*channel]) {
      reader.reject(fmt::format("channel_overrides.{}", id.substr(0, 60)),
                    fmt::format("is {}, which `channels` leaves out", to_string(*channel)));
      return;
    }
    rules.channel_overrides.emplace(id, *channel);
  }
}

void read_caps(MemberReader& reader, EligibilityRules& rules) {
  const json::object* caps = reader.object("caps");
  if (caps == nullptr) return;
  MemberReader members(*caps, "caps");
  rules.max_per_day = read_count(members, "per_day", most_messages, rules.max_per_day);
  rules.max_per_week = read_count(members, "per_week", most_messages, rules.max_per_week);
  rules.min_hours_between = read_count(members, "hours_between", most_hours, rules.min_hours_between);
  members.refuse_unknown();
  reader.adopt(members);
}

// "21:00" in minutes after midnight.
std::optional<std::int32_t> parse_minute(std::string_view text) {
  if (text.size() != 5 || text[2] != ':') return std::nullopt;
  const auto digits = [text](std::size_t at) -> std::int32_t {
    std::int32_t value = 0;
    const auto [end, error] = std::from_chars(text.data() + at, text.data() + at + 2, value);
    return error == std::errc{} && end == text.data() + at + 2 && text[at] != '-' ? value : 99;
  };
  const std::int32_t hour = digits(0);
  const std::int32_t minute = digits(3);
  if (hour > 23 || minute > 59) return std::nullopt;
  return hour * 60 + minute;
}

std::int32_t read_minute(MemberReader& reader, std::string_view name, std::int32_t otherwise) {
  const auto text = reader.text(name, 16);
  if (!text) return otherwise;
  const auto minute = parse_minute(*text);
  if (!minute) reader.reject(name, "must be a local time such as 21:00");
  return minute.value_or(otherwise);
}

void read_quiet_hours(MemberReader& reader, EligibilityRules& rules) {
  const json::value* value = reader.value("quiet_hours");
  if (value == nullptr) return;
  if (value->is_bool() && !value->get_bool()) {
    rules.quiet_hours.reset();
    return;
  }
  if (!value->is_object()) {
    reader.reject("quiet_hours", R"(must be false, or an object such as {"from": "21:00", "to": "08:00"})");
    return;
  }
  MemberReader members(value->get_object(), "quiet_hours");
  QuietHours hours = rules.quiet_hours.value_or(QuietHours{});
  hours.start_minute = read_minute(members, "from", hours.start_minute);
  hours.end_minute = read_minute(members, "to", hours.end_minute);
  if (hours.start_minute == hours.end_minute) members.reject("to", "must differ from quiet_hours.from; false is none");
  rules.quiet_hours = hours;
  rules.has_quiet_hours = read_channels(members, "channels");
  if (auto zone = members.text("fallback_time_zone", 64)) {
    if (!is_time_zone(*zone) && *zone != EligibilityRules{}.fallback_zone)
      members.reject("fallback_time_zone", "must be a zone such as Asia/Kolkata");
    rules.fallback_zone = std::move(*zone);
  }
  members.refuse_unknown();
  reader.adopt(members);
}

json::array channels_to_json(const PerChannel<bool>& chosen) {
  json::array names;
  for (const Channel channel : all_channels) {
    if (chosen[channel]) names.emplace_back(to_string(channel));
  }
  return names;
}

json::value quiet_hours_to_json(const EligibilityRules& rules) {
  if (!rules.quiet_hours) return false;
  const auto text = [](std::int32_t minute) { return fmt::format("{:02}:{:02}", minute / 60, minute % 60); };
  return json::object{{"from", text(rules.quiet_hours->start_minute)},
                      {"to", text(rules.quiet_hours->end_minute)},
                      {"channels", channels_to_json(rules.has_quiet_hours)},
                      {"fallback_time_zone", rules.fallback_zone}};
}

PlanRules read_rules(MemberReader& reader, bool respects_caps) {
  PlanRules rules;
  if (!respects_caps) rules.ignore_caps();
  read_choice(reader, rules.choice);
  rules.eligibility.offered = read_channels(reader, "channels");
  read_overrides(reader, rules.eligibility.offered, rules);
  read_caps(reader, rules.eligibility);
  read_quiet_hours(reader, rules.eligibility);
  rules.eligibility.waits_for_best_hour = reader.flag("wait_for_best_hour").value_or(false);
  return rules;
}

}  // namespace

PlanRules read_plan_rules(MemberReader& reader, bool respects_caps) {
  if (!respects_caps) {
    for (const auto* name : {"caps", "quiet_hours"}) {
      if (reader.has(name)) reader.reject(name, "cannot be given when respect_caps is false");
    }
  }
  return read_rules(reader, respects_caps);
}

json::object plan_rules_to_json(const PlanRules& rules) {
  json::object overrides;
  for (const auto& [id, channel] : rules.channel_overrides) overrides[id] = to_string(channel);
  return {{"decision",
           {{"exploration", rules.choice.exploration},
            {"holdout", rules.choice.holdout},
            {"value_of_response", rules.choice.value_of_response},
            {"cost_of_opt_out", rules.choice.cost_of_opt_out},
            {"may_choose_nothing", rules.choice.may_choose_nothing}}},
          {"channels", channels_to_json(rules.eligibility.offered)},
          {"channel_overrides", std::move(overrides)},
          {"caps",
           {{"per_day", rules.eligibility.max_per_day},
            {"per_week", rules.eligibility.max_per_week},
            {"hours_between", rules.eligibility.min_hours_between}}},
          {"quiet_hours", quiet_hours_to_json(rules.eligibility)},
          {"wait_for_best_hour", rules.eligibility.waits_for_best_hour}};
}

Result<PlanRules> parse_plan_rules(const std::string& text, bool respects_caps) {
  auto document = parse_json_object(text);
  if (!document) return std::unexpected(document.error());
  MemberReader reader(*document, "rules");
  PlanRules rules = read_rules(reader, respects_caps);
  if (auto checked = reader.finish(); !checked) return std::unexpected(checked.error());
  return rules;
}

Result<void> check_channels(const PlanRules& rules, const CampaignContent& content) {
  // All three is what a request without `channels` means.
  const bool is_restricted = rules.eligibility.offered != PerChannel<bool>{{true, true, true}};
  for (const Channel channel : all_channels) {
    if (is_restricted && rules.eligibility.offered[channel] && !content.has(channel)) {
      return fail(ErrorKind::Invalid, fmt::format("channels names {}, but the campaign has no template for it; name "
                                                  "one in templates, or leave the channel out",
                                                  to_string(channel)));
    }
  }
  for (const auto& [id, channel] : rules.channel_overrides) {
    if (content.has(channel)) continue;
    return fail(ErrorKind::Invalid, fmt::format("channel_overrides.{} is {}, but the campaign has no template for it",
                                                id.substr(0, 60), to_string(channel)));
  }
  return {};
}

}  // namespace clarion
