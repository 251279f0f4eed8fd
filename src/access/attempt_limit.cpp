#include "access/attempt_limit.h"

#include <boost/asio/ip/address.hpp>

#include <algorithm>

namespace clarion {
namespace {

std::string network_of(std::string_view client) {
  boost::system::error_code error;
  const auto address = boost::asio::ip::make_address(std::string(client), error);
  if (error || address.is_v4()) return std::string(client);
  auto bytes = address.to_v6().to_bytes();
  std::fill(bytes.begin() + 8, bytes.end(), static_cast<unsigned char>(0));
  return boost::asio::ip::address_v6(bytes).to_string();
}

std::string key_of(std::string_view client, std::string_view id) {
  return network_of(client) + " " + std::string(id);
}

}  // namespace

Duration AttemptLimit::charge(TimePoint now, std::string_view client, std::string_view id) {
  const std::string key = key_of(client, id);
  auto found = buckets_.find(key);
  if (found == buckets_.end()) {
    make_room();
    found = buckets_.emplace(key, Bucket{TokenBucket(policy_.each), now}).first;
  }
  found->second.used_at = now;
  return found->second.bucket.take_or_wait(now);
}

void AttemptLimit::give_back(TimePoint now, std::string_view client, std::string_view id) {
  hashes_.give_back(now, 1);
  if (const auto found = buckets_.find(key_of(client, id)); found != buckets_.end()) {
    found->second.bucket.give_back(now, 1);
  }
}

void AttemptLimit::make_room() {
  if (buckets_.size() < policy_.clients) return;
  buckets_.erase(std::ranges::min_element(buckets_, {}, [](const auto& entry) { return entry.second.used_at; }));
}

}  // namespace clarion
