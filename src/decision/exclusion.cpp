#include "decision/exclusion.h"

#include <fmt/format.h>

#include <array>

namespace clarion {
namespace {

constexpr std::array<std::string_view, rule_count> rule_names{"no_content",
                                                              "channel_not_set_up",
                                                              "no_address",
                                                              "invalid_address",
                                                              "channel_failed",
                                                              "no_consent",
                                                              "opted_out",
                                                              "suppressed",
                                                              "open_complaint",
                                                              "recent_complaint",
                                                              "negative_sentiment",
                                                              "recent_contact",
                                                              "frequency_cap_week",
                                                              "frequency_cap_day",
                                                              "duplicate_address",
                                                              "missing_variable",
                                                              "invalid_content",
                                                              "not_worth_sending",
                                                              "holdout"};

std::string with_detail(std::string_view sentence, std::string_view detail) {
  return detail.empty() ? fmt::format("{}.", sentence) : fmt::format("{} ({}).", sentence, detail);
}

std::string explain_cap(const Exclusion& exclusion, std::string_view span) {
  if (exclusion.detail.empty()) {
    return fmt::format("{:g} messages in the last {}; the cap is {:g}.", exclusion.value, span, exclusion.threshold);
  }
  return fmt::format("{:g} messages in {}, with what campaign '{}' is still to send; the cap is {:g}.", exclusion.value,
                     span, exclusion.detail, exclusion.threshold);
}

}  // namespace

std::string_view to_string(Rule rule) {
  return rule_names[static_cast<std::size_t>(rule)];
}

std::optional<Rule> parse_rule(std::string_view name) {
  for (std::size_t i = 0; i < rule_names.size(); ++i) {
    if (rule_names[i] == name) return static_cast<Rule>(i);
  }
  return std::nullopt;
}

std::string_view explain(Rule rule) {
  switch (rule) {
    case Rule::NotOffered: return "The campaign has no content for this channel, or leaves it out.";
    case Rule::NotSetUp: return "No sender is set up for this channel; `clarion doctor` says what is missing.";
    case Rule::NoAddress: return "There is no address for any channel of this campaign; complete the contact.";
    case Rule::InvalidAddress:
      return "The address is not a number in E.164 form or a mailbox; correct it in the contact.";
    case Rule::ChannelFailed:
      return "The channel did not reach them before, and they have no other; correct or complete the contact.";
    case Rule::NoConsent: return "Consent is not known; import it with its source before writing to these people.";
    case Rule::OptedOut: return "Consent was withdrawn; they are not written to again on this channel.";
    case Rule::Suppressed: return "The address is on the suppression list, from an opt-out, a complaint or a bounce.";
    case Rule::OpenComplaint: return "A complaint is still open; close it in the contact first.";
    case Rule::RecentComplaint: return "The last complaint is too recent; they can be written to later.";
    case Rule::NegativeSentiment: return "Their mood towards you is too bad for a campaign; answer them first.";
    case Rule::RecentContact: return "Their last message is too recent; they can be written to later.";
    case Rule::FrequencyCapWeek: return "They have had, or are to get, as many messages in 7 days as the cap allows.";
    case Rule::FrequencyCapDay: return "They have had, or are to get, as many messages in 24 hours as the cap allows.";
    case Rule::DuplicateAddress: return "Another contact of this campaign has the same address and gets the message.";
    case Rule::MissingVariable:
      return "A variable of the template has no value for them; give the template a fallback.";
    case Rule::InvalidContent: return "The message cannot be sent as it is for them; each delivery says why.";
    case Rule::NotWorthSending: return "Every channel is expected to cost more than it brings.";
    case Rule::Holdout: return "Held out by chance, to measure what the campaign brings.";
  }
  return "";
}

std::string explain(const Exclusion& exclusion) {
  const double value = exclusion.value;
  const double threshold = exclusion.threshold;
  switch (exclusion.rule) {
    case Rule::NotOffered: return "The campaign has no content for this channel, or leaves it out.";
    case Rule::NotSetUp: return "No sender is set up for this channel; `clarion doctor` says what is missing.";
    case Rule::NoAddress: return "The contact has no address for this channel.";
    case Rule::InvalidAddress: return "The address is not a number in E.164 form or a mailbox.";
    case Rule::ChannelFailed: return "This channel did not reach the contact before.";
    case Rule::NoConsent: return with_detail("Consent for this channel is not known", exclusion.detail);
    case Rule::OptedOut: return with_detail("The contact opted out of this channel", exclusion.detail);
    case Rule::Suppressed: return with_detail("The address is on the suppression list", exclusion.detail);
    case Rule::OpenComplaint: return "The contact has an open complaint.";
    case Rule::RecentComplaint:
      return fmt::format("The last complaint was {:.1f} days ago; the rule waits {:g} days.", value, threshold);
    case Rule::NegativeSentiment:
      return fmt::format("The sentiment is {:.2f}; the rule asks for at least {:.2f}.", value, threshold);
    case Rule::RecentContact:
      if (!exclusion.detail.empty()) {
        return fmt::format("Campaign '{}' writes to the contact {:.1f} hours from then; the rule waits {:g} hours.",
                           exclusion.detail, value, threshold);
      }
      return fmt::format("The last message was {:.1f} hours ago; the rule waits {:g} hours.", value, threshold);
    case Rule::FrequencyCapWeek: return explain_cap(exclusion, "7 days");
    case Rule::FrequencyCapDay: return explain_cap(exclusion, "24 hours");
    case Rule::DuplicateAddress: return "Another contact of this campaign has the same address.";
    case Rule::MissingVariable:
      return with_detail("The template needs a variable that has no value for this contact", exclusion.detail);
    case Rule::InvalidContent: return with_detail("The message cannot be sent as it is", exclusion.detail);
    case Rule::NotWorthSending: return fmt::format("The best channel is expected to lose {:.4f} USD.", -value);
    case Rule::Holdout:
      return fmt::format("Held out for comparison: {:.4f} was drawn and the holdout share is {:g}.", value, threshold);
  }
  return {};
}

}  // namespace clarion
