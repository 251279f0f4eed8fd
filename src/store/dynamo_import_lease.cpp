#include "store/dynamo_import_lease.h"

namespace clarion {
namespace {

constexpr Duration renewal = DynamoImportLease::lease / 10;
constexpr Duration look_again = std::chrono::seconds(1);

DynamoItem key_of_import_lease() {
  return dynamo_key("contacts", "import");
}

DynamoCondition is_held_as(const std::string& instance, std::int64_t beat) {
  return {"#instance = :instance AND #beat = :beat", {{":instance", instance}, {":beat", beat}}};
}

std::unexpected<Error> is_taken() {
  return fail(ErrorKind::Conflict, "another import into the contacts table is under way; wait for its end");
}

}  // namespace

Task<Result<void>> DynamoImportLease::take_here() {
  Clock& clock = database_.clock();
  const std::string& table = database_.tables().contacts;
  std::string holder;
  std::int64_t beat = 0;
  TimePoint since = clock.now();
  for (;;) {
    const TimePoint now = clock.now();
    const auto found = co_await database_.client().get_item(table, key_of_import_lease());
    if (!found) co_return std::unexpected(found.error());
    DynamoCondition condition{"attribute_not_exists(#pk)", {}};
    if (*found) {
      const std::string instance = text_of(**found, "instance");
      const std::int64_t its_beat = number_of(**found, "beat");
      const bool is_first_look = beat == 0;
      if (!is_first_look && (instance != holder || its_beat != beat)) co_return is_taken();
      if (is_first_look) since = now;
      holder = instance;
      beat = its_beat;
      if (now - since < lease) {
        co_await clock.sleep_for(look_again);
        continue;
      }
      condition = is_held_as(holder, beat);
    }
    DynamoItem item = key_of_import_lease();
    item.emplace("instance", instance_);
    item.emplace("beat", std::int64_t{1});
    const auto wrote = co_await database_.client().put_item(table, std::move(item), std::move(condition));
    if (!wrote) co_return std::unexpected(wrote.error());
    if (!wrote->is_applied) {
      // A repeat may have been refused because the attempt before it was not.
      const auto there = co_await database_.client().get_item(table, key_of_import_lease());
      if (!there) co_return std::unexpected(there.error());
      if (!*there || text_of(**there, "instance") != instance_) co_return is_taken();
    }
    beat_ = 1;
    renewed_at_ = now;
    co_return Result<void>();
  }
}

Task<Result<void>> DynamoImportLease::keep_here() {
  Clock& clock = database_.clock();
  const TimePoint now = clock.now();
  if (now - renewed_at_ < renewal) co_return Result<void>();
  const std::string& table = database_.tables().contacts;
  const auto wrote = co_await database_.client().update_item({.table = table,
                                                              .key = key_of_import_lease(),
                                                              .update = "SET #beat = :next",
                                                              .condition = is_held_as(instance_, beat_),
                                                              .values = {{":next", beat_ + 1}}});
  if (!wrote) co_return std::unexpected(wrote.error());
  if (wrote->is_applied) {
    ++beat_;
  } else {
    // An attempt that seemed to fail may have raised it.
    const auto there = co_await database_.client().get_item(table, key_of_import_lease());
    if (!there) co_return std::unexpected(there.error());
    if (!*there || text_of(**there, "instance") != instance_) {
      co_return fail(ErrorKind::Conflict,
                     "this import stood still for too long and another one has taken over; run it again");
    }
    beat_ = number_of(**there, "beat");
  }
  renewed_at_ = now;
  co_return Result<void>();
}

Task<Result<void>> DynamoImportLease::give_back_here() {
  const auto gone = co_await database_.client().delete_item(database_.tables().contacts, key_of_import_lease(),
                                                            {"#instance = :instance", {{":instance", instance_}}});
  if (!gone) co_return std::unexpected(gone.error());
  co_return Result<void>();
}

Task<Result<void>> DynamoImportLease::take() {
  return database_.run(take_here());
}

Task<Result<void>> DynamoImportLease::keep() {
  return database_.run(keep_here());
}

Task<Result<void>> DynamoImportLease::give_back() {
  return database_.run(give_back_here());
}

}  // namespace clarion
