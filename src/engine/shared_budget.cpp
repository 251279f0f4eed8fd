#include "engine/shared_budget.h"

#include <algorithm>

#include "base/log.h"

namespace clarion {
namespace {

using namespace std::chrono_literals;

constexpr Duration look_at_book_every = 250ms;
constexpr Duration wait_for_others = 1s;
// What the ledger of deliveries shows may be a second old; the book must not have changed in the meantime.
constexpr Duration until_it_shows = 3s;
constexpr std::int64_t least_slices = 8;    // of a budget, so that several can send to its end
constexpr std::int64_t most_slices = 100;   // each costs a write
constexpr std::int64_t looks_in_slice = 6;  // a slice lasts for 1.5 s
constexpr int most_draws = 5;               // when others write too

Money held_by(const BudgetBook& book, const BudgetShare& but, bool alive_only) {
  Money sum;
  for (const BudgetShare& share : book.shares) {
    if (share.worker != but.worker && (share.is_alive || !alive_only)) sum += share.held;
  }
  return sum;
}

Money spent_by(const BudgetBook& book) {
  Money sum = book.before;
  for (const BudgetShare& share : book.shares) sum += share.spent;
  return sum;
}

}  // namespace

Task<void> SharedBudget::run() {
  while (!is_stopping_ && !deps_.budget.is_reached()) {
    Draw drawn = Draw::Again;
    for (int tries = 0; drawn == Draw::Again && tries < most_draws && !is_stopping_; ++tries) drawn = co_await draw();
    if (is_stopping_) co_return;
    co_await alarm_.sleep_until(deps_.clock.now() + (drawn == Draw::Done ? look_at_book_every : wait_for_others));
  }
}

void SharedBudget::stop() {
  is_stopping_ = true;
  alarm_.ring();
}

BudgetShare& SharedBudget::my_share(BudgetBook& book) const {
  const std::string worker = deps_.ledger.worker();
  const auto found = std::ranges::find(book.shares, worker, &BudgetShare::worker);
  if (found != book.shares.end()) return *found;
  return book.shares.emplace_back(BudgetShare{.worker = worker});
}

Money SharedBudget::slice() {
  const Money spent = deps_.budget.spent();
  const std::int64_t cap = deps_.budget.cap()->micros;
  const std::int64_t needed = (spent - spent_at_draw_).micros * looks_in_slice;
  spent_at_draw_ = spent;
  return std::max(Money{std::clamp(needed, cap / most_slices, std::max(cap / least_slices, cap / most_slices))},
                  deps_.budget.short_of());
}

Task<SharedBudget::Draw> SharedBudget::draw() {
  Budget& budget = deps_.budget;
  const Money wanted = slice();
  if (is_open_ && !budget.is_short() && budget.left() * 2 > wanted) co_return Draw::Done;
  auto book = co_await deps_.ledger.read(deps_.campaign);
  if (!book) co_return Draw::Wait;
  if (book->version == 0) {
    const auto committed = co_await deps_.committed();
    if (!committed) co_return Draw::Wait;
    book->before = *committed;
  }
  BudgetShare& mine = my_share(*book);
  const BudgetShare as_written = mine;
  // What an earlier run in this process held and could not give back may have been spent.
  if (!is_open_) spent_before_ = mine.spent + mine.held;
  mine.spent = spent_before_ + budget.spent();
  mine.held = budget.reserved() + budget.left();
  const Money room = *budget.cap() - spent_by(*book) - held_by(*book, mine, false) - mine.held;
  const Money granted = std::clamp(wanted - budget.left(), Money{}, std::max(Money{}, room));
  const bool is_enough = !budget.is_short() || budget.left() + granted >= budget.short_of();
  if (!is_enough) {
    budget.give_up_rest();
    mine.held = budget.reserved();
    const bool is_the_end = is_open_ && mine.held == Money{} && held_by(*book, mine, true) == Money{};
    if (is_the_end) co_return co_await settle_the_end(std::move(*book));
    // Nothing new to say: another version would only be in the way of whoever settles the end.
    if (is_open_ && as_written.spent == mine.spent && as_written.held == mine.held) co_return Draw::Wait;
  }
  const auto written = co_await write(std::move(*book), is_enough ? granted : Money{});
  if (!written) co_return Draw::Wait;
  if (!*written) co_return Draw::Again;
  co_return is_enough ? Draw::Done : Draw::Wait;
}

Task<SharedBudget::Draw> SharedBudget::settle_the_end(BudgetBook book) {
  co_await alarm_.sleep_until(deps_.clock.now() + until_it_shows);
  const auto committed = co_await deps_.committed();
  if (is_stopping_ || !committed) co_return Draw::Wait;
  std::erase_if(book.shares, [](const BudgetShare& share) { return !share.is_alive; });
  Money spent_by_shares;
  for (const BudgetShare& share : book.shares) spent_by_shares += share.spent;
  book.before = *committed - spent_by_shares;
  const bool is_over = *deps_.budget.cap() - *committed < deps_.budget.short_of();
  const auto written = co_await write(std::move(book), Money{});
  if (!written) co_return Draw::Wait;
  if (!*written || !is_over) co_return Draw::Again;
  deps_.budget.reach(*committed);
  deps_.on_change();
  co_return Draw::Done;
}

Task<Result<bool>> SharedBudget::write(BudgetBook book, Money granted) {
  my_share(book).held += granted;
  auto written = co_await deps_.ledger.write(deps_.campaign, std::move(book));
  if (written && *written) {
    is_open_ = true;
    if (granted > Money{}) {
      deps_.budget.grant(granted);
      deps_.on_change();
    }
  }
  co_return written;
}

Task<void> SharedBudget::close() {
  if (!is_open_) co_return;
  Budget& budget = deps_.budget;
  for (int tries = 0; tries < most_draws; ++tries) {
    auto book = co_await deps_.ledger.read(deps_.campaign);
    if (!book) continue;
    BudgetShare& mine = my_share(*book);
    const BudgetShare as_written = mine;
    // What is still reserved was not recorded, and may have been sent.
    mine.spent = spent_before_ + budget.spent() + budget.reserved();
    mine.held = Money{};
    const auto written = co_await deps_.ledger.write(deps_.campaign, std::move(*book));
    if (written && *written) co_return;
  }
  log_warn("budget_not_given_back", {{"worker", std::string_view(deps_.ledger.worker())}});
}

}  // namespace clarion
