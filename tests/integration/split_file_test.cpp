#include "store/split_file.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace clarion::testing {
namespace {

constexpr std::size_t block_bytes = 64;

SplitFile make(std::size_t parts) {
  return SplitFile::create({.parts = parts, .block_bytes = block_bytes}).value();
}

TEST(SplitFile, GivesEachPartBackInTheOrderInWhichItWasWritten) {
  constexpr std::size_t parts = 3;
  SplitFile file = make(parts);
  std::vector<std::string> written(parts);
  for (std::size_t i = 0; i < 50'000; ++i) {
    const std::string record = fmt::format("record {};", i);
    const std::size_t part = i * i % parts;  // part 2 stays empty
    file.append(part, record);
    written[part] += record;
  }
  ASSERT_GT(written[1].size(), 256U * 1024) << "most of it lies on the disk";
  for (std::size_t part = 0; part < parts; ++part) {
    // Twice, in pieces that are shorter and longer than a block.
    for (const std::size_t piece : {std::size_t{7}, 3 * block_bytes + 1}) {
      std::string found;
      for (std::string_view bytes = file.read(part, piece); !bytes.empty(); bytes = file.read(part, piece)) {
        ASSERT_LE(bytes.size(), piece);
        found += bytes;
      }
      EXPECT_TRUE(found == written[part]) << found.size() << " bytes instead of " << written[part].size();
      file.rewind(part);
    }
  }
  EXPECT_TRUE(file.check());
}

TEST(SplitFile, PartsAreReadSideBySide) {
  SplitFile file = make(2);
  for (int i = 0; i < 1000; ++i) {
    file.append_value(0, i);
    file.append_value(1, std::int64_t{i} * 2);
  }
  for (int i = 0; i < 1000; ++i) {
    int one = 0;
    std::int64_t two = 0;
    ASSERT_TRUE(file.read_value(0, one));
    ASSERT_TRUE(file.read_value(1, two));
    EXPECT_EQ(one, i);
    EXPECT_EQ(two, std::int64_t{i} * 2);
  }
  int none = 0;
  EXPECT_FALSE(file.read_value(0, none));
  file.rewind(0);
  EXPECT_TRUE(file.read_value(0, none));
}

}  // namespace
}  // namespace clarion::testing
