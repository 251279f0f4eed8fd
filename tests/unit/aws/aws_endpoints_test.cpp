#include "aws/aws_endpoints.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <stdexcept>

#include "aws/service_url.h"
#include "fakes/aws_sources.h"

namespace clarion {
namespace {

class AwsEndpointsTest : public ::testing::Test {
 protected:
  AwsConfig config() {
    auto read = AwsConfig::read(sources_.sources());
    if (!read) throw std::runtime_error(read.error().message);
    return std::move(*read);
  }
  // "URL by NAME", or the error's sentence.
  std::string endpoint(AwsService service) {
    const auto chosen = choose_aws_endpoint(config(), service);
    if (!chosen) return chosen.error().message;
    return chosen->url() + (chosen->overridden_by.empty() ? "" : " by " + chosen->overridden_by);
  }

  testing::FakeAwsSources sources_{.variables = {{"AWS_REGION", "eu-west-1"}, {"HOME", "/home/ana"}}, .files = {}};
};

TEST_F(AwsEndpointsTest, EveryServiceHasItsHostAndSigningName) {
  struct Case {
    AwsService service;
    const char* host;
    const char* signing_name;
  };
  using enum AwsService;
  for (const Case& one : {Case{Sms, "sms-voice", "sms-voice"}, Case{WhatsApp, "social-messaging", "social-messaging"},
                          Case{Email, "email", "ses"}, Case{DynamoDb, "dynamodb", "dynamodb"}, Case{Sqs, "sqs", "sqs"},
                          Case{Sns, "sns", "sns"}, Case{Sts, "sts", "sts"},
                          Case{BedrockRuntime, "bedrock-runtime", "bedrock"}, Case{CloudWatchLogs, "logs", "logs"}}) {
    const auto chosen = choose_aws_endpoint(config(), one.service);
    ASSERT_TRUE(chosen);
    EXPECT_EQ(chosen->url(), "https://" + std::string(one.host) + ".eu-west-1.amazonaws.com");
    EXPECT_EQ(chosen->endpoint.signing_name, one.signing_name);
    EXPECT_EQ(chosen->endpoint.region, "eu-west-1");
    EXPECT_EQ(chosen->overridden_by, "");
  }
  sources_.variables["AWS_REGION"] = "cn-north-1";
  EXPECT_EQ(endpoint(Sqs), "https://sqs.cn-north-1.amazonaws.com.cn");
}

TEST_F(AwsEndpointsTest, TheServicesOwnVariableWinsOverTheCommonOneAndBothOverTheProfile) {
  sources_.files["/home/ana/.aws/config"] =
      "[default]\n"
      "services = fakes\n"
      "endpoint_url = http://profile:1\n"
      "[services fakes]\n"
      "sesv2 =\n"
      "  endpoint_url = http://section:2/ses/\n";
  EXPECT_EQ(endpoint(AwsService::Email),
            "http://section:2/ses by endpoint_url of sesv2 in [services fakes] of ~/.aws/config");
  EXPECT_EQ(endpoint(AwsService::Sqs), "http://profile:1 by endpoint_url of profile 'default'");
  sources_.variables["AWS_ENDPOINT_URL"] = "http://[::1]:4566";
  EXPECT_EQ(endpoint(AwsService::Email), "http://[::1]:4566 by AWS_ENDPOINT_URL");
  sources_.variables["AWS_ENDPOINT_URL_SESV2"] = "https://ses.example/base//";
  EXPECT_EQ(endpoint(AwsService::Email), "https://ses.example/base by AWS_ENDPOINT_URL_SESV2");
  EXPECT_EQ(endpoint(AwsService::Sms), "http://[::1]:4566 by AWS_ENDPOINT_URL");
  sources_.variables["AWS_ENDPOINT_URL_PINPOINT_SMS_VOICE_V2"] = "http://sms.example";
  EXPECT_EQ(endpoint(AwsService::Sms), "http://sms.example by AWS_ENDPOINT_URL_PINPOINT_SMS_VOICE_V2");
  const auto chosen = choose_aws_endpoint(config(), AwsService::Sms);
  EXPECT_EQ(chosen->endpoint.region, "eu-west-1") << "what is signed for does not change";
  sources_.variables["AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"] = "true";
  EXPECT_EQ(endpoint(AwsService::Email), "https://email.eu-west-1.amazonaws.com");
}

TEST_F(AwsEndpointsTest, TheRegionComesFromTheVariablesThenTheProfile) {
  sources_.variables["AWS_DEFAULT_REGION"] = "us-west-2";
  EXPECT_EQ(choose_aws_region(config()), "eu-west-1");
  sources_.variables["AWS_REGION"] = "";
  EXPECT_EQ(choose_aws_region(config()), "us-west-2");
  sources_.variables.erase("AWS_DEFAULT_REGION");
  sources_.files["/home/ana/.aws/config"] = "[profile shop]\nregion = ap-south-1 # Mumbai\n";
  EXPECT_EQ(choose_aws_region(config()).error().message,
            "Set AWS_REGION to the region of your AWS services, such as us-east-1.");
  sources_.variables["AWS_PROFILE"] = "shop";
  EXPECT_EQ(choose_aws_region(config()), "ap-south-1");
  sources_.variables["AWS_REGION"] = "us-east-1.evil.example/";
  EXPECT_EQ(choose_aws_region(config()).error().message,
            "AWS_REGION is 'us-east-1.evil.example/', which is not the name of a region such as us-east-1.");
}

TEST_F(AwsEndpointsTest, ABadUrlIsNamedAndNotRepeated) {
  for (const char* url : {"ftp://host", "host:4566", "http://", "http://user:secret@host", "http://host:0",
                          "http://host:99999", "http://host:1x", "http://[::1", "http://[x]", "http://host/a b",
                          "http://host/\r\nX: y", "http://host/#f", "http://ho st"}) {
    sources_.variables["AWS_ENDPOINT_URL_SQS"] = url;
    const std::string said = endpoint(AwsService::Sqs);
    EXPECT_TRUE(said.starts_with("AWS_ENDPOINT_URL_SQS must be a URL such as")) << url << ": " << said;
    EXPECT_FALSE(said.contains("secret"));
  }
  sources_.variables["AWS_ENDPOINT_URL_SQS"] = "http://host/?a=b";
  EXPECT_EQ(endpoint(AwsService::Sqs), "AWS_ENDPOINT_URL_SQS must not carry a query ('?').");
}

TEST(ServiceUrl, IsSplitIntoOriginPathAndQuery) {
  const auto url = parse_service_url("X", "http://169.254.170.2/v2/credentials?id=1");
  ASSERT_TRUE(url);
  EXPECT_EQ(url->origin, (HttpOrigin{false, "169.254.170.2", 80}));
  EXPECT_EQ(url->path, "/v2/credentials");
  EXPECT_EQ(url->query, "id=1");
  EXPECT_EQ(parse_service_url("X", "https://[fd00:ec2::23]")->origin.authority(), "[fd00:ec2::23]");
}

TEST_F(AwsEndpointsTest, FilesAreMergedByProfileAndTheCredentialsFileWins) {
  sources_.variables["AWS_CONFIG_FILE"] = "/etc/aws/config";
  sources_.files["/etc/aws/config"] =
      "# comment\r\n"
      "[default]\r\n"
      "region=us-east-1\r\n"
      "[profile \"my shop\"]\r\n"
      "Region = eu-central-1\r\n"
      "aws_access_key_id = CONFIG ; a comment\r\n"
      "s3 =\r\n"
      "  max_concurrent_requests = 20\r\n"
      "  addressing_style = path\r\n"
      "[profile indented]\r\n"
      "  region = us-west-1\r\n"
      "  output = json\r\n"
      "[sso-session ignored]\r\n"
      "sso_region = x\r\n";
  sources_.files["/home/ana/.aws/credentials"] =
      "[my shop]\naws_access_key_id = SHARED\naws_secret_access_key = a#b;c=d\n";
  sources_.variables["AWS_PROFILE"] = "my shop";
  const AwsConfig read = config();
  EXPECT_EQ(read.profile().name, "my shop");
  EXPECT_EQ(read.profile().find("aws_access_key_id"), "SHARED");
  EXPECT_EQ(read.profile().find("aws_secret_access_key"), "a#b;c=d");
  EXPECT_EQ(read.profile().find("region"), "eu-central-1");
  EXPECT_EQ(read.profile().find("s3.max_concurrent_requests"), "20");
  EXPECT_EQ(read.profile().find("s3.addressing_style"), "path");
  EXPECT_EQ(read.profile().find("max_concurrent_requests"), "");
  EXPECT_EQ(read.find_profile("indented")->find("output"), "json");
  EXPECT_EQ(read.find_profile("default")->find("region"), "us-east-1");
  EXPECT_EQ(read.find_profile("sso-session ignored"), nullptr);
}

TEST_F(AwsEndpointsTest, WhatIsWrongWithAFileNamesTheLineAndNoValue) {
  const auto said = [this](const std::string& text) {
    sources_.files["/home/ana/.aws/credentials"] = text;
    const auto read = AwsConfig::read(sources_.sources());
    return read ? "fine" : read.error().message;
  };
  EXPECT_EQ(said("[default\n"), "~/.aws/credentials line 1: a section must look like [name].");
  EXPECT_EQ(said("\nkey = secret\n"), "~/.aws/credentials line 2: a [section] must come first.");
  EXPECT_EQ(said("[default]\nsecret\n"), "~/.aws/credentials line 2: expected key = value.");
  EXPECT_EQ(said(""), "fine");
  sources_.variables["AWS_PROFILE"] = "gone";
  EXPECT_EQ(
      said("[default]"),
      "AWS_PROFILE is 'gone', and neither ~/.aws/config nor ~/.aws/credentials has such a profile; correct the name "
      "or add it.");
}

TEST(ConfigFile, IsReadWholeAndItsAbsenceIsNotFound) {
  const std::string path = ::testing::TempDir() + "clarion-config-file-" + std::to_string(::getpid());
  EXPECT_EQ(read_config_file(path).error().kind, ErrorKind::NotFound);
  std::ofstream(path) << "[default]\nregion = x\n";
  EXPECT_EQ(read_config_file(path), "[default]\nregion = x\n");
  std::ofstream(path) << std::string((1U << 20U) + 1, 'x');
  EXPECT_EQ(read_config_file(path).error().kind, ErrorKind::Invalid);
  std::filesystem::remove(path);
}

}  // namespace
}  // namespace clarion
