#pragma once
// DynamoTemplateStore: the TemplateStore in the campaigns table.

#include "ports/template_store.h"
#include "store/dynamo_database.h"

namespace clarion {

class DynamoTemplateStore final : public TemplateStore {
 public:
  // REQUIRES: the database outlives it.
  explicit DynamoTemplateStore(DynamoDatabase& database) : database_(database) {}

  Task<Result<StoredTemplate>> save(StoredTemplate draft) override;
  Task<Result<StoredTemplate>> find(std::string name, Channel channel) override;
  Task<Result<std::vector<StoredTemplate>>> list() override;
  Task<Result<std::vector<StoredTemplate>>> list_versions(std::string name, Channel channel) override;

 private:
  DynamoDatabase& database_;
};

}  // namespace clarion
