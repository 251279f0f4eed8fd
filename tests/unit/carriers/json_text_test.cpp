#include "carriers/json_text.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace clarion {
namespace {

TEST(CarrierJson, ATextMemberIsReadFromEveryFormOfADocument) {
  struct Case {
    std::string_view document;
    std::string_view text;
  };
  for (const auto& [document, text] : {
           Case{R"({"Id":"a-1"})", "a-1"},
           Case{R"({"Id":""})", ""},
           Case{R"( { "Id" : "a-1" } )", "a-1"},
           Case{R"({"Id":"a-1","Other":"b"})", "a-1"},
           Case{R"({"Other":"b","Id":"a-1"})", "a-1"},
           Case{R"({"Id":"a\"b\\c"})", R"(a"b\c)"},
           Case{R"({"Id":"\u00fc"})", "ü"},
           Case{R"({"Id":"ü"})", "ü"},
           Case{R"({"Id":"a","Id":"b"})", "b"},
           Case{R"({"Other":"a-1"})", ""},
           Case{R"({"Id2":"a-1"})", ""},
           Case{R"({"Id":7})", ""},
           Case{R"({"Id":{"a":"b"}})", ""},
           Case{R"({"Id":"a-1")", ""},
           Case{R"({"Id":"a-1"}})", ""},
           Case{R"(["Id"])", ""},
           Case{"<html>", ""},
           Case{"", ""},
       }) {
    EXPECT_EQ(read_json_member(document, "Id"), text) << document;
  }
  EXPECT_EQ(read_json_member("{\"Id\":\"a\nb\"}", "Id"), "") << "no JSON";
}

TEST(CarrierJson, WithoutAnIdNothingIsProven) {
  EXPECT_EQ(read_accepted(R"({"MessageId":"m1"})", "MessageId", 2)->provider_id, "m1");
  EXPECT_EQ(read_accepted(R"({"MessageId":"m1"})", "MessageId", 2)->parts, 2);
  for (const std::string_view other : {R"({})", R"({"MessageId":""})", "<html>It works!</html>"}) {
    const SendOutcome outcome = read_accepted(other, "MessageId", 1);
    ASSERT_FALSE(outcome) << other;
    EXPECT_EQ(outcome.error().failure, FailureClass::Ambiguous);
  }
}

}  // namespace
}  // namespace clarion
