#include "domain/send_outcome.h"

#include <array>

namespace clarion {
namespace {

struct FailureRow {
  std::string_view name;
  FailureAction action;
  std::string_view explanation;
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
     "Every message on this channel would fail: check access, balance, quota and the sender's status, then resume."},
    {"ambiguous", FailureAction::Doubt,
     "The connection ended before the carrier answered; the carrier's events will say whether it was sent."},
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

}  // namespace clarion
