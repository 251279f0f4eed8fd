#pragma once
// What an import may change of the consent that is on record.
//
// Rule  a later date beats an earlier one. An opt-out stays until the person opted in at a later date: not because a
//       file says nothing of it, says opted_in without a date, or is an old one that comes again.

#include "base/clock.h"
#include "domain/contact.h"

namespace clarion {

struct MergedConsent {
  PerChannel<Consent> consent;
  bool is_opt_out_kept = false;  // on some channel, against what the row says
};

// An opt-out without a date counts from `now`, so that a later opt-in can be told from an earlier one.
[[nodiscard]] MergedConsent merge_consent(const PerChannel<Consent>& known, const PerChannel<Consent>& said,
                                          WallTime now);

}  // namespace clarion
