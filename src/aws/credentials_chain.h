#pragma once
// CredentialsChain: the credentials of this process, found where the AWS SDKs look and in their order: the environment,
// the profile's role, a web identity, the profile's keys, the container, the instance.
//
// Refresh  about 5 minutes before they expire, by the one caller who notices; the others go on with the old ones, and a
//          failure then is only logged. Only when nothing usable is left does everybody wait, for one refresh.
// Files    are read again at each refresh, so keys replaced on disk count without a restart once the old are refused.
// Threads  one executor. REQUIRES at destruction: nobody is inside get().

#include <cstdint>
#include <optional>
#include <string>

#include "aws/aws_config.h"
#include "aws/credentials.h"
#include "aws/credentials_steps.h"
#include "base/alarm.h"
#include "base/clock.h"
#include "base/hash.h"
#include "ports/http_transport.h"

namespace clarion {

// What may be shown to the operator: no secret in it.
struct CredentialsDescription {
  std::string source;         // "profile 'shop' of ~/.aws/credentials"
  std::string access_key_id;  // "****MPLE"
  std::optional<WallTime> expires_at;
};

class CredentialsChain final : public CredentialsSource {
 public:
  struct Deps {
    AwsSources sources;
    HttpTransport& transport;
    Clock& clock;
    std::uint64_t seed = 0;  // of the jitter; differs between processes that start together
  };
  explicit CredentialsChain(Deps deps);

  // Denied when no place has credentials; otherwise the error of the place that is configured and does not work.
  Task<Result<AwsCredentials>> get() override;
  [[nodiscard]] const AwsCredentials* ready() const override;
  void expire(const AwsCredentials& refused) override;

  // What get() returned last; nullopt before the first that succeeded.
  [[nodiscard]] std::optional<CredentialsDescription> describe() const;

 private:
  [[nodiscard]] bool is_usable() const;
  [[nodiscard]] bool is_refresh_due() const;
  Task<Result<IssuedCredentials>> ask();
  Task<void> refresh();
  void take(IssuedCredentials issued);
  void hold_back(Error error);

  Deps deps_;
  SeededRandom random_;
  std::optional<IssuedCredentials> current_;
  bool is_refused_ = false;  // the service called current_ expired
  WallTime refresh_at_{};    // when current_ is to be replaced
  std::optional<Error> failure_;
  TimePoint not_before_{};  // after a failure: no other refresh until then
  bool is_refreshing_ = false;
  WaitList waiting_;
};

}  // namespace clarion
