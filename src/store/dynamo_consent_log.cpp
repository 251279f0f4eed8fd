#include "store/dynamo_consent_log.h"

#include <fmt/format.h>

#include <map>
#include <utility>

#include "base/hash.h"

namespace clarion {
namespace {

constexpr std::string_view partition_prefix = "consent#";

// What one item holds: entries of one subject that were recorded at once. Each has its number behind the names.
struct Group {
  DynamoItem item;
  std::int64_t count = 0;
  std::uint64_t hash = 0;
};

void add(Group& group, const ConsentEntry& entry) {
  const std::string number = std::to_string(group.count++);
  const auto put = [&](std::string name, DynamoValue value) { group.item.emplace(name + number, std::move(value)); };
  put("channel", std::string(to_string(entry.channel)));
  put("event", static_cast<std::int64_t>(entry.event));
  if (!entry.reason.empty()) put("reason", dynamo_text(entry.reason));
  if (!entry.source.empty()) put("source", dynamo_text(entry.source));
  if (entry.at) put("at", milliseconds_of(*entry.at));
  const std::string content =
      fmt::format("{}\n{}\n{}\n{}\n{}", group.hash, to_string(entry.channel), to_string(entry.event), entry.reason,
                  entry.at ? milliseconds_of(*entry.at) : -1);
  group.hash = hash64(content + "\n" + entry.source);
}

Task<Result<void>> append_entries(DynamoDatabase& database, std::vector<ConsentEntry> entries) {
  std::map<std::pair<std::string, std::int64_t>, Group> groups;
  for (const ConsentEntry& entry : entries) {
    const std::int64_t recorded_at = entry.recorded_at ? milliseconds_of(*entry.recorded_at) : 0;
    add(groups[{entry.subject, recorded_at}], entry);
  }
  std::vector<DynamoItem> items;
  items.reserve(groups.size());
  for (auto& [key, group] : groups) {
    const auto& [subject, recorded_at] = key;
    DynamoItem item = dynamo_key(std::string(partition_prefix) + key_of(subject),
                                 fmt::format("{:013}#{:016x}", recorded_at, group.hash));
    item.merge(group.item);
    item.emplace("entries", group.count);
    if (recorded_at != 0) item.emplace("recorded_at", recorded_at);
    items.push_back(std::move(item));
  }
  co_return co_await database.client().batch_put(database.tables().campaigns, std::move(items));
}

std::optional<WallTime> optional_time(const DynamoItem& item, const std::string& name) {
  const auto milliseconds = find_number(item, name);
  if (!milliseconds) return std::nullopt;
  return wall_time_of(*milliseconds);
}

void read(const DynamoItem& item, const std::string& subject, std::vector<ConsentEntry>& found) {
  for (std::int64_t i = 0; i < number_of(item, "entries"); ++i) {
    const std::string number = std::to_string(i);
    const auto channel = parse_channel(text_of(item, "channel" + number));
    const auto event = number_of(item, "event" + number);
    // A kind that only a newer version knows.
    if (!channel || event < 0 || event > std::to_underlying(ConsentEvent::Released)) continue;
    found.push_back({.subject = subject,
                     .channel = *channel,
                     .event = static_cast<ConsentEvent>(event),
                     .reason = text_or_bytes(item, "reason" + number),
                     .source = text_or_bytes(item, "source" + number),
                     .at = optional_time(item, "at" + number),
                     .recorded_at = optional_time(item, "recorded_at")});
  }
}

Task<Result<std::vector<ConsentEntry>>> list_entries(DynamoDatabase& database, std::vector<std::string> subjects) {
  std::vector<ConsentEntry> found;
  for (const std::string& subject : subjects) {
    const auto items =
        co_await database.partition(database.tables().campaigns, std::string(partition_prefix) + key_of(subject));
    if (!items) co_return std::unexpected(items.error());
    for (const DynamoItem& item : *items) read(item, subject, found);
  }
  co_return found;
}

}  // namespace

Task<Result<void>> DynamoConsentLog::append(std::vector<ConsentEntry> entries) {
  return database_.run(append_entries(database_, std::move(entries)));
}

Task<Result<std::vector<ConsentEntry>>> DynamoConsentLog::list(std::vector<std::string> subjects) {
  return database_.run(list_entries(database_, std::move(subjects)));
}

}  // namespace clarion
