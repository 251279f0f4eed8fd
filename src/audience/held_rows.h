#pragma once
// HeldRows: rows set aside until the end of a file, because what belongs together is spread over it.
//
// Errors  a row that cannot be kept is told by fault() after visit(): then rows are missing.

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace clarion {

class HeldRows {
 public:
  virtual ~HeldRows() = default;
  virtual void put(std::string_view group, std::string_view row) = 0;
  // Gives every row back, group by group: groups in the order of their first rows, rows in the order they were put in.
  virtual void visit(const std::function<void(std::string_view row, bool is_first_of_group)>& take) = 0;
  // One sentence; empty when every row is there.
  [[nodiscard]] virtual std::string fault() const = 0;
};

// In memory, for files that are small.
class MemoryHeldRows final : public HeldRows {
 public:
  void put(std::string_view group, std::string_view row) override {
    const auto [found, is_new] = positions_.try_emplace(std::string(group), groups_.size());
    if (is_new) groups_.emplace_back();
    groups_[found->second].emplace_back(row);
  }
  void visit(const std::function<void(std::string_view row, bool is_first_of_group)>& take) override {
    for (const auto& rows : groups_) {
      for (std::size_t i = 0; i < rows.size(); ++i) take(rows[i], i == 0);
    }
  }
  [[nodiscard]] std::string fault() const override { return {}; }

 private:
  std::unordered_map<std::string, std::size_t> positions_;
  std::vector<std::vector<std::string>> groups_;
};

}  // namespace clarion
