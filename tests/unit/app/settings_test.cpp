#include "app/settings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <set>
#include <sstream>

namespace clarion {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

Settings load(std::map<std::string, std::string> environment, std::optional<std::string> dotenv = {}) {
  auto settings = load_settings({.flags = {}, .environment = std::move(environment), .dotenv = std::move(dotenv)});
  EXPECT_TRUE(settings) << settings.error().message;
  return settings.value_or(Settings{});
}

std::string source_of(const Settings& settings, std::string_view name) {
  const auto found = std::ranges::find(settings.values, name, &SettingValue::name);
  return found == settings.values.end() ? "absent" : found->value + " from " + found->source;
}

TEST(Settings, DefaultsAreTheLocalEnvironment) {
  const Settings settings = load({});
  EXPECT_FALSE(settings.is_production);
  EXPECT_EQ(settings.host, "127.0.0.1");
  EXPECT_EQ(settings.port, 5000);
  EXPECT_EQ(settings.data_dir, "data/local");
  EXPECT_EQ(settings.max_tps, 1000);
  EXPECT_EQ(source_of(settings, "CLARION_PORT"), "5000 from default");
  EXPECT_EQ(source_of(settings, "AWS_REGION"), " from not set");
}

TEST(Settings, AFlagWinsOverTheEnvironmentWhichWinsOverTheFile) {
  const SettingInputs inputs{.flags = {{"CLARION_PORT", "1"}},
                             .environment = {{"CLARION_PORT", "2"}, {"CLARION_HOST", "::1"}},
                             .dotenv = "CLARION_PORT=3\nCLARION_HOST=0.0.0.0\nCLARION_WORKERS=4\n"};
  const auto settings = load_settings(inputs);
  ASSERT_TRUE(settings);
  EXPECT_EQ(source_of(*settings, "CLARION_PORT"), "1 from flag");
  EXPECT_EQ(source_of(*settings, "CLARION_HOST"), "::1 from environment");
  EXPECT_EQ(source_of(*settings, "CLARION_WORKERS"), "4 from .env");
}

TEST(Settings, AnEmptyValueCountsAsNotSet) {
  EXPECT_EQ(source_of(load({{"CLARION_PORT", ""}}, "CLARION_PORT=81"), "CLARION_PORT"), "81 from .env");
}

TEST(Settings, FlaskEnvMeansProductionUnlessClarionEnvSaysOtherwise) {
  EXPECT_TRUE(load({{"FLASK_ENV", "production"}}).is_production);
  EXPECT_FALSE(load({{"FLASK_ENV", "development"}}).is_production);
  EXPECT_FALSE(load({{"FLASK_ENV", "production"}, {"CLARION_ENV", "local"}}).is_production);
  EXPECT_TRUE(load({{"CLARION_ENV", "production"}}).is_production);
}

TEST(Settings, ProductionHasDefaultsOfItsOwn) {
  const Settings settings = load({{"CLARION_ENV", "production"}});
  EXPECT_EQ(settings.host, "0.0.0.0");
  EXPECT_EQ(settings.port, 8080);
  EXPECT_EQ(settings.workers, 4);
  EXPECT_EQ(settings.data_dir, "data/production");
  EXPECT_EQ(settings.store, StoreKind::DynamoDb);
  EXPECT_EQ(source_of(settings, "CLARION_PORT"), "8080 from default");
  EXPECT_EQ(load({{"CLARION_ENV", "production"}, {"CLARION_STORE", "sqlite"}}).store, StoreKind::Sqlite);
  EXPECT_FALSE(load_settings({.flags = {}, .environment = {{"CLARION_STORE", "dynamodb"}}, .dotenv = {}}));
}

TEST(Settings, AChannelIsSetUpWhenItsSenderIsNamed) {
  EXPECT_EQ(load({}).carriers.set_up(), (PerChannel<bool>{{false, false, false}}));
  const CarrierSettings carriers =
      load({{"PHONE_POOL_ID", "pool-1"}, {"SMS_MAX_PRICE", "0.05"}, {"SMS_TIME_TO_LIVE", "600"}},
           "SENDER_EMAIL=news@example.com\nSMS_PARTS_PER_SECOND=20\n")
          .carriers;
  EXPECT_EQ(carriers.set_up(), (PerChannel<bool>{{true, false, true}}));
  EXPECT_EQ(carriers.sms.max_price_usd, "0.05000");
  EXPECT_EQ(carriers.sms.time_to_live_seconds, 600);
  EXPECT_EQ(carriers.sms.quota->per_second, 20);
  EXPECT_EQ(carriers.email.from, "news@example.com");
}

TEST(Settings, TopicsAreNamedByTheirArns) {
  const std::string arn = "arn:aws:sns:us-east-1:123456789012:clarion-events";
  const std::string chinese = "arn:aws-cn:sns:cn-north-1:123456789012:e_2";
  EXPECT_EQ(load({{"EVENTS_TOPIC_ARNS", arn + ", " + chinese + ","}}).event_topics,
            (std::vector<std::string>{arn, chinese}));
  for (const std::string wrong : {"clarion-events", "arn:aws:sqs:us-east-1:123456789012:q", "arn:aws:sns:us-east-1:1:e",
                                  "arn:aws:sns:us-east-1:123456789012", "arn:aws:sns:us-east-1:123456789012:e:more"}) {
    EXPECT_FALSE(load_settings({.flags = {}, .environment = {{"EVENTS_TOPIC_ARNS", wrong}}, .dotenv = {}})) << wrong;
  }
}

TEST(Settings, TheEnvironmentIsHandedOnWithTheFileUnderIt) {
  const Settings settings = load({{"AWS_PROFILE", "shop"}, {"AWS_REGION", ""}}, "AWS_PROFILE=x\nAWS_REGION=eu-west-1");
  EXPECT_EQ(settings.environment.at("AWS_PROFILE"), "shop");
  EXPECT_EQ(settings.environment.at("AWS_REGION"), "eu-west-1");
}

TEST(Settings, EveryWrongValueIsNamedAtOnce) {
  const auto settings = load_settings({.flags = {},
                                       .environment = {{"CLARION_PORT", "70000"},
                                                       {"CLARION_MAX_TPS", "fast"},
                                                       {"CLARION_SIM_FAILURE_RATE", "-0.1"},
                                                       {"CLARION_SIM_SEED", "-1"},
                                                       {"CLARION_ENV", "staging"},
                                                       {"PUBLIC_URL", "example.com"}},
                                       .dotenv = {}});
  ASSERT_FALSE(settings);
  EXPECT_EQ(settings.error().kind, ErrorKind::Invalid);
  EXPECT_THAT(settings.error().message,
              AllOf(HasSubstr("CLARION_PORT is '70000' (from environment) but must be a whole number from 0 to 65535"),
                    HasSubstr("CLARION_MAX_TPS is 'fast'"), HasSubstr("CLARION_SIM_FAILURE_RATE"),
                    HasSubstr("CLARION_SIM_SEED"), HasSubstr("CLARION_ENV"), HasSubstr("PUBLIC_URL")));
}

TEST(Settings, NumbersThatAreNotNumbersAreRefused) {
  for (const std::string bad : {"nan", "inf", "1e999", "10 ", "1,5", "0x10", "0", "-5"}) {
    EXPECT_FALSE(load_settings({.flags = {}, .environment = {{"CLARION_MAX_TPS", bad}}, .dotenv = {}})) << bad;
  }
}

TEST(Settings, SecretsAreMaskedWhereTheyAreShown) {
  const Settings settings = load({{"AWS_SECRET_ACCESS_KEY", "wJalrXUtnFEMI"}, {"AWS_REGION", "eu-west-1"}});
  EXPECT_EQ(source_of(settings, "AWS_SECRET_ACCESS_KEY"), "*** (13 characters) from environment");
  EXPECT_EQ(source_of(settings, "AWS_REGION"), "eu-west-1 from environment");
}

TEST(Settings, AMistypedNameIsReported) {
  EXPECT_THAT(load({{"CLARION_MAXTPS", "5"}}).warnings, ElementsAre(HasSubstr("CLARION_MAXTPS is not a setting")));
}

TEST(Settings, EndpointsPerServiceAreListed) {
  EXPECT_EQ(source_of(load({{"AWS_ENDPOINT_URL_SQS", "http://localhost:1"}}), "AWS_ENDPOINT_URL_SQS"),
            "http://localhost:1 from environment");
}

TEST(Settings, ATokenIsNeededWhereverOthersCanReachUs) {
  for (const std::string host : {"127.0.0.1", "127.0.0.2", "localhost", "::1"}) {
    EXPECT_FALSE(load({{"CLARION_HOST", host}}).requires_token()) << host;
    EXPECT_TRUE(load({{"CLARION_HOST", host}, {"CLARION_ENV", "production"}}).requires_token()) << host;
  }
  for (const std::string host : {"0.0.0.0", "::", "192.0.2.1", "example.com", "127.0.0.1.example.com"}) {
    EXPECT_TRUE(load({{"CLARION_HOST", host}}).requires_token()) << host;
  }
}

TEST(Settings, CorsOriginsAreListedOneByOne) {
  EXPECT_THAT(load({{"CLARION_CORS_ORIGINS", "https://a.example, https://b.example:8443"}}).cors_origins,
              ElementsAre("https://a.example", "https://b.example:8443"));
  const auto refused = load_settings({.flags = {}, .environment = {{"CLARION_CORS_ORIGINS", "*"}}, .dotenv = {}});
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message, HasSubstr("CLARION_CORS_ORIGINS is '*' (from environment) but must name each"));
}

