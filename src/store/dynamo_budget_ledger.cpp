#include "store/dynamo_budget_ledger.h"

#include <string_view>
#include <utility>

namespace clarion {
namespace {

constexpr std::string_view spent = "spent_";
constexpr std::string_view held = "held_";
constexpr char between = '#';  // name and instance, which has none

DynamoItem key_of_book(CampaignNumber campaign) {
  return dynamo_key("budget#" + key_of(static_cast<std::uint32_t>(campaign)), "book");
}

}  // namespace

std::string DynamoBudgetLedger::worker() const {
  return worker_.name() + between + worker_.instance();
}

Task<Result<BudgetBook>> DynamoBudgetLedger::read(CampaignNumber campaign) {
  return database_.run(read_at_home(campaign));
}

Task<Result<bool>> DynamoBudgetLedger::write(CampaignNumber campaign, BudgetBook book) {
  return database_.run(write_at_home(campaign, std::move(book)));
}

Task<Result<BudgetBook>> DynamoBudgetLedger::read_at_home(CampaignNumber campaign) {
  const auto item = co_await database_.client().get_item(database_.tables().campaigns, key_of_book(campaign));
  if (!item) co_return std::unexpected(item.error());
  BudgetBook book;
  if (!*item) co_return book;
  book.version = number_of(**item, "version");
  book.before = Money{number_of(**item, "before")};
  for (const auto& [name, value] : **item) {
    if (!name.starts_with(spent)) continue;
    BudgetShare share{.worker = name.substr(spent.size())};
    share.spent = Money{number_of(**item, name)};
    share.held = Money{number_of(**item, std::string(held) + share.worker)};
    const std::size_t at = share.worker.rfind(between);
    const auto alive = co_await worker_.is_alive(share.worker.substr(0, at), share.worker.substr(at + 1));
    if (!alive) co_return std::unexpected(alive.error());
    share.is_alive = *alive;
    book.shares.push_back(std::move(share));
  }
  co_return book;
}

Task<Result<bool>> DynamoBudgetLedger::write_at_home(CampaignNumber campaign, BudgetBook book) {
  DynamoItem item = key_of_book(campaign);
  item.emplace("version", book.version + 1);
  item.emplace("before", book.before.micros);
  for (const BudgetShare& share : book.shares) {
    item.emplace(std::string(spent) + share.worker, share.spent.micros);
    item.emplace(std::string(held) + share.worker, share.held.micros);
  }
  DynamoCondition condition{"attribute_not_exists(#version)"};
  if (book.version > 0) condition = {"#version = :version", {{":version", book.version}}};
  const auto wrote =
      co_await database_.client().put_item(database_.tables().campaigns, std::move(item), std::move(condition));
  if (!wrote) co_return std::unexpected(wrote.error());
  // A repeat that was refused may have refused itself; the caller reads the book again and sees.
  co_return wrote->is_applied;
}

}  // namespace clarion
