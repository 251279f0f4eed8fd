#pragma once
// ChangedConsents: what an import changes of consents, set aside until all of the file was read.
//
// Memory   some MB, and a 512th of all that changes. It lies in a temporary file, with ids of contacts and no address.
// Errors   of the temporary file, told by visit().

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "domain/contact.h"
#include "ports/consent_log.h"
#include "store/split_file.h"

namespace clarion {

class ChangedConsents {
 public:
  static Result<ChangedConsents> create();

  // The consent of the contact `id` before a row of the import and after it.
  void add(std::string_view id, const PerChannel<Consent>& before, const PerChannel<Consent>& after);
  [[nodiscard]] bool is_empty() const { return is_empty_; }
  // Every change as entries, some thousands a call; ends with the first error of `take`. In the order of
  // subject_hash(), and of one contact in the order they came. A consent that a newer one replaces is told as well, as
  // known before: it may be older than the log.
  Result<void> visit(WallTime recorded_at, const std::function<Result<void>(std::vector<ConsentEntry>)>& take);

 private:
  explicit ChangedConsents(SplitFile file) : file_(std::move(file)) {}

  SplitFile file_;  // by subject_hash(): each part has those above the one before
  std::string record_;
  bool is_empty_ = true;
};

}  // namespace clarion
