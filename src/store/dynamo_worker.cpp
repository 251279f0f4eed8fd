#include "store/dynamo_worker.h"

#include <utility>

#include "base/log.h"

namespace clarion {
namespace {

constexpr Duration renewal = DynamoWorker::lease / 3;
constexpr Duration look_at_peers_again = std::chrono::seconds(1);

DynamoItem key_of_worker(const std::string& name) {
  return dynamo_key("worker#" + key_of(name), "lease");
}

std::unexpected<Error> declared_dead(const std::string& name) {
  return fail(ErrorKind::Conflict, "worker '" + name +
                                       "' was silent for too long, or was started again elsewhere, and others have "
                                       "taken over; this process must stop sending");
}

}  // namespace

DynamoWorker::DynamoWorker(DynamoDatabase& database, std::string name, std::string instance)
    : database_(database), name_(std::move(name)), instance_(std::move(instance)) {}

Task<Result<void>> DynamoWorker::keep_alive() {
  if (is_declared_dead_) co_return declared_dead(name_);
  Clock& clock = database_.clock();
  if (beat_ > 0 && clock.now() - renewed_at_ < renewal) co_return Result<void>();
  while (is_renewing_) co_await renewals_.wait();
  if (is_declared_dead_) co_return declared_dead(name_);
  if (beat_ > 0 && clock.now() - renewed_at_ < renewal) co_return Result<void>();
  is_renewing_ = true;
  auto renewed = co_await renew();
  is_renewing_ = false;
  renewals_.wake_all();
  // A renewal that failed does no harm while the lease before it is good for long enough.
  const bool is_good = beat_ > 0 && !is_declared_dead_ && clock.now() - renewed_at_ < 2 * renewal;
  if (!renewed && is_good) co_return Result<void>();
  co_return renewed;
}

Task<Result<void>> DynamoWorker::renew() {
  const TimePoint began = database_.clock().now();
  const std::string& table = database_.tables().campaigns;
  if (beat_ == 0) {
    DynamoItem item = key_of_worker(name_);
    item.emplace("instance", instance_);
    item.emplace("beat", std::int64_t{1});
    const auto put = co_await database_.client().put_item(table, std::move(item));
    if (!put) co_return std::unexpected(put.error());
    beat_ = 1;
    renewed_at_ = began;
    co_return Result<void>();
  }
  const auto wrote = co_await database_.client().update_item(
      {.table = table,
       .key = key_of_worker(name_),
       .update = "SET #beat = :next",
       .condition = {"#instance = :instance AND #beat = :beat", {{":instance", instance_}, {":beat", beat_}}},
       .values = {{":next", beat_ + 1}}});
  if (!wrote) co_return std::unexpected(wrote.error());
  if (!wrote->is_applied) {
    // An earlier call, or attempt, may have raised it without our hearing of it.
    const auto item = co_await database_.client().get_item(table, key_of_worker(name_));
    if (!item) co_return std::unexpected(item.error());
    if (!*item || text_of(**item, "instance") != instance_) {
      is_declared_dead_ = true;
      log_error("worker_declared_dead", {{"worker", std::string_view(name_)}});
      co_return declared_dead(name_);
    }
    beat_ = number_of(**item, "beat");
  } else {
    ++beat_;
  }
  renewed_at_ = began;
  co_return Result<void>();
}

Task<Result<void>> DynamoWorker::check() {
  if (is_declared_dead_) co_return declared_dead(name_);
  const auto item = co_await database_.client().get_item(database_.tables().campaigns, key_of_worker(name_));
  if (!item) co_return std::unexpected(item.error());
  if (*item && text_of(**item, "instance") == instance_) co_return Result<void>();
  if (beat_ == 0) co_return Result<void>();  // it has no lease yet to lose
  is_declared_dead_ = true;
  co_return declared_dead(name_);
}

Task<Result<bool>> DynamoWorker::is_dead(std::string name) {
  if (name == name_) co_return is_declared_dead_;
  Clock& clock = database_.clock();
  const std::string& table = database_.tables().campaigns;
  if (const auto known = seen_.find(name);
      known != seen_.end() && clock.now() - known->second.read_at < look_at_peers_again) {
    co_return known->second.is_gone;
  }
  const auto item = co_await database_.client().get_item(table, key_of_worker(name));
  if (!item) co_return std::unexpected(item.error());
  const TimePoint now = clock.now();
  Seen& seen = seen_[name];
  seen.read_at = now;
  seen.is_gone = !item->has_value();
  if (seen.is_gone) co_return true;
  const std::int64_t beat = number_of(**item, "beat");
  const std::string instance = text_of(**item, "instance");
  if (seen.beat != beat || seen.instance != instance) {
    seen.beat = beat;
    seen.instance = instance;
    seen.since = now;
  }
  if (now - seen.since < lease) co_return false;
  const auto gone = co_await database_.client().delete_item(
      table, key_of_worker(name),
      {"#instance = :instance AND #beat = :beat", {{":instance", instance}, {":beat", beat}}});
  if (!gone) co_return std::unexpected(gone.error());
  if (!gone->is_applied && !gone->is_repeat) co_return false;  // it has just shown that it lives
  log_warn("worker_declared_dead", {{"worker", std::string_view(name)}});
  seen_[name].is_gone = true;
  co_return true;
}

Task<Result<bool>> DynamoWorker::is_alive(std::string name, std::string instance) {
  if (name == name_) co_return instance == instance_ && !is_declared_dead_;
  const auto dead = co_await is_dead(name);
  if (!dead) co_return std::unexpected(dead.error());
  co_return !*dead && seen_[name].instance == instance;
}

Task<void> DynamoWorker::run() {
  for (;;) {
    if (const auto kept = co_await keep_alive(); !kept) {
      log_warn("worker_lease",
               {{"worker", std::string_view(name_)}, {"error", std::string_view(kept.error().message)}});
      if (is_declared_dead_) co_return;
    }
    co_await database_.clock().sleep_for(renewal / 2);
  }
}

Task<Result<void>> DynamoWorker::end() {
  if (beat_ == 0 || is_declared_dead_) co_return Result<void>();
  const auto gone = co_await database_.client().delete_item(database_.tables().campaigns, key_of_worker(name_),
                                                            {"#instance = :instance", {{":instance", instance_}}});
  if (!gone) co_return std::unexpected(gone.error());
  beat_ = 0;
  co_return Result<void>();
}

}  // namespace clarion
