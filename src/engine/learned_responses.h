#pragma once
// LearnedResponses: the response model of the contacts and of what came of Clarion's own messages. Made when somebody
// plans or previews and the last one is old; shared until then.
//
// Cost     reading a million messages takes about a second of a store's thread and of `learning`, and none of the
//          caller's. The next reading waits fifty times as long as this one took, so that it stays below 2 %.
// Threads  call current() from any executor.

#include <boost/asio/any_io_executor.hpp>

#include <memory>
#include <mutex>
#include <optional>

#include "audience/contact_table.h"
#include "base/clock.h"
#include "decision/response_model.h"
#include "ports/contact_log.h"

namespace clarion {

class LearnedResponses {
 public:
  struct Deps {
    ContactLog& log;
    Clock& clock;
    asio::any_io_executor learning;  // where the model is made
    Duration least_age = std::chrono::seconds(2);
    ResponsePriors priors = {};
    EvidenceRules evidence = {};
  };
  explicit LearnedResponses(Deps deps) : deps_(std::move(deps)) {}

  using Model = std::shared_ptr<const ResponseModel>;
  // `otherwise`, which was learnt from the contacts alone, while the ledger teaches nothing. Errors as the log's.
  Task<Result<Model>> current(std::shared_ptr<const ContactTable> contacts, Model otherwise);

 private:
  class EndOfLearning;
  struct Made {
    Model model;
    std::shared_ptr<const ContactTable> contacts;
    TimePoint fresh_until{};
  };
  Task<Result<Model>> learn(std::shared_ptr<const ContactTable> contacts, Model otherwise);

  Deps deps_;
  std::mutex mutex_;  // of what follows; never held across co_await
  std::optional<Made> made_;
  bool is_learning_ = false;
};

// One pass over at most max_contacts rows, evenly spread, and over everybody of whom there is evidence.
[[nodiscard]] std::shared_ptr<const ResponseModel> learn_responses(
    const ContactTable& contacts, WallTime now, const ResponsePriors& priors = {},
    std::shared_ptr<const ResponseEvidence> evidence = nullptr, std::size_t max_contacts = 100'000);

}  // namespace clarion
