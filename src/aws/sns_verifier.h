#pragma once
// SnsVerifier: lets in what SNS posts of topics that the operator has named, and confirms their subscriptions.
//
// Order          the topic, the age and the certificate's address are looked at before anything is fetched: a stranger
//                can make us fetch little, and nothing but certificates from SNS.
// Certificates   fetched through the transport, which verifies the host's name; kept for a day, 16 at most. One is
//                fetched at a time, at most 10 in a minute.
// Replays        what is older than an hour and a quarter is refused: SNS delivers for an hour. What is repeated within
//                that changes nothing in a ledger.
// Errors         Denied (not from SNS, or of another topic), Invalid (no message of SNS), Unavailable (the certificate
//                cannot be fetched, or the subscription not be confirmed, now).
// Threads        one executor.

#include <deque>
#include <map>
#include <set>
#include <string>

#include "aws/sns_message.h"
#include "base/alarm.h"
#include "base/clock.h"
#include "base/task.h"

namespace clarion {

class SnsVerifier {
 public:
  static constexpr std::chrono::minutes longest_age{75};
  static constexpr std::size_t most_certificates = 16;
  static constexpr std::size_t most_fetches_a_minute = 10;

  struct Deps {
    HttpTransport& transport;  // verifies TLS
    Clock& clock;
    std::set<std::string> topic_arns;
  };
  // REQUIRES: what `deps` refers to outlives it.
  explicit SnsVerifier(Deps deps) : deps_(std::move(deps)) {}

  // The message of `body`, proven.
  Task<Result<SnsMessage>> verify(std::string body);
  // REQUIRES: `message` was verified and is a SubscriptionConfirmation.
  Task<Result<void>> confirm(SnsMessage message);

 private:
  struct Certificate {
    std::string pem;
    TimePoint until{};
  };

  Task<Result<std::string>> get(SnsUrl url);
  // REQUIRES: read_sns_certificate_url takes it.
  Task<Result<std::string>> find_certificate(std::string url);
  Task<Result<std::string>> fetch_certificate(std::string url);

  Deps deps_;
  std::map<std::string, Certificate> certificates_;  // by URL
  std::deque<TimePoint> fetches_;                    // of the last minute
  bool is_fetching_ = false;
  WaitList waiting_;  // for the one that fetches
};

}  // namespace clarion