TEST(Dotenv, ReadsWhatPeopleWrite) {
  const auto values = parse_dotenv(
      "\xEF\xBB\xBF# comment\r\nA=1\r\nexport B = two words # note\nC='x # y'\nD=\"q\" # after\nE=\n\nF=a#b\nA=2");
  ASSERT_TRUE(values) << values.error().message;
  EXPECT_EQ(*values, (std::map<std::string, std::string>{
                         {"A", "2"}, {"B", "two words"}, {"C", "x # y"}, {"D", "q"}, {"E", ""}, {"F", "a#b"}}));
}

TEST(Dotenv, NamesTheLineThatCannotBeRead) {
  EXPECT_THAT(parse_dotenv("A=1\nnonsense\n").error().message, HasSubstr("line 2"));
  EXPECT_THAT(parse_dotenv("A=\"1\n").error().message, HasSubstr("quotes around the value of A"));
  EXPECT_THAT(parse_dotenv("9A=1").error().message, HasSubstr("line 1"));
  EXPECT_FALSE(parse_dotenv(std::string_view("A\0=1", 4)));
}

TEST(ExampleConfiguration, ListsEverySettingWithItsDefaultAndNoOther) {
  std::ifstream file(CLARION_SOURCE_DIR "/deploy/clarion.env.example");
  ASSERT_TRUE(file) << "deploy/clarion.env.example is missing";
  std::set<std::string> in_file;
  std::string text;
  for (std::string line; std::getline(file, line); text += line + "\n") {
    // Every setting is written as a comment of its default, "# NAME=value", so the file changes nothing as it is.
    if (!line.starts_with("# ") || line.find('=') == std::string::npos) continue;
    const std::string name = line.substr(2, line.find('=') - 2);
    if (name.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ_") == std::string::npos) in_file.insert(name);
  }
  std::set<std::string> in_code;
  for (const SettingSpec& spec : setting_specs()) {
    in_code.emplace(spec.name);
    EXPECT_THAT(text, HasSubstr("# " + std::string(spec.name) + "=" + std::string(spec.default_text) + "\n"));
    EXPECT_THAT(text, HasSubstr(std::string(spec.effect)));
    EXPECT_THAT(text, HasSubstr("[" + std::string(spec.unit) + "]"));
  }
  EXPECT_EQ(in_file, in_code);
}

}  // namespace
}  // namespace clarion
