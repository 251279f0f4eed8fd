#pragma once
// SuppressionStore: addresses that must not be written to, with why and since when. They outlive contacts and imports.
//
// Addresses  compared without regard to ASCII case, as planning does (decision/contact_history.h): each has one entry a
//            channel.

#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "base/task.h"
#include "domain/channel.h"

namespace clarion {

struct Suppression {
  Channel channel{};
  std::string address;  // E.164, or the mailbox with its domain in lower case
  std::string reason;   // "hard_bounce", "complaint", "opt_out", "operator"
  std::string source;   // delivery id, "import", a person's note
  WallTime at{};
};

// An address may be written to again, and who says so.
struct Release {
  Channel channel{};
  std::string address;  // in the form of a suppression
  std::string reason = {};
  std::string source = "operator";
  std::optional<WallTime> at = std::nullopt;  // none: now
};

class SuppressionStore {
 public:
  virtual ~SuppressionStore() = default;
  // Adding what exists keeps the older entry.
  virtual Task<Result<void>> add(std::vector<Suppression> suppressions) = 0;
  virtual Task<Result<bool>> remove(Release release) = 0;  // false: was not there
  // The entries of these addresses, in any order; many times cheaper than list(). An address may be given more than
  // once; each entry comes once.
  virtual Task<Result<std::vector<Suppression>>> find(Channel channel, std::vector<std::string> addresses) = 0;
  virtual Task<Result<std::vector<Suppression>>> list() = 0;
};

}  // namespace clarion
