#pragma once
// RowPredicate: one condition over the columns of a ContactTable, as a set of rows.
//
// A conjunction collects the rows of its cheapest child and lets the others refine that list.

#include <algorithm>
#include <array>
#include <bit>
#include <iterator>
#include <memory>
#include <numeric>
#include <utility>
#include <vector>

#include "audience/contact_columns.h"

namespace clarion {

using Rows = std::vector<RowIndex>;

class RowPredicate {
 public:
  virtual ~RowPredicate() = default;
  // About how many rows match, plus a surcharge for what is slow to test.
  [[nodiscard]] virtual double cost() const = 0;
  // Every matching row, ascending.
  [[nodiscard]] virtual Rows collect() const = 0;
  // Keeps the matching rows of `rows`, in order.
  virtual void refine(Rows& rows) const = 0;
};
using RowPredicatePtr = std::unique_ptr<const RowPredicate>;

// A test of one row at a time.
template <class Test>
class ScanPredicate final : public RowPredicate {
 public:
  ScanPredicate(RowIndex rows, double cost, Test test) : rows_(rows), cost_(cost), test_(std::move(test)) {}
  [[nodiscard]] double cost() const override { return cost_; }
  [[nodiscard]] Rows collect() const override {
    Rows found;
    // Matches go through a small block without a branch: whether a row matches is a coin toss to the processor.
    std::array<RowIndex, 2048> block{};
    std::size_t used = 0;
    for (RowIndex row = 0; row < rows_; ++row) {
      block[used] = row;
      used += test_(row) ? 1U : 0U;
      if (used == block.size()) {
        found.insert(found.end(), block.begin(), block.end());
        used = 0;
      }
    }
    found.insert(found.end(), block.begin(), block.begin() + static_cast<std::ptrdiff_t>(used));
    return found;
  }
  void refine(Rows& rows) const override {
    std::size_t kept = 0;
    for (const RowIndex row : rows) {
      rows[kept] = row;
      kept += test_(row) ? 1U : 0U;
    }
    rows.resize(kept);
  }

 private:
  RowIndex rows_;
  double cost_;
  Test test_;
};

template <class Test>
RowPredicatePtr scan(RowIndex rows, double cost, Test test) {
  return std::make_unique<ScanPredicate<Test>>(rows, cost, std::move(test));
}

class NobodyPredicate final : public RowPredicate {
 public:
  [[nodiscard]] double cost() const override { return 0; }
  [[nodiscard]] Rows collect() const override { return {}; }
  void refine(Rows& rows) const override { rows.clear(); }
};

class EveryonePredicate final : public RowPredicate {
 public:
  explicit EveryonePredicate(RowIndex rows) : rows_(rows) {}
  [[nodiscard]] double cost() const override { return rows_; }
  [[nodiscard]] Rows collect() const override {
    Rows found(rows_);
    std::iota(found.begin(), found.end(), 0U);
    return found;
  }
  void refine(Rows& /*rows*/) const override {}

 private:
  RowIndex rows_;
};

// Sorted lists into one, through a bitmap of all rows.
template <class ForEachList>
[[nodiscard]] Rows unite(RowIndex row_count, ForEachList&& for_each_list) {
  std::vector<std::uint64_t> bits((row_count + 63ULL) / 64);
  for_each_list([&](const RowIndex* begin, const RowIndex* end) {
    for (; begin != end; ++begin) bits[*begin / 64] |= 1ULL << (*begin % 64);
  });
  Rows found;
  for (std::size_t word = 0; word < bits.size(); ++word) {
    for (std::uint64_t rest = bits[word]; rest != 0; rest &= rest - 1) {
      found.push_back(static_cast<RowIndex>(word * 64 + static_cast<std::size_t>(std::countr_zero(rest))));
    }
  }
  return found;
}

// A list column shares one of the codes in `wanted`.
class PostingsPredicate final : public RowPredicate {
 public:
  PostingsPredicate(RowIndex rows, const TextListColumn& column, std::vector<std::uint32_t> wanted)
      : rows_(rows), column_(column), wanted_(std::move(wanted)), is_wanted_(column.dictionary().size()) {
    for (const std::uint32_t code : wanted_) {
      is_wanted_[code] = 1;
      cost_ += static_cast<double>(column_.count(code));
    }
  }
  [[nodiscard]] double cost() const override { return cost_; }
  [[nodiscard]] Rows collect() const override {
    if (wanted_.size() == 1) return {column_.posting_begin(wanted_[0]), column_.posting_end(wanted_[0])};
    return unite(rows_, [&](auto&& add) {
      for (const std::uint32_t code : wanted_) add(column_.posting_begin(code), column_.posting_end(code));
    });
  }
  void refine(Rows& rows) const override {
    std::erase_if(rows, [&](RowIndex row) {
      return std::none_of(column_.begin(row), column_.end(row),
                          [&](std::uint32_t code) { return is_wanted_[code] != 0; });
    });
  }

