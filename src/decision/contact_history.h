#pragma once
// What planning has to remember about addresses and contacts: suppressions, recent messages, addresses in use.
//
// Memory     8 to 16 bytes an entry: only 64-bit hashes are kept, so two of a million entries collide with a chance of
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

// How often each contact was written to before `now`, over all campaigns and channels.
class RecentContacts {
 public:
  struct Counts {
    std::uint16_t last_day = 0;   // in the 24 hours before now
    std::uint16_t last_week = 0;  // in the 7 days before now
    std::int32_t last_at = 0;     // seconds before now of the latest
  };

  explicit RecentContacts(WallTime now) : now_(now) {}
  // Messages older than 7 days are ignored; one in the future counts as now.
  void add(std::string_view contact_id, WallTime at);
  // Zeros for a contact without messages.
  [[nodiscard]] Counts find(std::uint64_t contact_hash) const;
  [[nodiscard]] WallTime now() const { return now_; }
  [[nodiscard]] std::size_t size() const { return counts_.size(); }

 private:
  WallTime now_;
  boost::unordered_flat_map<std::uint64_t, Counts, KeepHash> counts_;
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
