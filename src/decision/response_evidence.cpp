#include "decision/response_evidence.h"

#include <algorithm>
#include <cmath>

#include "base/hash.h"

namespace clarion {
namespace {

double hours_between(WallTime earlier, WallTime later) {
  return std::max(0.0, std::chrono::duration<double, std::chrono::hours::period>(later - earlier).count());
}

}  // namespace

void ResponseEvidence::add(std::string_view contact_id, const MessageOutcome& outcome) {
  const Channel channel = outcome.channel;
  const double age = hours_between(outcome.sent_at, now_);
  const double weight = std::exp2(-age / (24 * rules_.half_life_days));
  const double response = outcome.was_answered ? 1 : outcome.was_opened ? rules_.open_credit[channel] : 0;
  const double sent =
      response > 0 ? 1 : rules_.visibility[channel] * (1 - std::exp2(-age / rules_.silence_half_life_hours));

  Sums& sums = contacts_[hash64(contact_id)][channel];
  sums.sent += static_cast<float>(weight * sent);
  sums.responded += static_cast<float>(weight * response);
  Totals& totals = totals_[channel];
  totals.weight += weight;
  if (response > 0) ++totals.responses;
  if (!outcome.was_unwelcome) return;
  ++totals.unwelcome;
  totals.unwelcome_weight += weight;
}

EvidenceCounts ResponseEvidence::find(std::uint64_t contact_hash, Channel channel, WallTime at) const {
  if (!reports_responses(channel)) return {};
  const auto found = contacts_.find(contact_hash);
  if (found == contacts_.end()) return {};
  const Sums& sums = found->second[channel];
  if (sums.sent <= 0) return {};
  const double kept = std::exp2(-hours_between(now_, at) / (24 * rules_.half_life_days));
  return {sums.sent * kept, sums.responded * kept};
}

EvidenceCounts ResponseEvidence::unwelcome(Channel channel) const {
  const Totals& totals = totals_[channel];
  if (totals.unwelcome == 0) return {};
  return {totals.weight, totals.unwelcome_weight};
}

}  // namespace clarion
