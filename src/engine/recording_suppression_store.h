#pragma once
// RecordingSuppressionStore: a SuppressionStore of which every suppression and every release is kept as an entry of the
// ConsentLog.
//
// Order  the address is suppressed before that is recorded, and its release is recorded before it takes place: whoever
//        gets an error finds it suppressed and tries again, and then the entry may be there twice.

#include <string>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "ports/consent_log.h"
#include "ports/suppression_store.h"

namespace clarion {

class RecordingSuppressionStore final : public SuppressionStore {
 public:
  struct Deps {
    SuppressionStore& inner;
    ConsentLog& log;
    Clock& clock;
  };
  // REQUIRES: `deps` outlive it.
  explicit RecordingSuppressionStore(Deps deps) : deps_(deps) {}

  // Also of an address that is suppressed already: that it was said again is worth knowing.
  Task<Result<void>> add(std::vector<Suppression> suppressions) override;
  Task<Result<bool>> remove(Release release) override;
  Task<Result<std::vector<Suppression>>> find(Channel channel, std::vector<std::string> addresses) override {
    return deps_.inner.find(channel, std::move(addresses));
  }
  Task<Result<std::vector<Suppression>>> list() override { return deps_.inner.list(); }

 private:
  Deps deps_;
};

}  // namespace clarion
