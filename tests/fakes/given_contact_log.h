#pragma once
// GivenContactLog: a ContactLog that says what the test has given it, or that it is out.

#include <string>
#include <vector>

#include "ports/contact_log.h"

namespace clarion::testing {

class GivenContactLog final : public ContactLog {
 public:
  struct Pending {
    std::string contact_id;
    std::string campaign_id;
    std::optional<WallTime> due_at = std::nullopt;
  };
  struct Outcome {
    std::string contact_id;
    ContactOutcome what;  // its contact_id is not looked at
  };

  Task<Result<void>> visit_pending(std::function<void(const PendingContact&)> visit) override {
    if (is_out) co_return fail(ErrorKind::Unavailable, "the ledger cannot be read");
    for (const Pending& one : pending) {
      visit({.contact_id = one.contact_id, .campaign_id = one.campaign_id, .due_at = one.due_at});
    }
    co_return Result<void>();
  }
  Task<Result<void>> visit_outcomes(WallTime since, std::function<void(const ContactOutcome&)> visit) override {
    if (is_out) co_return fail(ErrorKind::Unavailable, "the ledger cannot be read");
    ++readings;
    for (const Outcome& one : outcomes) {
      ContactOutcome outcome = one.what;
      outcome.contact_id = one.contact_id;
      if (outcome.sent_at >= since) visit(outcome);
    }
    co_return Result<void>();
  }

  std::vector<Pending> pending;
  std::vector<Outcome> outcomes;
  int readings = 0;  // of outcomes
  bool is_out = false;
};

}  // namespace clarion::testing
