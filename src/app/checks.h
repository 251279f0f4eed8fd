#pragma once
// Checks: what `clarion doctor` shows and what start-up insists on, one row each.
//
// A row says what was looked at, what was found, and what to do about it. Start-up refuses when an essential row
// failed, with the sentences of all of them at once.

#include <span>
#include <string>
#include <vector>

#include "app/settings.h"
#include "base/result.h"

namespace clarion {

enum class CheckOutcome : std::uint8_t { Good, Warning, Failed };
[[nodiscard]] std::string_view to_string(CheckOutcome outcome);  // "ok", "warning", "failed"

struct Check {
  std::string subject;  // "PHONE_POOL_ID", "credentials", "table clarion-campaigns"
  std::string source;   // where the setting came from; empty for what is no setting
  CheckOutcome outcome = CheckOutcome::Good;
  std::string found;         // one sentence, no secret
  std::string next_step;     // what to do; empty when all is well
  bool is_essential = true;  // production does not start without it
};

// What can be said of the settings alone; nothing is contacted.
[[nodiscard]] std::vector<Check> check_settings(const Settings& settings);

// Data directory, contacts, prices, tokens. May ask DynamoDB for the tokens: call from no executor.
[[nodiscard]] std::vector<Check> check_machine(const Settings& settings);

// Invalid, with a line for each essential check that failed: what was found and what to do.
[[nodiscard]] Result<void> refuse_when_failed(std::span<const Check> checks);

}  // namespace clarion
