#pragma once
// What an import may change of the consent that is on record.
//
// Rule    of two statements the later counts, whole: state, source and time. What a row does not mention stays as it
//         was; unknown mentions nothing.
// Dates   an opt-out stays until the person opted in at a later date: not because a file says opted_in without a
//         date or is an old one that comes again. An opt-out without a date is the later one. The same state without a
//         date changes no date.

#include "base/clock.h"
#include "domain/contact.h"

namespace clarion {

struct MergedConsent {
  PerChannel<Consent> consent;
  // On some channel, where the row says nothing or something else.
  bool is_opt_out_kept = false;
  bool is_opt_in_kept = false;
};

// An opt-out without a date counts from `now`, so that a later opt-in can be told from an earlier one.
[[nodiscard]] MergedConsent merge_consent(const PerChannel<Consent>& known, const PerChannel<Consent>& said,
                                          WallTime now);

}  // namespace clarion
