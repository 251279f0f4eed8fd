#include "fakes/memory_audience_stores.h"

#include <algorithm>
#include <set>
#include <tuple>

#include "base/text.h"
#include "fakes/memory_ledger.h"

namespace clarion::testing {

Task<Result<void>> MemorySegmentStore::save(Segment segment) {
  co_await yield_once();
  const auto [entry, is_new] = segments_.try_emplace(segment.id, segment);
  if (!is_new) {
    entry->second.last_count = segment.last_count;
    entry->second.last_used_at = segment.last_used_at;
    if (segment.is_named) {
      entry->second.name = segment.name;
      entry->second.is_named = true;
    }
  }
  co_return Result<void>{};
}

Task<Result<Segment>> MemorySegmentStore::find(std::string id) {
  co_await yield_once();
  const auto found = segments_.find(id);
  if (found == segments_.end()) co_return fail(ErrorKind::NotFound, "there is no segment '" + id + "'");
  co_return found->second;
}

Task<Result<SegmentList>> MemorySegmentStore::list(std::size_t limit) {
  co_await yield_once();
  SegmentList list{.segments = {}, .total = static_cast<std::int64_t>(segments_.size())};
  for (const auto& [id, segment] : segments_) list.segments.push_back(segment);
  std::ranges::sort(list.segments, [](const Segment& a, const Segment& b) {
    return std::tie(b.is_named, b.last_used_at, a.id) < std::tie(a.is_named, a.last_used_at, b.id);
  });
  list.segments.resize(std::min(limit, list.segments.size()));
  co_return list;
}

Task<Result<StoredTemplate>> MemoryTemplateStore::save(StoredTemplate draft) {
  co_await yield_once();
  std::vector<StoredTemplate>& versions = versions_[{draft.name, draft.channel}];
  if (!versions.empty() && versions.back().definition == draft.definition) co_return versions.back();
  draft.version = static_cast<std::int32_t>(versions.size()) + 1;
  co_return versions.emplace_back(std::move(draft));
}

Task<Result<StoredTemplate>> MemoryTemplateStore::find(std::string name, Channel channel) {
  co_await yield_once();
  const auto found = versions_.find({name, channel});
  if (found == versions_.end()) {
    co_return fail(ErrorKind::NotFound,
                   "there is no " + std::string(to_string(channel)) + " template named '" + name + "'");
  }
  co_return found->second.back();
}

Task<Result<std::vector<StoredTemplate>>> MemoryTemplateStore::list() {
  co_await yield_once();
  std::vector<StoredTemplate> latest;
  for (const auto& [key, versions] : versions_) latest.push_back(versions.back());
  co_return latest;
}

Task<Result<std::vector<StoredTemplate>>> MemoryTemplateStore::list_versions(std::string name, Channel channel) {
  co_await yield_once();
  const auto found = versions_.find({name, channel});
  if (found == versions_.end()) co_return std::vector<StoredTemplate>{};
  co_return std::vector<StoredTemplate>(found->second.rbegin(), found->second.rend());
}

Task<Result<void>> MemorySuppressionStore::add(std::vector<Suppression> suppressions) {
  if (failure) co_return std::unexpected(*failure);
  co_await yield_once();
  for (Suppression& one : suppressions) suppressions_.try_emplace({one.channel, lower_case(one.address)}, one);
  co_return Result<void>{};
}

Task<Result<bool>> MemorySuppressionStore::remove(Release release) {
  co_await yield_once();
  co_return suppressions_.erase({release.channel, lower_case(release.address)}) > 0;
}

Task<Result<std::vector<Suppression>>> MemorySuppressionStore::find(Channel channel,
                                                                    std::vector<std::string> addresses) {
  if (find_failure) co_return std::unexpected(*find_failure);
  co_await yield_once();
  std::set<std::string> wanted;
  for (const std::string& address : addresses) wanted.insert(lower_case(address));
  std::vector<Suppression> found;
  for (const auto& [key, suppression] : suppressions_) {
    if (key.first == channel && wanted.contains(key.second)) found.push_back(suppression);
  }
  co_return found;
}

Task<Result<std::vector<Suppression>>> MemorySuppressionStore::list() {
  co_await yield_once();
  std::vector<Suppression> all;
  for (const auto& [key, suppression] : suppressions_) all.push_back(suppression);
  co_return all;
}

}  // namespace clarion::testing
