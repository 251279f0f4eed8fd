#include "store/work_runner.h"

#include <algorithm>
#include <span>
#include <utility>

#include "base/log.h"

namespace clarion {
namespace {

using std::chrono::seconds;

constexpr seconds long_poll{20};
constexpr Duration keep_every = std::chrono::milliseconds(500);
constexpr Duration look_for_room = std::chrono::milliseconds(200);
constexpr Duration depth_every = seconds(30);
// After receipts of which nothing could be used: another campaign's references lie in front, and do not go away by
// being asked for.
constexpr Duration first_pause = seconds(1);
constexpr Duration longest_pause = seconds(10);
constexpr seconds not_usable_for{60};  // before others receive what this worker has no room for
// How often units are read that nothing is known to have happened to, while the queue tells of what happens.
constexpr Duration slow_scan = seconds(10);
constexpr std::size_t announced_at_once = 100;  // by one of
constexpr std::size_t announcers = 8;

WorkSight sight_of(const LedgerUnit& unit, const std::string& worker) {
  const StateCounts& counts = unit.summary.counts;
  return {.has_waiting = counts.waiting > 0,
          .has_sending = counts.sending > 0,
          .is_mine = unit.owner == worker,
          .earliest_due = unit.summary.earliest_due,
          .version = unit.version};
}

}  // namespace

void WorkRunner::Decided::put_back_later(const HeldReference& reference, seconds delay) {
  put_back.push_back({.work = reference.work, .delay = delay});
  put_back_receipts.push_back(reference.receipt);
}

void WorkRunner::start(TakeUp take_up) {
  const auto executor = ledger_.database().executor();
  group_.spawn(executor, receive_all(std::move(take_up)));
  group_.spawn(executor, keep_all());
  group_.spawn(executor, watch_depth());
}

Task<void> WorkRunner::close() {
  group_.cancel();
  co_await group_.join();
  std::vector<std::string> receipts;
  for (HeldReference& reference : ledger_.held_work().all()) {
    ledger_.held_work().drop(reference.work);
    receipts.push_back(std::move(reference.receipt));
  }
  if (!receipts.empty()) note(co_await queue_.give_back(std::move(receipts)));
}

void WorkRunner::announce(CampaignNumber campaign) {
  group_.spawn(ledger_.database().executor(), announce_now(campaign));
}

WorkStatus WorkRunner::status() const {
  const std::lock_guard guard(mutex_);
  return status_;
}

bool WorkRunner::note(const Result<void>& result) {
  const std::lock_guard guard(mutex_);
  if (!result && status_.outage.empty()) {
    log_warn("work_queue_out", {{"error", std::string_view(result.error().message)},
                                {"meanwhile", "work is found in the ledger; nothing waits for the queue"}});
  }
  if (result && !status_.outage.empty()) log_info("work_queue_back");
  status_.outage = result ? "" : result.error().message;
  ledger_.set_scan_every(result ? slow_scan : DynamoLedger::usual_scan);
  if (!result) tells_of_work_ = false;
  return result.has_value();
}

void WorkRunner::count_held() {
  const std::lock_guard guard(mutex_);
  status_.references_held = static_cast<std::int64_t>(ledger_.held_work().size());
}

Task<void> WorkRunner::watch_depth() {
  for (;;) {
    const auto depth = co_await queue_.depth();
    if (depth) {
      note({});
      const std::lock_guard guard(mutex_);
      status_.depth = *depth;
    } else {
      note(std::unexpected(depth.error()));
    }
    co_await ledger_.database().clock().sleep_for(depth_every);
  }
}

Task<void> WorkRunner::receive_all(TakeUp take_up) {
  Clock& clock = ledger_.database().clock();
  Duration pause{};
  for (;;) {
    if (ledger_.held_work().room(clock.now()) == 0) {
      tells_of_work_ = false;
      co_await clock.sleep_for(look_for_room);
      continue;
    }
    const bool is_of_use = co_await receive(take_up, long_poll);
    pause = is_of_use ? Duration::zero() : std::clamp(2 * pause, first_pause, longest_pause);
    if (pause == Duration::zero()) continue;
    tells_of_work_ = false;
    co_await clock.sleep_for(pause);
  }
}

Task<bool> WorkRunner::receive(const TakeUp& take_up, seconds wait) {
  const TimePoint now = ledger_.database().clock().now();
  const std::size_t most = std::clamp<std::size_t>(ledger_.held_work().room(now), 1, WorkQueue::most_at_once);
  tells_of_work_ = status().outage.empty();
  auto received = co_await queue_.receive(most, wait);
  if (!received) {
    note(std::unexpected(received.error()));
    co_return false;
  }
  if (received->empty()) {
    tells_of_work_ = note({});
    co_return true;
  }
  bool is_of_use = false;
  Decided decided;
  for (HeldReference& reference : *received) {
    if (co_await take_in(take_up, std::move(reference), decided)) is_of_use = true;
  }
  co_await carry_out(std::move(decided));
  tells_of_work_ = note({}) && is_of_use;
  co_return is_of_use;
}

Task<bool> WorkRunner::take_in(const TakeUp& take_up, HeldReference reference, Decided& decided) {
  const WorkReference work = reference.work;
  HeldWork& held = ledger_.held_work();
  if (held.holds(work)) {
    decided.finished.push_back(std::move(reference.receipt));
    co_return false;
  }
  const auto is_sent_here = co_await take_up(work.campaign);
  const auto campaign = is_sent_here ? co_await ledger_.campaign(work.campaign)
                                     : Result<LedgerCampaignPtr>(std::unexpect, is_sent_here.error());
  if (!campaign) {
    if (campaign.error().kind == ErrorKind::NotFound) decided.finished.push_back(std::move(reference.receipt));
    // By a new message, for an outage of the ledger must not put references aside as if they were broken.
    if (campaign.error().kind == ErrorKind::Unavailable) decided.put_back_later(reference, not_usable_for);
    co_return false;
  }
  if (!*is_sent_here || !(*campaign)->is_planned) {
    decided.finished.push_back(std::move(reference.receipt));
    co_return false;
  }
  if (const auto loaded = co_await ledger_.load_units(*campaign, Duration::max()); !loaded) {
    decided.put_back_later(reference, not_usable_for);
    co_return false;
  }
  const auto found = (*campaign)->units.find({index_of(work.channel), work.chunk});
  if (found == (*campaign)->units.end()) {
    decided.finished.push_back(std::move(reference.receipt));
    co_return false;
  }
  // Whoever announced it may know more of it than we do. What cannot be read at all is left to the queue, which puts
  // aside what comes back too often.
  if (const auto read = co_await ledger_.read_unit(*campaign, found->second); !read) co_return false;
  Clock& clock = ledger_.database().clock();
  const WorkVerdict verdict =
      held.judge(work, sight_of(found->second, ledger_.worker().name()), clock.now(), clock.wall_now());
  if (verdict.kind == WorkVerdict::Kind::Finish) {
    decided.finished.push_back(std::move(reference.receipt));
  } else if (verdict.kind == WorkVerdict::Kind::PutBack) {
    decided.put_back_later(reference, verdict.delay);
  } else if (!held.has_room_for(work, clock.now())) {
    decided.put_back_later(reference, not_usable_for);
  } else {
    co_return held.hold(std::move(reference), clock.now());
  }
  co_return false;
}

Task<void> WorkRunner::keep_all() {
  for (;;) {
    co_await keep();
    co_await ledger_.database().clock().sleep_for(keep_every);
  }
}

Task<void> WorkRunner::keep() {
  HeldWork& held = ledger_.held_work();
  Clock& clock = ledger_.database().clock();
  Decided decided;
  for (const HeldReference& reference : held.all()) {
    const WorkReference& work = reference.work;
    const LedgerUnit* unit = ledger_.find_unit(work.campaign, index_of(work.channel), work.chunk);
    const WorkSight sight = unit == nullptr ? WorkSight{} : sight_of(*unit, ledger_.worker().name());
    const WorkVerdict verdict = held.judge(work, sight, clock.now(), clock.wall_now());
    if (verdict.kind == WorkVerdict::Kind::Keep) continue;
    // Let go of first: what the queue is not told now it finds out when nobody extends the reference.
    held.drop(work);
    if (verdict.kind == WorkVerdict::Kind::Finish) {
      decided.finished.push_back(reference.receipt);
    } else {
      decided.put_back_later(reference, verdict.delay);
    }
  }
  co_await carry_out(std::move(decided));
  const std::vector<std::string> due = held.take_due_for_extension(clock.now());
  std::vector<Result<void>> extended;
  if (!due.empty()) extended = co_await queue_.extend(due);
  for (std::size_t i = 0; i < extended.size(); ++i) {
    if (extended[i]) continue;
    if (extended[i].error().kind == ErrorKind::Conflict) {
      held.drop_receipt(due[i]);
    } else {
      note(std::unexpected(extended[i].error()));
    }
  }
  count_held();
}

Task<void> WorkRunner::carry_out(Decided decided) {
  if (!decided.put_back.empty()) {
    // Announced before the old message goes: between the two there are two of them, which is better than none. A new
    // message, because its receipts count from nothing: one that is put back often is not broken.
    const auto announced = co_await queue_.announce(std::move(decided.put_back));
    if (note(announced)) std::ranges::move(decided.put_back_receipts, std::back_inserter(decided.finished));
  }
  if (!decided.finished.empty()) note(co_await queue_.finish(std::move(decided.finished)));
}

Task<void> WorkRunner::announce_now(CampaignNumber number) {
  const auto campaign = co_await ledger_.campaign(number);
  if (!campaign) co_return;
  if (const auto loaded = co_await ledger_.load_units(*campaign, slow_scan); !loaded) co_return;
  const WallTime now = ledger_.database().clock().wall_now();
  std::vector<Announcement> all;
  for (const auto& [key, unit] : (*campaign)->units) {
    if (key.first >= channel_count || unit.summary.counts.waiting == 0) continue;
    const auto delay = std::chrono::ceil<seconds>(unit.summary.earliest_due.value_or(now) - now);
    all.push_back({.work = {.campaign = number, .channel = all_channels.at(key.first), .chunk = key.second},
                   .delay = std::clamp(delay, seconds(0), WorkQueue::longest_delay)});
  }
  const auto announce_slice = [&](std::size_t i) -> Task<Result<void>> {
    const auto slice =
        std::span(all).subspan(i * announced_at_once, std::min(announced_at_once, all.size() - i * announced_at_once));
    return queue_.announce(std::vector<Announcement>(slice.begin(), slice.end()));
  };
  const std::size_t slices = (all.size() + announced_at_once - 1) / announced_at_once;
  note(co_await ledger_.database().for_each(slices, announcers, announce_slice));
}

}  // namespace clarion