 private:
  RowIndex rows_;
  const TextListColumn& column_;
  std::vector<std::uint32_t> wanted_;
  std::vector<std::uint8_t> is_wanted_;
  double cost_ = 0;
};

class AndPredicate final : public RowPredicate {
 public:
  explicit AndPredicate(std::vector<RowPredicatePtr> children) : children_(std::move(children)) {
    std::ranges::sort(children_, {}, [](const RowPredicatePtr& child) { return child->cost(); });
  }
  [[nodiscard]] double cost() const override { return children_.front()->cost(); }
  [[nodiscard]] Rows collect() const override {
    Rows rows = children_.front()->collect();
    refine_from(1, rows);
    return rows;
  }
  void refine(Rows& rows) const override { refine_from(0, rows); }

 private:
  void refine_from(std::size_t first, Rows& rows) const {
    for (std::size_t i = first; i < children_.size() && !rows.empty(); ++i) children_[i]->refine(rows);
  }
  std::vector<RowPredicatePtr> children_;
};

class OrPredicate final : public RowPredicate {
 public:
  OrPredicate(RowIndex rows, std::vector<RowPredicatePtr> children) : rows_(rows), children_(std::move(children)) {
    for (const RowPredicatePtr& child : children_) cost_ += child->cost();
  }
  [[nodiscard]] double cost() const override { return cost_; }
  [[nodiscard]] Rows collect() const override {
    return unite(rows_, [&](auto&& add) {
      for (const RowPredicatePtr& child : children_) {
        const Rows part = child->collect();
        add(part.data(), part.data() + part.size());
      }
    });
  }
  void refine(Rows& rows) const override {
    Rows open = std::move(rows);
    Rows matched;
    for (const RowPredicatePtr& child : children_) {
      Rows part = open;
      child->refine(part);
      Rows rest;
      std::ranges::set_difference(open, part, std::back_inserter(rest));
      open = std::move(rest);
      Rows merged;
      std::ranges::merge(matched, part, std::back_inserter(merged));
      matched = std::move(merged);
    }
    rows = std::move(matched);
  }

 private:
  RowIndex rows_;
  std::vector<RowPredicatePtr> children_;
  double cost_ = 0;
};

class NotPredicate final : public RowPredicate {
 public:
  NotPredicate(RowIndex rows, RowPredicatePtr child) : rows_(rows), child_(std::move(child)) {}
  [[nodiscard]] double cost() const override { return std::max(0.0, rows_ - child_->cost()); }
  [[nodiscard]] Rows collect() const override { return without(EveryonePredicate(rows_).collect(), child_->collect()); }
  void refine(Rows& rows) const override {
    Rows out = rows;
    child_->refine(out);
    rows = without(rows, out);
  }

 private:
  static Rows without(const Rows& rows, const Rows& out) {
    Rows left;
    left.reserve(rows.size() - out.size());
    std::ranges::set_difference(rows, out, std::back_inserter(left));
    return left;
  }
  RowIndex rows_;
  RowPredicatePtr child_;
};

}  // namespace clarion
