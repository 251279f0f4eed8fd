#pragma once
// StoreSet: every store port over one kind of storage, so that one suite runs over all kinds.

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "base/task.h"
#include "ports/campaign_store.h"
#include "ports/consent_log.h"
#include "ports/contact_log.h"
#include "ports/delivery_store.h"
#include "ports/message_index.h"
#include "ports/response_log.h"
#include "ports/run_history_store.h"
#include "ports/segment_store.h"
#include "ports/suppression_store.h"
#include "ports/template_store.h"
#include "ports/token_store.h"

namespace clarion::testing {

// Runs one Task to its end on a loop of its own.
template <class T>
T run(Task<T> task) {
  asio::io_context context;
  std::optional<T> result;
  std::exception_ptr thrown;
  asio::co_spawn(context, std::move(task), [&](std::exception_ptr error, T value) {
    thrown = error;
    result.emplace(std::move(value));
  });
  context.run();
  if (thrown) std::rethrow_exception(thrown);
  return std::move(*result);
}

// A directory that goes away with the test.
class TempDirectory {
 public:
  TempDirectory();
  ~TempDirectory();
  TempDirectory(const TempDirectory&) = delete;
  TempDirectory& operator=(const TempDirectory&) = delete;
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

class StoreSet {
 public:
  virtual ~StoreSet() = default;
  virtual CampaignStore& campaigns() = 0;
  virtual DeliveryStore& deliveries() = 0;
  virtual DeliveryLog& log() = 0;
  virtual ResponseLog& responses() = 0;
  virtual ContactLog& contact_log() = 0;
  virtual SegmentStore& segments() = 0;
  virtual TemplateStore& templates() = 0;
  virtual MessageIndex& messages() = 0;
  virtual SuppressionStore& suppressions() = 0;
  virtual ConsentLog& consents() = 0;
  virtual TokenStore& tokens() = 0;
  virtual RunHistoryStore& runs() = 0;
  // As after the end of the process and a new start, where the kind of storage outlives one.
  virtual void reopen() = 0;
};

[[nodiscard]] std::unique_ptr<StoreSet> make_memory_stores();
[[nodiscard]] std::unique_ptr<StoreSet> make_sqlite_stores();
// Of an emulator; see dynamo_service.h.
[[nodiscard]] std::unique_ptr<StoreSet> make_dynamo_stores();

// The suites' parameter. DynamoDB is one of them when CLARION_TEST_DYNAMO is set.
struct Storage {
  std::string name;
  std::function<std::unique_ptr<StoreSet>()> make;
};
[[nodiscard]] std::vector<Storage> all_storages();

}  // namespace clarion::testing
