#include "audience/filter_json.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json/serialize.hpp>

namespace clarion {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;

std::string error_of(std::string_view text) {
  const auto filter = parse_filter(text);
  return filter ? "accepted " + to_json_text(*filter) : filter.error().message;
}

std::string printed(std::string_view text) {
  const auto filter = parse_filter(text);
  return filter ? to_json_text(*filter) : "refused: " + filter.error().message;
}

constexpr std::string_view pune = R"({"field":"city","operator":"=","value":"Pune"})";
constexpr std::string_view adult = R"({"field":"age","operator":">=","value":18})";
constexpr std::string_view everyone = R"({"everyone":true})";

std::string list(std::string_view kind, std::initializer_list<std::string_view> children) {
  std::string text = "{\"" + std::string(kind) + "\":[";
  for (const std::string_view child : children) {
    if (text.back() != '[') text += ',';
    text += child;
  }
  return text + "]}";
}

TEST(FilterJson, ReadsAndPrintsEveryShape) {
  for (
      const std::string_view text : {
          R"({"everyone":true})",
          R"({"field":"city","operator":"=","value":"Pune"})",
          R"({"field":"age","operator":"<","value":30.5})",
          R"({"field":"total_spent_usd","operator":">","value":0.1})",
          R"({"field":"sentiment","operator":"<","value":-0.5})",
          R"({"field":"has_open_complaint","operator":"=","value":true})",
          R"({"field":"last_purchase_at","operator":"<","value":{"days_ago":90}})",
          R"({"field":"last_purchase_at","operator":">=","value":"2026-06-01T00:00:00.000Z"})",
          R"({"field":"tags","operator":"in","value":["gold","vip"]})",
          R"({"field":"cart_skus","operator":"exists","value":true})",
          R"({"field":"consent_sms","operator":"=","value":"opted_in"})",
          R"({"not":{"field":"city","operator":"=","value":"Pune"}})",
          R"({"and":[{"field":"age","operator":">","value":1},{"or":[{"field":"age","operator":"<","value":2},{"not":{"field":"age","operator":"=","value":3}}]}]})",
      }) {
    EXPECT_EQ(printed(text), text);
  }
  EXPECT_EQ(boost::json::serialize(to_json(*parse_filter(adult))), adult);
}

TEST(FilterJson, SaysWhereAndWhatIsWrong) {
  EXPECT_EQ(error_of(list("and", {pune, R"({"field":"age","operator":">","value":"x"})"})),
            "filters.and[1].value must be a number, not \"x\"");
  EXPECT_EQ(error_of(R"({"not":{"or":[{"field":"town","operator":"=","value":"x"}]}})"),
            "filters.not.or[0].field \"town\" is not a known field");
  EXPECT_EQ(error_of(R"({"field":"city","operator":"==","value":"x"})"),
            "filters.operator \"==\" is not one of =, !=, <, <=, >, >=, in, contains, exists");
  EXPECT_EQ(error_of(R"({"field":"city","operator":"<","value":"x"})"),
            "filters.operator \"<\" does not suit city; use =, !=, in, contains or exists");
  EXPECT_EQ(error_of(R"({"field":"city","operator":"=","value":7})"), "filters.value must be a text, not 7");
  EXPECT_EQ(error_of(R"({"field":"city","operator":"="})"), "filters needs a value");
  EXPECT_EQ(error_of(R"({"field":"city","value":"x"})"), "filters needs an operator");
  EXPECT_EQ(error_of(R"({"field":"city","operator":"=","value":null})"), "filters.value must not be null");
  EXPECT_EQ(error_of(R"({"field":"city","operator":"in","value":[]})"),
            "filters.value must be a list of at least one text, not []");
  EXPECT_EQ(error_of(R"({"field":"city","operator":"in","value":["a",1]})"), "filters.value[1] must be a text, not 1");
  EXPECT_EQ(error_of(R"({"field":"consent_sms","operator":"=","value":"yes"})"),
            "filters.value must be \"opted_in\", \"opted_out\" or \"unknown\" for consent_sms, not \"yes\"");
  EXPECT_EQ(error_of(R"({"field":"last_purchase_at","operator":"<","value":"June"})"),
            "filters.value must be a time such as \"2026-06-01T00:00:00Z\", not \"June\"");
  EXPECT_EQ(error_of(R"({"field":"last_purchase_at","operator":"<","value":{"days_ago":-1}})"),
            "filters.value.days_ago must be a whole number from 0 to 36500, not -1");
  EXPECT_EQ(error_of(R"({"field":"last_purchase_at","operator":"<","value":{"days":1}})"),
            "filters.value must be {\"days_ago\": 90} when it is an object, not {\"days\":1}");
  EXPECT_EQ(error_of(R"({"and":[]})"), "filters.and must have at least one filter");
  EXPECT_EQ(error_of(R"({"and":{}})"), "filters.and must be a list of filters, not {}");
  EXPECT_EQ(error_of(R"({"everyone":false})"), "filters.everyone must be true");
}

TEST(FilterJson, RefusesWhatItDoesNotKnow) {
  EXPECT_EQ(error_of(R"({"xor":[]})"), "filters has the unknown member \"xor\"; use field, and, or, not or everyone");
  EXPECT_THAT(error_of(R"({"field":"city","operator":"=","value":"x","note":1})"),
              StartsWith("filters has the unknown member \"note\""));
  EXPECT_THAT(error_of(R"({"and":[{"everyone":true}],"or":[{"everyone":true}]})"),
              StartsWith("filters must have either"));
  EXPECT_THAT(error_of("[]"), StartsWith("filters must be an object, not []"));
  EXPECT_THAT(error_of("{}"), StartsWith("filters must have either"));
  EXPECT_THAT(error_of("7"), StartsWith("filters must be an object"));
}

TEST(FilterJson, RefusesRepeatedMembers) {
  EXPECT_EQ(error_of(R"({"field":"city","operator":"=","value":"a","value":"b"})"),
            "filters has the member \"value\" twice");
  EXPECT_EQ(error_of(R"({"not":{"and":[{"everyone":true}],"and":[{"everyone":true}]}})"),
            "filters.not has the member \"and\" twice");
}

TEST(FilterJson, RefusesBrokenHugeAndHostileDocuments) {
  EXPECT_THAT(error_of(""), StartsWith("filters must be valid JSON"));
  EXPECT_THAT(error_of("{"), StartsWith("filters must be valid JSON"));
  EXPECT_THAT(error_of("{} {}"), StartsWith("filters must be valid JSON"));
  EXPECT_THAT(error_of(R"({"field":"age","operator":"=","value":NaN})"), StartsWith("filters must be valid"));
  EXPECT_THAT(error_of(R"({"field":"age","operator":"=","value":1e999})"), testing::Not(StartsWith("accepted")));
  EXPECT_EQ(error_of("{\"field\":\"city\",\"operator\":\"=\",\"value\":\"\xff\"}"), "filters must be UTF-8 text");
  EXPECT_THAT(error_of(std::string("{\0\"\0", 4)), StartsWith("filters must be valid JSON"));
  EXPECT_THAT(error_of(std::string(2U << 20U, ' ')), StartsWith("filters must be at most 1048576 bytes"));

  std::string deep;
  for (int i = 0; i < 17; ++i) deep += R"({"not":)";
  deep += std::string(everyone) + std::string(17, '}');
  EXPECT_THAT(error_of(deep), EndsWith("is nested deeper than 16 levels"));
  EXPECT_THAT(error_of(std::string(100'000, '[')), EndsWith("is nested deeper than 16 levels"));

  std::string wide = R"({"or":[)";
  for (int i = 0; i < 1001; ++i) wide += std::string(i == 0 ? "" : ",") + std::string(everyone);
  EXPECT_THAT(error_of(wide + "]}"), HasSubstr("more than 1000 comparisons"));

  const std::string long_text = R"({"field":"city","operator":"=","value":")" + std::string(1001, 'x') + "\"}";
  EXPECT_EQ(error_of(long_text), "filters.value is longer than 1000 bytes");
}

TEST(FilterJson, PrintsTheSameForTheSameCriteria) {
  EXPECT_EQ(printed(list("and", {pune, adult})), printed(list("and", {adult, pune})));
  EXPECT_EQ(printed(list("and", {pune, pune})), pune);
  EXPECT_EQ(printed(list("and", {pune, list("and", {adult})})), printed(list("and", {adult, pune})));
  EXPECT_EQ(printed(R"({"not":{"not":)" + std::string(pune) + "}}"), pune);
  EXPECT_EQ(printed(list("and", {pune, everyone})), pune);
  EXPECT_EQ(printed(list("or", {pune, everyone})), everyone);
  EXPECT_EQ(printed(list("or", {pune, R"({"not":{"everyone":true}})"})), pune);
  EXPECT_EQ(printed(list("and", {pune, R"({"not":{"everyone":true}})"})), R"({"not":{"everyone":true}})");
  EXPECT_EQ(printed(R"({"field":"city","operator":"in","value":["b","a","b"]})"),
            R"({"field":"city","operator":"in","value":["a","b"]})");
  EXPECT_EQ(printed(R"({"field":"city","operator":"in","value":["a"]})"),
            R"({"field":"city","operator":"=","value":"a"})");
  EXPECT_EQ(printed(R"({"field":"tags","operator":"in","value":["a"]})"),
            R"({"field":"tags","operator":"contains","value":"a"})");
  EXPECT_EQ(printed(R"({"field":"age","operator":"=","value":2.0})"), R"({"field":"age","operator":"=","value":2})");
  EXPECT_EQ(printed(R"({"field":"age","operator":"=","value":-0.0})"), R"({"field":"age","operator":"=","value":0})");
}

// Found by fuzzing: the JSON reader is not exact to the last bit of a long number.
TEST(FilterJson, ReadsNumbersBackAsTheyWerePrinted) {
  EXPECT_EQ(error_of(R"({"field":"age","operator":">","value":1111111111111311111})"),
            "filters.value must be a number from -1000000000 to 1000000000, not 1111111111111311111");
  for (const auto* const number : {"0.1", "0.3", "1e-06", "123456.789012", "-999999999.5", "1000000000", "0.000001"}) {
    const std::string text = printed(std::string(R"({"field":"age","operator":">","value":)") + number + "}");
    EXPECT_EQ(printed(text), text);
  }
  EXPECT_EQ(printed(R"({"field":"age","operator":">","value":0.30000000000000004})"),
            R"({"field":"age","operator":">","value":0.3})");
}

TEST(FilterJson, GivesASegmentItsIdByCriteriaAlone) {
  const auto id = [](std::string_view text) { return segment_id(*parse_filter(text)); };
  EXPECT_EQ(id(list("and", {pune, adult})),
            id(list("and", {adult, R"({"field":"city","operator":"=","value":"PUNE"})"})));
  EXPECT_NE(id(pune), id(adult));
  EXPECT_NE(id(list("and", {pune, adult})), id(list("or", {pune, adult})));
  // Stored ids: these may never change.
  EXPECT_EQ(segment_id(Filter{}), "seg-b4d6135c97e6ae732146c9e383f2d236");
  EXPECT_EQ(id(pune), "seg-dab0f6cfebe5331ed0aa9ed101ca85d8");
}

}  // namespace
}  // namespace clarion
