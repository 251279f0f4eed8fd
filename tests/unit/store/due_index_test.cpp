#include "store/due_index.h"

#include <gtest/gtest.h>

#include <map>

#include "base/hash.h"

namespace clarion {
namespace {

WallTime at(std::int64_t second) {
  return WallTime{std::chrono::seconds{second}};
}

TEST(DueIndex, AnEmptyIndexHasNothingDue) {
  const DueIndex index;
  EXPECT_EQ(index.first_due_block(at(1'000'000)), std::nullopt);
  EXPECT_EQ(index.earliest(), std::nullopt);
  EXPECT_FALSE(index.is_due(3, at(1)));
}

TEST(DueIndex, ARowWithoutATimeIsDueAtOnce) {
  DueIndex index;
  index.add(DueIndex::block_rows * 3, std::nullopt);
  EXPECT_EQ(index.first_due_block(at(-1'000'000)), 3U);
}

TEST(DueIndex, TheFirstDueBlockIsTheLowestEvenWhenAnotherIsDueEarlier) {
  DueIndex index;
  index.add(DueIndex::block_rows * 2, at(50));
  index.add(DueIndex::block_rows * 400, at(10));
  EXPECT_EQ(index.first_due_block(at(9)), std::nullopt);
  EXPECT_EQ(index.first_due_block(at(10)), 400U);
  EXPECT_EQ(index.first_due_block(at(50)), 2U);
  EXPECT_EQ(index.earliest(), at(10));
}

TEST(DueIndex, ABlockThatWasReadTakesItsExactBound) {
  DueIndex index;
  index.add(5, std::nullopt);
  index.set_block(0, at(70));
  EXPECT_EQ(index.first_due_block(at(69)), std::nullopt);
  EXPECT_EQ(index.earliest(), at(70));
  index.set_block(0, std::nullopt);
  EXPECT_EQ(index.earliest(), std::nullopt);
}

TEST(DueIndex, AnUnsureBlockHasToBeReadAgain) {
  DueIndex index;
  index.add(5, at(70));
  index.mark_unsure(0);
  EXPECT_EQ(index.first_due_block(at(0)), 0U);
}

TEST(DueIndex, TheLastPositionOfTheLargestPlanHasABlock) {
  DueIndex index;
  index.add(20'000'000, at(7));
  EXPECT_EQ(index.first_due_block(at(7)), 20'000'000 / DueIndex::block_rows);
}

TEST(DueIndex, AgreesWithAPlainMapWhateverIsDone) {
  SeededRandom random(7);
  DueIndex index;
  std::map<std::uint32_t, std::int64_t> model;  // block -> bound
  for (int step = 0; step < 20'000; ++step) {
    const auto block = static_cast<std::uint32_t>(random.below(1000));
    const auto second = static_cast<std::int64_t>(random.below(500));
    if (random.below(3) == 0) {
      index.set_block(block, at(second));
      model[block] = second;
    } else if (random.below(4) == 0) {
      index.set_block(block, std::nullopt);
      model.erase(block);
    } else {
      index.add(block * DueIndex::block_rows + static_cast<std::uint32_t>(random.below(128)), at(second));
      const auto known = model.try_emplace(block, second).first;
      known->second = std::min(known->second, second);
    }
    const auto now = static_cast<std::int64_t>(random.below(500));
    std::optional<std::uint32_t> first;
    std::optional<WallTime> earliest;
    for (const auto& [known, bound] : model) {
      if (!first && bound <= now) first = known;
      if (!earliest || at(bound) < *earliest) earliest = at(bound);
    }
    ASSERT_EQ(index.first_due_block(at(now)), first) << step;
    ASSERT_EQ(index.earliest(), earliest) << step;
  }
}

}  // namespace
}  // namespace clarion
