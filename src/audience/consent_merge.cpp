#include "audience/consent_merge.h"

namespace clarion {
namespace {

bool stays(const Consent& known, const Consent& said) {
  if (known.at && said.at && *said.at < *known.at) return true;
  if (known.state == said.state) return known.at && !said.at;
  if (known.state != ConsentState::OptedOut) return false;
  const bool opted_in_since = said.state == ConsentState::OptedIn && known.at && said.at && *said.at > *known.at;
  return !opted_in_since;
}

}  // namespace

MergedConsent merge_consent(const PerChannel<Consent>& known, const PerChannel<Consent>& said, WallTime now) {
  MergedConsent merged{.consent = said};
  for (const Channel channel : all_channels) {
    Consent& consent = merged.consent[channel];
    if (stays(known[channel], said[channel])) {
      consent = known[channel];
      const bool was_against = said[channel].state != ConsentState::OptedOut;
      if (consent.state == ConsentState::OptedOut && was_against) merged.is_opt_out_kept = true;
    }
    if (consent.state == ConsentState::OptedOut && !consent.at) consent.at = now;
  }
  return merged;
}

}  // namespace clarion
