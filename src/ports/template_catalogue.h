#pragma once
// TemplateCatalogue: what the provider of WhatsApp messages says of its templates. Only an approved one is delivered.
//
// Errors  Unavailable, Denied or Throttled: the provider did not say.
// Threads call from any executor.

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "base/result.h"
#include "base/task.h"

namespace clarion {

struct ProviderTemplate {
  std::string status;   // "APPROVED", "PAUSED", ...
  std::string quality;  // "GREEN", "YELLOW", "RED", "UNKNOWN"; empty: not said
};

// As of one moment; immutable.
struct ProviderTemplates {
  std::map<std::pair<std::string, std::string>, ProviderTemplate> all;  // by (name, language)

  // Why this template cannot be sent, one sentence; nullopt when it can.
  [[nodiscard]] std::optional<std::string> find_problem(const std::string& name, const std::string& language) const {
    const auto found = all.find({name, language});
    if (found == all.end()) {
      return "the WhatsApp template '" + name + "' does not exist in language '" + language +
             "' on this account; submit it, or correct its name or language";
    }
    if (found->second.status == "APPROVED") return std::nullopt;
    return "the WhatsApp template '" + name + "' (" + language + ") is " + found->second.status +
           ", not APPROVED; send when Meta has approved it";
  }
};

class TemplateCatalogue {
 public:
  virtual ~TemplateCatalogue() = default;
  // At most about a minute old.
  virtual Task<Result<std::shared_ptr<const ProviderTemplates>>> current() = 0;
};

}  // namespace clarion
