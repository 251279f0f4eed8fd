#pragma once
// AskedSegments: what callers asked for lately who may only look. Their questions are not stored, and yet the
// segment_id of the answer names that audience to whoever sends to it next.
//
// Memory   the latest questions, 4 MiB of filters at most, of this process.
// Threads  any.

#include <cstddef>
#include <deque>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

namespace clarion {

class AskedSegments {
 public:
  // `filter` is JSON (audience/filter_json.h).
  void keep(std::string id, std::string filter) {
    constexpr std::size_t most_bytes = std::size_t{4} << 20U;
    const std::lock_guard lock(mutex_);
    std::erase_if(latest_, [&](const Asked& one) {
      const bool is_same = one.first == id;
      if (is_same) bytes_ -= size_of(one);
      return is_same;
    });
    latest_.emplace_back(std::move(id), std::move(filter));
    bytes_ += size_of(latest_.back());
    while (bytes_ > most_bytes) {
      bytes_ -= size_of(latest_.front());
      latest_.pop_front();
    }
  }
  [[nodiscard]] std::optional<std::string> find(const std::string& id) const {
    const std::lock_guard lock(mutex_);
    for (const auto& [known, filter] : latest_) {
      if (known == id) return filter;
    }
    return std::nullopt;
  }

 private:
  using Asked = std::pair<std::string, std::string>;  // id, filter
  static std::size_t size_of(const Asked& one) { return sizeof(Asked) + one.first.size() + one.second.size(); }

  mutable std::mutex mutex_;
  std::deque<Asked> latest_;  // guarded by mutex_, as is what follows
  std::size_t bytes_ = 0;
};

}  // namespace clarion
