#pragma once
// RefusalStreak: refusals of one kind in a row with nothing accepted between, on one channel of one campaign. They are
// more likely the campaign's fault than that of so many people: a sender that is not registered, a template that does
// not fit. What lies with the person (no such address, opted out) counts as neither.

#include <cstdint>
#include <string>

#include "domain/send_outcome.h"

namespace clarion {

class RefusalStreak {
 public:
  // `most`: of one kind are too many; 0: never too many.
  explicit RefusalStreak(std::int32_t most) : most_(most) {}

  // Whether with this outcome they are too many.
  [[nodiscard]] bool is_too_long_with(const SendOutcome& outcome) {
    if (outcome) {
      length_ = 0;
      return false;
    }
    const SendFailure& failure = outcome.error();
    if (failure.failure != FailureClass::Blocked && failure.failure != FailureClass::InvalidContent) return false;
    if (failure.failure != kind_ || failure.code != code_) length_ = 0;
    kind_ = failure.failure;
    code_ = failure.code;
    ++length_;
    return most_ > 0 && length_ >= most_;
  }
  void forget() { length_ = 0; }
  [[nodiscard]] std::int32_t length() const { return length_; }

 private:
  std::int32_t most_;
  std::int32_t length_ = 0;
  FailureClass kind_{};
  std::string code_;
};

}  // namespace clarion
