#pragma once
// Eligibility: may this contact be written to, on which channels, and from when on. Pure rules over given facts.
//
// Consent  only ConsentState::OptedIn allows a channel. A list that a caller made by hand is their decision: there,
//          unknown consent passes and a withdrawn one never does (EligibilityRules::for_explicit_list).
// Cost     below 0.5 µs a contact.
// Threads  an Eligibility belongs to one campaign and one thread; what it refers to may be shared.

#include <optional>
#include <string>

#include "base/clock.h"
#include "decision/contact_history.h"
#include "decision/exclusion.h"
#include "decision/local_time.h"
#include "domain/contact.h"

namespace clarion {

// Every value can be changed by the operator; a cap, window or gap of 0 switches its rule off.
struct EligibilityRules {
  PerChannel<bool> offered{{true, true, true}};  // the campaign has content for it, and does not leave it out
  PerChannel<bool> set_up{{true, true, true}};   // there is a sender for it
  bool requires_opt_in = true;                   // false: whatever is not opted out
  std::int32_t max_per_day = 3;                  // over all campaigns and channels, planned ones too, in 24 hours
  std::int32_t max_per_week = 10;                // in 7 days
  std::int32_t min_hours_between = 0;            // since the last message
  bool excludes_open_complaints = true;
  std::int32_t complaint_days = 30;            // after any complaint
  std::optional<double> min_sentiment = -0.5;  // in [-1, 1]; none: not looked at
  std::optional<QuietHours> quiet_hours = QuietHours{};
  PerChannel<bool> has_quiet_hours{{true, true, true}};
  std::string fallback_zone = "Etc/UTC";  // for contacts of whom neither zone nor country is known
  bool waits_for_best_hour = false;       // due at the contact's best_hour, when it is known

  // What holds for recipients named one by one: opt-outs, suppressions, bad and duplicate addresses; caps and quiet
  // hours only when respects_caps.
  [[nodiscard]] static EligibilityRules for_explicit_list(bool respects_caps);
};

struct ContactEligibility {
  PerChannel<std::optional<Exclusion>> exclusion;   // none: allowed
  PerChannel<std::optional<WallTime>> quiet_until;  // allowed channels in quiet hours: their end
  std::optional<WallTime> best_time;                // when the rules wait for it: the best hour, out of quiet hours

  [[nodiscard]] bool is_allowed(Channel channel) const { return !exclusion[channel]; }
  [[nodiscard]] bool is_any_allowed() const;
  // Not before this; nullopt: at once. Never in quiet hours.
  [[nodiscard]] std::optional<WallTime> due_at(Channel channel) const;
};

class Eligibility {
 public:
  // Keeps references: suppressions and recent must live as long. "Now" is recent.now().
  Eligibility(EligibilityRules rules, const SuppressionSet& suppressions, const RecentContacts& recent);

  // contact_hash is hash64(contact.id). Details of exclusions point into the contact and the suppressions.
  // `send_at`: when the message would leave on each channel; quiet hours are taken as of then, and caps as of when it
  // leaves after them. Without it: now.
  // `failed`: the channels that did not reach the contact before. None of them is allowed; where the contact has said
  // stop on one of them, no channel is.
  [[nodiscard]] ContactEligibility check(const Contact& contact, std::uint64_t contact_hash,
                                         const PerChannel<WallTime>& send_at, const PerChannel<bool>& failed = {});
  [[nodiscard]] ContactEligibility check(const Contact& contact, std::uint64_t contact_hash) {
    return check(contact, contact_hash, {{now(), now(), now()}});
  }
  // The contact is planned at this address: another one with the same is a duplicate from now on.
  void take_address(std::string_view address) { addresses_.take(address); }
  [[nodiscard]] const EligibilityRules& rules() const { return rules_; }
  [[nodiscard]] WallTime now() const { return recent_.now(); }

 private:
  [[nodiscard]] std::optional<Exclusion> check_channel(const Contact& contact, Channel channel) const;
  [[nodiscard]] std::optional<Exclusion> check_stop(const Contact& contact, Channel channel) const;
  [[nodiscard]] std::optional<Exclusion> check_contact(const Contact& contact) const;
  [[nodiscard]] bool has_caps() const;
  [[nodiscard]] std::optional<Exclusion> check_caps(const Contact& contact, const RecentContacts::Counts& counts) const;
  void apply_caps(const Contact& contact, std::uint64_t contact_hash, const PerChannel<WallTime>& send_at,
                  ContactEligibility& result) const;
  void find_times(const Contact& contact, const PerChannel<WallTime>& send_at, ContactEligibility& result);

  EligibilityRules rules_;
  const SuppressionSet& suppressions_;
  const RecentContacts& recent_;
  CampaignAddresses addresses_;
  LocalTimes local_times_;
};

// The exclusion that explains best why nothing can be sent: of the channels' exclusions the one whose rule came
// nearest to sending. REQUIRES: no channel is allowed.
[[nodiscard]] const Exclusion& best_explaining(const ContactEligibility& eligibility);
// The channel that was in question for a contact who gets nothing: the only offered one, or the only offered one with
// an address; nullopt when there were several or none.
[[nodiscard]] std::optional<Channel> channel_in_question(const ContactEligibility& eligibility);

// "+" and 8 to 15 digits, no leading zero (ITU-T E.164).
[[nodiscard]] bool is_e164(std::string_view text);
// One "@", a local part, a domain with a dot; no blanks, control characters or line ends; at most 254 bytes
// (RFC 5321 4.5.3.1). A cheap guard: imports check in full.
[[nodiscard]] bool is_mailbox(std::string_view text);

}  // namespace clarion
