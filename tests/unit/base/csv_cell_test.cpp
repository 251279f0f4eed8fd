#include "base/csv_cell.h"

#include <gtest/gtest.h>

#include <string>

namespace clarion {
namespace {

TEST(CsvCell, IsNoFormulaForASpreadsheet) {
  for (const char* plain : {"", "Ana", "a'b", "+14255550156", "3"}) {
    EXPECT_EQ(csv_cell(plain), plain);
  }
  EXPECT_EQ(csv_cell("a \"b\", c"), R"("a ""b"", c")");
  EXPECT_EQ(csv_cell("two\nlines"), "\"two\nlines\"");
  for (const char* formula : {"=1+1", "+1+1", "+cmd|' /C calc'!A0", "+", "-1", "@SUM(A1)", "\t=1"}) {
    EXPECT_EQ(csv_cell(formula), "\"'" + std::string(formula) + "\"");
  }
}

}  // namespace
}  // namespace clarion
