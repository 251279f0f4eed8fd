#include "store/dynamo_plan_lease.h"

#include <utility>

namespace clarion {
namespace {

DynamoItem key_of_plan_lease() {
  return dynamo_key("planning", "lease");
}

}  // namespace

Task<Result<bool>> DynamoPlanLease::write(const std::string& campaign_id, DynamoCondition condition) {
  DynamoItem item = key_of_plan_lease();
  item.emplace("worker", worker_.name());
  item.emplace("instance", worker_.instance());
  item.emplace("campaign", campaign_id);
  const auto wrote =
      co_await database_.client().put_item(database_.tables().campaigns, std::move(item), std::move(condition));
  if (!wrote) co_return std::unexpected(wrote.error());
  // A repeat that was refused may have refused itself; the next call finds out.
  co_return wrote->is_applied;
}

Task<Result<std::optional<std::string>>> DynamoPlanLease::take_here(std::string campaign_id) {
  // Two campaigns of this process are told apart here, so that the item need only name the process.
  if (holder_ && *holder_ != campaign_id) co_return holder_;
  if (const auto alive = co_await worker_.keep_alive(); !alive) co_return std::unexpected(alive.error());
  const auto found = co_await database_.client().get_item(database_.tables().campaigns, key_of_plan_lease());
  if (!found) co_return std::unexpected(found.error());
  DynamoCondition condition{"attribute_not_exists(#pk)", {}};
  if (*found) {
    const std::string worker = text_of(**found, "worker");
    const std::string instance = text_of(**found, "instance");
    if (worker != worker_.name()) {
      const auto is_dead = co_await worker_.is_dead(worker);
      if (!is_dead) co_return std::unexpected(is_dead.error());
      if (!*is_dead) co_return text_of(**found, "campaign");
    }
    condition = {"#worker = :worker AND #instance = :instance", {{":worker", worker}, {":instance", instance}}};
  }
  // Between the reads above somebody of this process may have been faster.
  if (holder_ && *holder_ != campaign_id) co_return holder_;
  holder_ = campaign_id;
  const auto is_ours = co_await write(campaign_id, std::move(condition));
  if (is_ours && *is_ours) co_return std::optional<std::string>();
  if (holder_ == campaign_id) holder_.reset();
  if (!is_ours) co_return std::unexpected(is_ours.error());
  co_return std::optional<std::string>("another campaign");
}

Task<Result<void>> DynamoPlanLease::give_back_here(std::string campaign_id) {
  if (holder_ != campaign_id) co_return Result<void>();
  holder_.reset();
  const auto gone = co_await database_.client().delete_item(
      database_.tables().campaigns, key_of_plan_lease(),
      {"#worker = :worker AND #instance = :instance AND #campaign = :campaign",
       {{":worker", worker_.name()}, {":instance", worker_.instance()}, {":campaign", campaign_id}}});
  if (!gone) co_return std::unexpected(gone.error());
  co_return Result<void>();
}

Task<Result<std::optional<std::string>>> DynamoPlanLease::take(std::string campaign_id) {
  return database_.run(take_here(std::move(campaign_id)));
}

Task<void> DynamoPlanLease::give_back(std::string campaign_id) {
  // Whoever comes next takes over what this process, or its death, has left.
  (void)co_await database_.run(give_back_here(std::move(campaign_id)));
}

}  // namespace clarion
