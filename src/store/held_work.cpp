#include "store/held_work.h"

#include <algorithm>
#include <iterator>
#include <ranges>
#include <utility>

#include "store/unit_rows.h"

namespace clarion {
namespace {

using std::chrono::seconds;

constexpr Duration want_lasts = seconds(5);  // after a claim
constexpr std::size_t least_bound = 2;
constexpr std::size_t most_bound = 16;
constexpr std::size_t claims_a_bound = 40;  // a claim at full speed is for 50 ms: these are for two seconds
constexpr Duration extend_after = WorkQueue::holding / 4;
constexpr Duration patience = seconds(60);
constexpr seconds put_back_for{60};
constexpr seconds soon{10};  // what is due by then is waited for

}  // namespace

void HeldWork::note_claim(CampaignNumber campaign, Channel channel, std::size_t rows, TimePoint now) {
  Want& want = wants_[{campaign, channel}];
  // Claims that only fill up say little, so the largest counts until the channel pauses.
  want.rows = now - want.at > want_lasts ? rows : std::max(want.rows, rows);
  want.at = now;
  std::erase_if(wants_, [now](const auto& entry) { return now - entry.second.at > want_lasts; });
}

std::size_t HeldWork::count(ChannelOfCampaign of) const {
  const auto first = held_.lower_bound({.campaign = of.first, .channel = of.second, .chunk = 0});
  const auto last = std::find_if(first, held_.end(), [&](const auto& entry) {
    return std::pair(entry.first.campaign, entry.first.channel) != of;
  });
  return static_cast<std::size_t>(std::distance(first, last));
}

std::size_t HeldWork::bound(const Want& want) {
  return std::clamp(1 + (want.rows * claims_a_bound + chunk_rows - 1) / chunk_rows, least_bound, most_bound);
}

std::size_t HeldWork::room(TimePoint now) const {
  std::size_t room = 0;
  bool is_sending = false;
  for (const auto& [of, want] : wants_) {
    if (now - want.at > want_lasts) continue;
    is_sending = true;
    room += bound(want) - std::min(bound(want), count(of));
  }
  if (!is_sending) room = least_bound - std::min(least_bound, held_.size());
  return room;
}

bool HeldWork::has_room_for(const WorkReference& work, TimePoint now) const {
  const ChannelOfCampaign of{work.campaign, work.channel};
  const auto want = wants_.find(of);
  const bool is_wanted = want != wants_.end() && now - want->second.at <= want_lasts;
  return count(of) < (is_wanted ? bound(want->second) : least_bound);
}

bool HeldWork::hold(HeldReference reference, TimePoint now) {
  return held_
      .try_emplace(reference.work, Held{.receipt = std::move(reference.receipt), .extended_at = now, .changed_at = now})
      .second;
}

void HeldWork::drop(const WorkReference& work) {
  held_.erase(work);
}

void HeldWork::drop_receipt(const std::string& receipt) {
  std::erase_if(held_, [&](const auto& entry) { return entry.second.receipt == receipt; });
}

std::vector<std::uint32_t> HeldWork::chunks(CampaignNumber campaign, Channel channel) const {
  std::vector<std::uint32_t> chunks;
  for (auto at = held_.lower_bound({.campaign = campaign, .channel = channel, .chunk = 0});
       at != held_.end() && at->first.campaign == campaign && at->first.channel == channel; ++at) {
    chunks.push_back(at->first.chunk);
  }
  return chunks;
}

std::vector<HeldReference> HeldWork::all() const {
  std::vector<HeldReference> all;
  for (const auto& [work, held] : held_) all.push_back({.work = work, .receipt = held.receipt});
  return all;
}

std::vector<std::string> HeldWork::take_due_for_extension(TimePoint now) {
  std::vector<std::string> due;
  for (Held& held : held_ | std::views::values) {
    if (now - held.extended_at < extend_after) continue;
    held.extended_at = now;
    due.push_back(held.receipt);
  }
  return due;
}

WorkVerdict HeldWork::judge(const WorkReference& work, const WorkSight& sight, TimePoint now, WallTime wall_now) {
  using enum WorkVerdict::Kind;
  if (!sight.has_waiting && !sight.has_sending) return {.kind = Finish};
  const auto found = held_.find(work);
  if (found != held_.end() && found->second.version != sight.version) {
    found->second.version = sight.version;
    found->second.changed_at = now;
  }
  // What is being sent here may yet come back, and is then sent again from here.
  if (sight.is_mine) return {.kind = Keep};
  if (!sight.has_sending && sight.earliest_due) {
    const auto left = std::chrono::ceil<seconds>(*sight.earliest_due - wall_now);
    if (left > soon) return {.kind = PutBack, .delay = std::min(left, WorkQueue::longest_delay)};
  }
  if (found != held_.end() && now - found->second.changed_at > patience) {
    return {.kind = PutBack, .delay = put_back_for};
  }
  return {.kind = Keep};
}

}  // namespace clarion
