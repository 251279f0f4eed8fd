#include "decision/exclusion.h"

#include <gtest/gtest.h>

#include <set>

namespace clarion {
namespace {

TEST(Exclusion, EveryRuleHasANameAndASentenceOfItsOwn) {
  std::set<std::string_view> names;
  std::set<std::string_view> sentences;
  for (std::size_t i = 0; i < rule_count; ++i) {
    const auto rule = static_cast<Rule>(i);
    EXPECT_EQ(parse_rule(to_string(rule)), rule);
    EXPECT_TRUE(explain(rule).ends_with('.')) << to_string(rule);
    names.insert(to_string(rule));
    sentences.insert(explain(rule));
  }
  EXPECT_EQ(names.size(), rule_count);
  EXPECT_EQ(sentences.size(), rule_count);
}

}  // namespace
}  // namespace clarion
