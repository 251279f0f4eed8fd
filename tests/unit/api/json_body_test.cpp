#include "api/json_body.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace clarion {
namespace {

using ::testing::HasSubstr;

std::string refusal(std::string_view body) {
  const auto parsed = parse_json_object(body);
  return parsed ? "taken" : parsed.error().message;
}

TEST(JsonBody, SaysWhatIsWrongWithABody) {
  EXPECT_THAT(refusal(""), HasSubstr("empty"));
  EXPECT_THAT(refusal(" \r\n"), HasSubstr("empty"));
  EXPECT_THAT(refusal("[]"), HasSubstr("must be a JSON object"));
  EXPECT_THAT(refusal("{\"a\": 1"), HasSubstr("ends too early"));
  EXPECT_THAT(refusal("{'a': 1}"), HasSubstr("not valid JSON"));
  EXPECT_THAT(refusal("{\"a\": 1} x"), HasSubstr("not valid JSON"));
  EXPECT_THAT(refusal("{\"a\": \"\xC3\x28\"}"), HasSubstr("not valid JSON"));
  EXPECT_THAT(refusal(std::string_view("\xFF\xFE{\0}\0", 6)), HasSubstr("UTF-16"));
  EXPECT_THAT(refusal("\xEF\xBB\xBF{}"), HasSubstr("byte order mark"));
  EXPECT_THAT(refusal("{\"a\": " + std::string(40, '[') + std::string(40, ']') + "}"), HasSubstr("32 levels"));
  EXPECT_EQ(refusal("{\"a\": {}}"), "taken");
}

// Everything that reading one member with `read` leads to.
template <class Read>
std::string finish(std::string_view body, Read read) {
  const auto object = parse_json_object(body);
  MemberReader reader(*object, "request");
  read(reader);
  reader.refuse_unknown();
  const auto finished = reader.finish();
  return finished ? "fine" : finished.error().message;
}

TEST(MemberReader, NamesTheMemberAndTheRule) {
  EXPECT_EQ(finish(R"({"a": 1})", [](MemberReader& r) { (void)r.text("a"); }), "request.a must be a text");
  EXPECT_EQ(finish(R"({"a": "1"})", [](MemberReader& r) { (void)r.number("a"); }), "request.a must be a number");
  EXPECT_EQ(finish(R"({"a": 1.5})", [](MemberReader& r) { (void)r.integer("a"); }), "request.a must be a whole number");
  EXPECT_EQ(finish(R"({"a": 0})", [](MemberReader& r) { (void)r.flag("a"); }), "request.a must be true or false");
  EXPECT_THAT(finish(R"({"a": "tomorrow"})", [](MemberReader& r) { (void)r.time("a"); }), HasSubstr("2026-11-22T18"));
  EXPECT_EQ(finish(R"({"a": ["x", 1]})", [](MemberReader& r) { (void)r.texts("a"); }),
            "request.a must be an array of texts");
  EXPECT_EQ(finish(R"({"a": []})", [](MemberReader& r) { (void)r.object("a"); }), "request.a must be an object");
  EXPECT_EQ(finish(R"({"a": "long"})", [](MemberReader& r) { (void)r.text("a", 3); }),
            "request.a must be at most 3 bytes");
}

TEST(MemberReader, NullIsAbsentAndUnknownMembersAreNamed) {
  EXPECT_EQ(finish(R"({"a": null})", [](MemberReader& r) { EXPECT_FALSE(r.text("a")); }), "fine");
  EXPECT_EQ(finish(R"({"b": 1})", [](MemberReader& r) { (void)r.text("a"); }),
            "request.b is not a member of this request; known are a");
}

TEST(MemberReader, KeepsTheFirstProblem) {
  EXPECT_EQ(finish(R"({"a": 1, "b": 2})",
                   [](MemberReader& r) {
                     (void)r.text("a");
                     (void)r.text("b");
                   }),
            "request.a must be a text");
}

TEST(MemberReader, LargeWholeNumbersStayExact) {
  const auto object = parse_json_object(R"({"a": 9007199254740993})");
  MemberReader reader(*object);
  EXPECT_EQ(reader.integer("a"), 9007199254740993);
}

}  // namespace
}  // namespace clarion
