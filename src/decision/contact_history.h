#pragma once
// What planning has to remember about addresses and contacts: suppressions, recent messages, addresses in use.
//
// Memory     8 to 32 bytes an entry: only 64-bit hashes are kept, so two of a million entries collide with a chance of
//            about 3 in 10^8; a collision excludes one contact too many, never one too few.
// Addresses  compared without regard to ASCII case, because no mail provider in use tells "Ana@" from "ana@".
// Threads    read-only once filled, except CampaignAddresses.

#include <boost/unordered/unordered_flat_map.hpp>
#include <boost/unordered/unordered_flat_set.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "domain/channel.h"

namespace clarion {

// For keys that are hashes already.
struct KeepHash {
  using is_avalanching = void;
  std::size_t operator()(std::uint64_t hash) const { return hash; }
};

[[nodiscard]] std::uint64_t hash_address(std::string_view address);

class SuppressionSet {
 public:
  void add(Channel channel, std::string_view address, std::string_view reason);
  // The reason, when this address must not be written to; lives as long as the set, until the next add(). Reasons are
  // a handful of codes: after 255 different ones, further ones read "other".
  [[nodiscard]] std::optional<std::string_view> find(Channel channel, std::string_view address) const;
  [[nodiscard]] std::size_t size() const { return entries_.size(); }

 private:
  boost::unordered_flat_map<std::uint64_t, std::uint8_t, KeepHash> entries_;
  std::vector<std::string> reasons_;
};

// How often each contact was written to before `now`, and is going to be, over all campaigns and channels.
class RecentContacts {
 public:
  struct Counts {
    std::uint16_t last_day = 0;    // in the 24 hours before now; planned ones also after
    std::uint16_t last_week = 0;   // in 7 days
    std::int32_t last_at = 0;      // seconds between now and the nearest
    std::uint32_t planned_by = 0;  // see find_planner()
  };

  explicit RecentContacts(WallTime now) : now_(now) {}
  // Messages older than 7 days are ignored; one in the future counts as now.
  void add(std::string_view contact_id, WallTime at);
  // A message that this campaign is still to send: at `at`, or now when that has passed or is not known.
  void add_planned(std::string_view contact_id, std::string_view campaign_id, std::optional<WallTime> at);
  // What a message that leaves now has to keep to. Zeros for a contact without messages.
  [[nodiscard]] Counts find(std::uint64_t contact_hash) const;
  // The same for one that leaves at `at`: what is planned for later counts when it is less than a day or week away.
  [[nodiscard]] Counts find(std::uint64_t contact_hash, WallTime at) const;
  // Something is planned for later, so that the two differ.
  [[nodiscard]] bool has_later() const { return !later_.empty(); }
  // A campaign whose planned message is among the counted ones; empty when all have been handed over.
  [[nodiscard]] std::string_view find_planner(const Counts& counts) const {
    return counts.planned_by == 0 ? std::string_view() : campaigns_[counts.planned_by - 1];
  }
  [[nodiscard]] WallTime now() const { return now_; }
  [[nodiscard]] std::size_t size() const { return counts_.size(); }

 private:
  // Those of one contact are a list by `next`: 1 + index into later_, or 0.
  struct Later {
    std::int32_t seconds = 0;  // after now
    std::uint32_t campaign = 0;
    std::uint32_t next = 0;
  };
  Counts& count(std::uint64_t contact_hash, std::chrono::milliseconds age);

  WallTime now_;
  boost::unordered_flat_map<std::uint64_t, Counts, KeepHash> counts_;
  std::vector<std::string> campaigns_;
  std::vector<Later> later_;
  boost::unordered_flat_map<std::uint64_t, std::uint32_t, KeepHash> latest_;  // contact -> 1 + index into later_
};

// The addresses one campaign already writes to, whatever the channel: a phone that gets the SMS of one contact must
// not get the WhatsApp message of another.
class CampaignAddresses {
 public:
  [[nodiscard]] bool has(std::string_view address) const { return taken_.contains(hash_address(address)); }
  void take(std::string_view address) { taken_.insert(hash_address(address)); }
  void reserve(std::size_t count) { taken_.reserve(count); }

 private:
  boost::unordered_flat_set<std::uint64_t, KeepHash> taken_;
};

}  // namespace clarion
