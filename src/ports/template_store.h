#pragma once
// TemplateStore: templates by name and version. A version never changes; saving makes the next one.

#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "base/task.h"
#include "domain/channel.h"

namespace clarion {

struct StoredTemplate {
  std::string name;  // [A-Za-z0-9_-]{1,64}
  Channel channel{};
  std::int32_t version = 0;  // 1, 2, ...; set by the store
  std::string definition;    // JSON; content/template.h reads it
  WallTime created_at{};
};

class TemplateStore {
 public:
  virtual ~TemplateStore() = default;
  // Stores the next version of (name, channel) and returns it; the definition of the latest version again returns that
  // one. An older definition makes a new version: so it is taken up again.
  virtual Task<Result<StoredTemplate>> save(StoredTemplate draft) = 0;
  // The latest version; NotFound.
  virtual Task<Result<StoredTemplate>> find(std::string name, Channel channel) = 0;
  // The latest version of each, by name.
  virtual Task<Result<std::vector<StoredTemplate>>> list() = 0;
  // Every version of (name, channel), the newest first; empty when there is none.
  virtual Task<Result<std::vector<StoredTemplate>>> list_versions(std::string name, Channel channel) = 0;
};

}  // namespace clarion
