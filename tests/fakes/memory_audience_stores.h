#pragma once
// MemorySegmentStore, MemoryTemplateStore and MemorySuppressionStore: the small stores, in maps.

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "ports/segment_store.h"
#include "ports/suppression_store.h"
#include "ports/template_store.h"

namespace clarion::testing {

class MemorySegmentStore final : public SegmentStore {
 public:
  Task<Result<void>> save(Segment segment) override;
  Task<Result<Segment>> find(std::string id) override;
  Task<Result<SegmentList>> list(std::size_t limit) override;

 private:
  std::map<std::string, Segment> segments_;
};

class MemoryTemplateStore final : public TemplateStore {
 public:
  Task<Result<StoredTemplate>> save(StoredTemplate draft) override;
  Task<Result<StoredTemplate>> find(std::string name, Channel channel) override;
  Task<Result<std::vector<StoredTemplate>>> list() override;
  Task<Result<std::vector<StoredTemplate>>> list_versions(std::string name, Channel channel) override;

 private:
  std::map<std::pair<std::string, Channel>, std::vector<StoredTemplate>> versions_;
};

class MemorySuppressionStore final : public SuppressionStore {
 public:
  std::optional<Error> failure;       // of the next calls of add
  std::optional<Error> find_failure;  // and of find
  Task<Result<void>> add(std::vector<Suppression> suppressions) override;
  Task<Result<bool>> remove(Release release) override;
  Task<Result<std::vector<Suppression>>> find(Channel channel, std::vector<std::string> addresses) override;
  Task<Result<std::vector<Suppression>>> list() override;

 private:
  std::map<std::pair<Channel, std::string>, Suppression> suppressions_;  // by the address in lower case
};

}  // namespace clarion::testing
