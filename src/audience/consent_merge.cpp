#include "audience/consent_merge.h"

namespace clarion {
namespace {

bool stays(const Consent& known, const Consent& said) {
  if (known.state == ConsentState::Unknown) return said == Consent{};
  if (said.state == ConsentState::Unknown) return true;
  if (known.at && said.at && *said.at != *known.at) return *said.at < *known.at;
  if (known.state == said.state) {
    const bool says_when = said.at && !known.at;
    const bool says_where = !said.source.empty() && known.at == said.at;
    return !says_when && !says_where;
  }
  // Nothing says which is the later, so the one that writes to nobody counts.
  return known.state == ConsentState::OptedOut;
}

}  // namespace

MergedConsent merge_consent(const PerChannel<Consent>& known, const PerChannel<Consent>& said, WallTime now) {
  MergedConsent merged{.consent = said};
  for (const Channel channel : all_channels) {
    Consent& consent = merged.consent[channel];
    if (stays(known[channel], said[channel])) {
      consent = known[channel];
      const bool says_the_same = said[channel].state == consent.state;
      if (consent.state == ConsentState::OptedOut && !says_the_same) merged.is_opt_out_kept = true;
      if (consent.state == ConsentState::OptedIn && !says_the_same) merged.is_opt_in_kept = true;
    }
    if (consent.state == ConsentState::OptedOut && !consent.at) consent.at = now;
  }
  return merged;
}

}  // namespace clarion
