#include "domain/send_outcome.h"

#include <array>

namespace clarion {
namespace {

struct FailureRow {
  std::string_view name;
  FailureAction action;
  std::string_view explanation;
  std::chrono::minutes probe_every{0};  // 0: never
};

// Indexed by FailureClass.
constexpr std::array<FailureRow, failure_class_count> failure_table{{
    {"throttled", FailureAction::Retry, "The carrier asked for a lower rate; the message waits and is sent later."},
    {"not_connected", FailureAction::WaitForCarrier,
     "The carrier could not be reached; the message waits until it can be."},
    {"provider_busy", FailureAction::Retry, "The carrier refused for now; the message waits and is sent later."},
    {"invalid_address", FailureAction::Fail,
     "The address does not exist or cannot receive this channel; correct it in the contact."},
    {"opted_out", FailureAction::Fail,
     "This person has told the carrier to stop; they are not written to again on this channel."},
    {"blocked", FailureAction::Fail,
     "The country, the carrier or a spam filter refuses this message; check sender registration and wording."},
    {"invalid_content", FailureAction::Fail,
     "The carrier refuses the content; check the template, its variables and its size."},
    {"channel_stopped", FailureAction::PauseChannel,
     "Every message on this channel would fail: check access and the sender's status, then resume."},
    {"ambiguous", FailureAction::Doubt,
     "The connection ended before the carrier answered; the carrier's events will say whether it was sent."},
    // Somebody lifts these, at the account or at AWS: soon enough to be noticed, seldom enough to bother nobody.
    {"sending_suspended", FailureAction::PauseChannel,
     "The account's sending is paused or under review; the channel goes on by itself when it is allowed again.",
     std::chrono::minutes(10)},
    // Capacity comes back as the messages of the day before grow older than 24 hours.
    {"daily_quota_used_up", FailureAction::PauseChannel,
     "The account's quota of 24 hours is used up; the channel goes on by itself as it comes back.",
     std::chrono::minutes(15)},
    // At the turn of the month, or when a person raises it.
    {"spend_limit_reached", FailureAction::PauseChannel,
     "The month's spend limit is reached; the channel goes on by itself next month or when the limit is raised.",
     std::chrono::minutes(60)},
    {"recipient_busy", FailureAction::WaitForTurn,
     "Another message went to this person a moment ago; this one waits, as the carrier takes one at a time."},
}};

const FailureRow& row(FailureClass failure) {
  return failure_table[static_cast<std::size_t>(failure)];
}

}  // namespace

std::string_view to_string(FailureClass failure) {
  return row(failure).name;
}

std::optional<FailureClass> parse_failure_class(std::string_view name) {
  for (std::size_t i = 0; i < failure_table.size(); ++i) {
    if (failure_table[i].name == name) return static_cast<FailureClass>(i);
  }
  return std::nullopt;
}

std::string_view explain(FailureClass failure) {
  return row(failure).explanation;
}

FailureAction action_for(FailureClass failure) {
  return row(failure).action;
}

std::optional<std::chrono::minutes> probe_interval(FailureClass failure) {
  const auto every = row(failure).probe_every;
  return every.count() > 0 ? std::optional(every) : std::nullopt;
}

}  // namespace clarion
