#include "decision/why.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "base/json_string.h"

namespace clarion {
namespace {

// A number with at most `decimals` digits after the point, without trailing zeros: shortest text, and ten times
// quicker than formatting a double. REQUIRES: decimals <= 6.
void append_number(std::string& out, double value, int decimals) {
  constexpr std::array<double, 7> powers{1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6};
  if (!std::isfinite(value)) value = 0;
  auto scaled = std::llround(value * powers[static_cast<std::size_t>(decimals)]);
  if (scaled < 0) {
    out += '-';
    scaled = -scaled;
  }
  // Its digits behind zeros: as many of them as are needed count.
  std::array<char, 32> text;
  constexpr std::size_t zeros = powers.size();
  std::fill_n(text.begin(), zeros, '0');
  char* const digits = text.data() + zeros;
  const char* end = std::to_chars(digits, text.data() + text.size(), scaled).ptr;
  const char* const point = end - decimals;
  out.append(std::min<const char*>(digits, point - 1), point);
  while (end > point && end[-1] == '0') --end;
  if (end > point) out.append(1, '.').append(point, end);
}

void append_percent(std::string& out, double share) {
  append_number(out, share * 100, share < 0.01 ? 2 : 1);
  out += " %";
}

void append_usd(std::string& out, double usd) {
  append_number(out, usd, std::abs(usd) < 1 ? 4 : 2);
  out += " USD";
}

void append_exclusion(std::string& out, const Exclusion& exclusion) {
  out += "\"rule\":\"";
  out += to_string(exclusion.rule);
  out += "\",\"value\":";
  append_number(out, exclusion.value, 4);
  out += ",\"threshold\":";
  append_number(out, exclusion.threshold, 4);
}

void append_score(std::string& out, const ChannelScore& score) {
  out += "\"response\":";
  append_number(out, score.response.mean, 5);
  out += ",\"n\":";
  append_number(out, score.response.effective_n, 1);
  if (score.own.sent > 0) {
    out += ",\"own_sent\":";
    append_number(out, score.own.sent, 2);
    out += ",\"own_responded\":";
    append_number(out, score.own.responded, 2);
    out += ",\"segment_response\":";
    append_number(out, score.segment_response, 5);
  }
  out += ",\"cost_usd\":";
  append_number(out, score.cost.usd(), 6);
  out += ",\"opt_out_risk\":";
  append_number(out, score.opt_out_risk, 5);
  out += ",\"reward_usd\":";
  append_number(out, score.reward, 5);
}

// As a sentence for people calls it; to_string() is for machines.
constexpr PerChannel<std::string_view> spoken_names{{"SMS", "WhatsApp", "Email"}};

// The allowed channel with the best reward apart from `channel`.
const ChannelScore* find_rival(const Decision& decision, Channel channel, Channel& rival) {
  const ChannelScore* best = nullptr;
  for (const Channel other : all_channels) {
    const ChannelScore& score = decision.scores[other];
    if (other == channel || score.exclusion || (best != nullptr && score.reward <= best->reward)) continue;
    best = &score;
    rival = other;
  }
  return best;
}

// The channel that the operator wanted, when another one is used.
std::optional<Channel> refused_wish(const Decision& decision) {
  return decision.wanted && decision.channel != decision.wanted ? decision.wanted : std::nullopt;
}

void append_sentence(std::string& out, const Decision& decision, Channel channel) {
  const ChannelScore& score = decision.scores[channel];
  Channel rival{};
  const ChannelScore* other = find_rival(decision, channel, rival);
  out += spoken_names[channel];
  if (decision.wanted == channel) {
    out += " was chosen for this contact by the operator: ";
  } else if (other == nullptr) {
    out += " is the only channel allowed: ";
  } else if (decision.is_exploration) {
    out += " was drawn to learn, with a probability of ";
    append_percent(out, decision.probability);
    out += ": ";
  } else {
    out += " promises most: ";
  }
  append_percent(out, score.response.mean);
  out += " respond for ";
  append_usd(out, score.cost.usd());
  out += ", worth ";
  append_usd(out, score.reward);
  if (other != nullptr) {
    out += other->reward > score.reward ? "; best is " : "; next is ";
    out += spoken_names[rival];
    out += " with ";
    append_usd(out, other->reward);
  }
  out += '.';
}

void append_channels(std::string& out, const Decision& decision, std::string_view name) {
  out += ",\"";
  out += name;
  out += "\":{";
  bool is_first = true;
  for (const Channel channel : all_channels) {
    const ChannelScore& score = decision.scores[channel];
    out += is_first ? "\"" : ",\"";
    is_first = false;
    out += to_string(channel);
    out += "\":{";
    if (score.exclusion) {
      append_exclusion(out, *score.exclusion);
    } else {
      append_score(out, score);
    }
    out += '}';
  }
  out += "}}";
}

void append_wanted(std::string& out, const Decision& decision) {
  if (!decision.wanted) return;
  out += ",\"wanted\":\"";
  out += to_string(*decision.wanted);
  out += '"';
}

constexpr std::size_t usual_bytes = 512;

}  // namespace

std::string explain(const Decision& decision) {
  if (!decision.channel) return decision.exclusion ? explain(*decision.exclusion) : std::string();
  std::string out;
  if (const auto wanted = refused_wish(decision)) {
    out += "The operator wanted ";
    out += spoken_names[*wanted];
    out += ", but: ";
    out += explain(*decision.scores[*wanted].exclusion);
    out += ' ';
  }
  append_sentence(out, decision, *decision.channel);
  return out;
}

std::string write_why(const Decision& decision) {
  std::string out;
  out.reserve(usual_bytes);
  if (!decision.channel) {
    out += '{';
    if (decision.exclusion) append_exclusion(out, *decision.exclusion);
    append_wanted(out, decision);
    out += ",\"sentence\":";
    append_json_string(out, explain(decision));
    append_channels(out, decision, "channels");
    return out;
  }
  out += "{\"channel\":\"";
  out += to_string(*decision.channel);
  out += "\",\"probability\":";
  append_number(out, decision.probability, 4);
  out += decision.is_exploration ? ",\"explored\":true" : ",\"explored\":false";
  append_wanted(out, decision);
  out += ",\"sentence\":";
  if (refused_wish(decision)) {
    append_json_string(out, explain(decision));
  } else {
    out += '"';
    append_sentence(out, decision, *decision.channel);  // has nothing to escape
    out += '"';
  }
  append_channels(out, decision, "scores");
  return out;
}

}  // namespace clarion
