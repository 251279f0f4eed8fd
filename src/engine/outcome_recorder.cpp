#include "engine/outcome_recorder.h"

#include <algorithm>
#include <cmath>
#include <iterator>

#include "base/log.h"
#include "engine/exposure.h"
#include "engine/waits.h"

namespace clarion {
namespace {

constexpr auto batch_rows = static_cast<std::size_t>(record_batch);

}  // namespace

void OutcomeRecorder::add(AttemptRecord record, TimePoint due) {
  pending_.push_back(std::move(record));
  const bool is_sooner = due < due_;
  due_ = std::min(due_, due);
  if (is_sooner || pending_.size() == batch_rows) alarm_.ring();
}

void OutcomeRecorder::close() {
  is_closed_ = true;
  alarm_.ring();
}

void OutcomeRecorder::abandon() {
  is_abandoned_ = true;
  alarm_.ring();
}

Task<void> OutcomeRecorder::run() {
  while (!is_ended()) {
    if (pending_.empty()) {
      co_await alarm_.sleep_until(TimePoint::max());
      continue;
    }
    if (!is_closed_ && pending_.size() < batch_rows && deps_.clock.now() < due_) {
      co_await alarm_.sleep_until(due_);
      continue;
    }
    co_await commit();
  }
}

Task<void> OutcomeRecorder::commit() {
  const AttemptRecords batch(std::exchange(pending_, {}));
  pending_.reserve(batch_rows);
  due_ = TimePoint::max();
  const auto written = co_await deps_.deliveries.record(deps_.campaign, deps_.fence, batch);
  if (written) {
    failures_ = 0;
    const bool was_blocked = is_blocked();
    outage_.clear();
    deps_.on_committed(batch);
    if (was_blocked) deps_.on_change();
    co_return;
  }
  if (written.error().kind == ErrorKind::Conflict) {
    is_fenced_out_ = true;
    deps_.on_change();
    co_return;
  }
  ++failures_;
  outage_ = "The ledger cannot be written (" + written.error().message +
            "); sending has stopped and goes on by itself when it can.";
  if (failures_ == 1) {
    log_error("ledger_unwritable", {{"campaign", std::string_view(deps_.campaign_id)},
                                    {"error", std::string_view(written.error().message)},
                                    {"detail", std::string_view(written.error().detail)},
                                    {"records", static_cast<std::int64_t>(batch.size())}});
  }
  pending_.insert(pending_.begin(), batch.begin(), batch.end());
  due_ = deps_.clock.now();
  deps_.on_change();
  const TimePoint again_at = deps_.clock.now() + pause_after(failures_);
  while (!is_abandoned_ && deps_.clock.now() < again_at) co_await alarm_.sleep_until(again_at);
}

}  // namespace clarion
