// What production insists on before it starts, and what `clarion doctor` says of a set-up.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/production_server.h"

namespace clarion::testing {
namespace {

namespace json = boost::json;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

using Environment = std::map<std::string, std::string>;

class ProductionStart : public ::testing::Test {
 protected:
  FinishedProcess run(std::vector<std::string> arguments, const Environment& environment) {
    return run_clarion(CLARION_BINARY, directory_.path(),
                       {.arguments = std::move(arguments), .environment = environment});
  }
  // The environment that would start, changed; an empty value takes a setting away.
  Environment changed(const Environment& changes) {
    Environment environment = production_environment(aws_);
    for (const auto& [name, value] : changes) {
      environment[name] = value;
      if (value.empty()) environment.erase(name);
    }
    return environment;
  }

  ScratchDirectory directory_;
  AwsStandIn aws_;
};

TEST_F(ProductionStart, IsRefusedForEachThingThatIsMissingOrWrong) {
  struct Case {
    Environment changes;
    std::string words;
  };
  const std::vector<Case> cases{
      {{{"AWS_REGION", ""}}, "AWS_REGION"},
      {{{"AWS_REGION", "not a region"}}, "AWS_REGION"},
      {{{"AWS_ACCESS_KEY_ID", ""}, {"AWS_SECRET_ACCESS_KEY", ""}, {"AWS_SESSION_TOKEN", ""}}, "No AWS credentials"},
      {{{"AWS_SECRET_ACCESS_KEY", ""}}, "AWS_SECRET_ACCESS_KEY"},
      {{{"PHONE_POOL_ID", ""}, {"WHATSAPP_PHONE_NUMBER_ID", ""}, {"SENDER_EMAIL", ""}}, "no channel has a sender"},
      {{{"PHONE_POOL_ID", "my pool"}}, "PHONE_POOL_ID"},
      {{{"WHATSAPP_PHONE_NUMBER_ID", "100000000000001"}}, "WHATSAPP_PHONE_NUMBER_ID"},
      {{{"SENDER_EMAIL", "nobody"}}, "SENDER_EMAIL"},
      {{{"AWS_ENDPOINT_URL", "127.0.0.1:80"}}, "AWS_ENDPOINT_URL"},
      {{{"CLARION_STORE", "dynamodb"}}, "CAMPAIGNS_TABLE"},
      {{{"CLARION_STORE", ""}}, "CAMPAIGNS_TABLE"},
  };
  for (const Case& each : cases) {
    const FinishedProcess refused = run({"serve", "--port", "0"}, changed(each.changes));
    EXPECT_EQ(refused.code, 2) << each.words;
    EXPECT_THAT(refused.errors, HasSubstr(each.words));
    EXPECT_THAT(refused.errors, Not(HasSubstr("stand-in-session-secret")));
  }
  EXPECT_EQ(aws_.counts().at("recipients").as_object().size(), 0U);
}

TEST_F(ProductionStart, NamesEverythingAtOnce) {
  const FinishedProcess refused =
      run({"serve", "--port", "0"}, {{"FLASK_ENV", "production"}, {"AWS_EC2_METADATA_DISABLED", "true"}});
  EXPECT_EQ(refused.code, 2);
  EXPECT_THAT(refused.errors, AllOf(HasSubstr("PHONE_POOL_ID"), HasSubstr("AWS_REGION"), HasSubstr("credentials"),
                                    HasSubstr("CAMPAIGNS_TABLE"), HasSubstr("clarion doctor")));
}

TEST_F(ProductionStart, DoctorShowsAnOverriddenEndpointLoudlyAndNoSecret) {
  const FinishedProcess text = run({"doctor"}, changed({}));
  EXPECT_EQ(text.code, 0) << text.output << text.errors;
  EXPECT_THAT(text.output, AllOf(HasSubstr("production: messages are really sent"), HasSubstr("OVERRIDDEN: http://127"),
                                 HasSubstr("****NDIN"), Not(HasSubstr("stand-in-session"))));
  const FinishedProcess document = run({"doctor", "--json"}, changed({}));
  const json::object doctor = json::parse(document.output).as_object();
  EXPECT_EQ(doctor.at("ok"), true);
  for (const json::value& check : doctor.at("checks").as_array()) {
    if (check.at("outcome") != "ok") EXPECT_FALSE(check.at("next_step").as_string().empty()) << check;
  }
}

TEST_F(ProductionStart, DoctorTellsWhatTheAccountLacks) {
  aws_.change_account(R"({"identities":{"example.com":false},"email_configuration_sets":[],"production_access":false,
      "pools":[],"sms_tier":"SANDBOX","sms_spend_limit":1,"whatsapp_quality":"RED","templates":[]})");
  const FinishedProcess doctor = run({"doctor", "--json"}, changed({}));
  std::map<std::string, std::string> found;
  for (const json::value& check : json::parse(doctor.output).at("checks").as_array()) {
    const std::string outcome = check.at("outcome").as_string().c_str();
    found[check.at("subject").as_string().c_str()] = outcome + ": " + check.at("found").as_string().c_str();
  }
  EXPECT_THAT(found["SES identity"], HasSubstr("failed: example.com is not verified"));
  EXPECT_THAT(found["SES events"], HasSubstr("failed: 'clarion' does not exist"));
  EXPECT_THAT(found["SES account"], HasSubstr("warning: sandbox"));
  EXPECT_THAT(found["SMS pool"], HasSubstr("failed: 'pool-0123456789abcdef0123456789abcdef' does not exist"));
  EXPECT_THAT(found["SMS account"], HasSubstr("warning: sandbox"));
  EXPECT_THAT(found["SMS spend limit"], HasSubstr("warning: $1.00 a month"));
  EXPECT_THAT(found["WhatsApp number"], HasSubstr("warning: its quality is RED"));
  EXPECT_THAT(found["WhatsApp templates"], HasSubstr("warning: none is approved"));
}

TEST_F(ProductionStart, DoctorEndsWithAFailureWhenProductionCouldNotStart) {
  const FinishedProcess doctor = run({"doctor"}, changed({{"AWS_REGION", ""}, {"SENDER_EMAIL", "nobody"}}));
  EXPECT_NE(doctor.code, 0);
  EXPECT_THAT(doctor.output, AllOf(HasSubstr("failed"), ::testing::ContainsRegex("\nAWS_REGION +failed"),
                                   ::testing::ContainsRegex("\nSENDER_EMAIL +environment +failed +[^ ].*  +[^ ]"),
                                   ::testing::ContainsRegex("\nSETTING +SOURCE +CHECK +RESULT +NEXT STEP\n")));
}

}  // namespace
}  // namespace clarion::testing
