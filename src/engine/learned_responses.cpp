#include "engine/learned_responses.h"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <utility>

#include "base/hash.h"

namespace clarion {
namespace {

constexpr int rest_for_work = 50;

Task<LearnedResponses::Model> make_model(std::shared_ptr<const ContactTable> contacts, WallTime now,
                                         ResponsePriors priors, std::shared_ptr<const ResponseEvidence> evidence) {
  co_return learn_responses(*contacts, now, priors, std::move(evidence));
}

}  // namespace

Task<Result<LearnedResponses::Model>> LearnedResponses::learn(std::shared_ptr<const ContactTable> contacts,
                                                              Model otherwise) {
  const WallTime now = deps_.clock.wall_now();
  auto evidence = std::make_shared<ResponseEvidence>(now, deps_.evidence);
  // The visitor runs on a thread of the store, but never at the same time as we do: we wait for it.
  const auto visited =
      co_await deps_.log.visit_outcomes(now - deps_.evidence.window(), [evidence](const ContactOutcome& outcome) {
        evidence->add(outcome.contact_id, {.channel = outcome.channel,
                                           .sent_at = outcome.sent_at,
                                           .was_opened = outcome.was_opened,
                                           .was_answered = outcome.was_answered,
                                           .was_unwelcome = outcome.was_unwelcome});
      });
  if (!visited) co_return std::unexpected(visited.error());
  if (evidence->contacts() == 0) co_return otherwise;
  co_return co_await asio::co_spawn(deps_.learning,
                                    make_model(std::move(contacts), now, deps_.priors, std::move(evidence)),
                                    asio::bind_cancellation_slot(asio::cancellation_slot(), asio::use_awaitable));
}

// Whatever the end, a cancellation too: others may learn again.
class LearnedResponses::EndOfLearning {
 public:
  explicit EndOfLearning(LearnedResponses& owner) : owner_(owner) {}
  ~EndOfLearning() {
    const std::lock_guard lock(owner_.mutex_);
    owner_.is_learning_ = false;
  }
  EndOfLearning(const EndOfLearning&) = delete;
  EndOfLearning& operator=(const EndOfLearning&) = delete;

 private:
  LearnedResponses& owner_;
};

Task<Result<LearnedResponses::Model>> LearnedResponses::current(std::shared_ptr<const ContactTable> contacts,
                                                                Model otherwise) {
  const TimePoint began = deps_.clock.now();
  {
    const std::lock_guard lock(mutex_);
    if (made_ && made_->contacts == contacts && (is_learning_ || began < made_->fresh_until)) co_return made_->model;
    is_learning_ = true;
  }
  const EndOfLearning end(*this);
  auto model = co_await learn(contacts, std::move(otherwise));
  if (!model) co_return model;
  const TimePoint ended = deps_.clock.now();
  const std::lock_guard lock(mutex_);
  made_ = Made{*model, std::move(contacts), ended + std::max(deps_.least_age, (ended - began) * rest_for_work)};
  co_return model;
}

std::shared_ptr<const ResponseModel> learn_responses(const ContactTable& contacts, WallTime now,
                                                     const ResponsePriors& priors,
                                                     std::shared_ptr<const ResponseEvidence> evidence,
                                                     std::size_t max_contacts) {
  const bool has_evidence = evidence != nullptr;
  ResponseLearner learner(now, priors, evidence);
  const std::size_t wanted = std::max<std::size_t>(1, max_contacts);
  const std::size_t step = std::max<std::size_t>(1, (contacts.size() + wanted - 1) / wanted);
  Contact contact;
  for (std::size_t row = 0; row < contacts.size(); ++row) {
    const auto at = static_cast<ContactRow>(row);
    if (row % step != 0 && !(has_evidence && evidence->has(hash64(contacts.text(at, Field::Id))))) continue;
    contacts.get(at, contact);
    learner.add(contact);
  }
  return std::make_shared<const ResponseModel>(learner.finish());
}

}  // namespace clarion
