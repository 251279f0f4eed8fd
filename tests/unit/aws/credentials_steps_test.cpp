#include "aws/credentials_steps.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>

#include "aws/xml_text.h"
#include "fakes/aws_sources.h"
#include "fakes/manual_clock.h"
#include "fakes/scripted_transport.h"

namespace clarion {
namespace {

using namespace std::chrono_literals;
using Step = Task<CredentialsAnswer> (*)(CredentialsContext);

HttpReply reply(int status, std::string body) {
  return {status, {}, std::move(body)};
}

std::string sts_xml(const std::string& id) {
  return "<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>" + id +
         "</AccessKeyId><SecretAccessKey>s/&amp;+</SecretAccessKey><SessionToken>t==</SessionToken>"
         "<Expiration>2026-11-02T11:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>";
}

constexpr const char* json_keys =
    R"({"AccessKeyId":"AKID","SecretAccessKey":"s","Token":"t","Expiration":"2026-11-02T11:00:00Z","More":[1]})";

class CredentialsStepsTest : public ::testing::Test {
 protected:
  // "ID SECRET TOKEN until TIME (source)", "nothing", or "Kind: the error's sentence".
  std::string ask(Step step) {
    const auto config = AwsConfig::read(sources_.sources());
    if (!config) return config.error().message;
    auto future = asio::co_spawn(context_, step({*config, transport_, clock_}), asio::use_future);
    clock_.advance(10s);
    const CredentialsAnswer answer = future.get();
    if (!answer) return fmt::format("{}: {}", to_string(answer.error().kind), answer.error().message);
    if (!*answer) return "nothing";
    const IssuedCredentials& issued = **answer;
    return fmt::format("{} {} {} until {} ({})", issued.keys.access_key_id, issued.keys.secret_access_key,
                       issued.keys.session_token.empty() ? "-" : issued.keys.session_token,
                       issued.expires_at ? format_iso8601(*issued.expires_at) : "ever", issued.source);
  }
  void set_config(std::string text) { sources_.files["/h/.aws/config"] = std::move(text); }
  void set_credentials(std::string text) { sources_.files["/h/.aws/credentials"] = std::move(text); }
  [[nodiscard]] bool was_asked(std::size_t index, std::string_view part) const {
    return index < transport_.requests.size() && transport_.requests[index].contains(part);
  }

  asio::io_context context_;
  testing::ManualClock clock_{context_};
  testing::ScriptedTransport transport_;
  testing::FakeAwsSources sources_{.variables = {{"HOME", "/h"}, {"AWS_REGION", "eu-west-1"}}, .files = {}};
};

TEST_F(CredentialsStepsTest, TheEnvironmentNeedsBothHalvesOfAKey) {
  EXPECT_EQ(ask(environment_credentials), "nothing");
  sources_.variables["AWS_ACCESS_KEY_ID"] = "AKID";
  EXPECT_EQ(ask(environment_credentials),
            "invalid: AWS_ACCESS_KEY_ID is set and AWS_SECRET_ACCESS_KEY is not; set both or neither.");
  sources_.variables["AWS_SECRET_ACCESS_KEY"] = "s";
  EXPECT_EQ(ask(environment_credentials), "AKID s - until ever (AWS_ACCESS_KEY_ID)");
  sources_.variables["AWS_SECURITY_TOKEN"] = "old";
  EXPECT_EQ(ask(environment_credentials), "AKID s old until ever (AWS_ACCESS_KEY_ID)");
  sources_.variables["AWS_SESSION_TOKEN"] = "t";
  sources_.variables["AWS_CREDENTIAL_EXPIRATION"] = "2026-11-02T11:00:00Z";
  EXPECT_EQ(ask(environment_credentials), "AKID s t until 2026-11-02T11:00:00.000Z (AWS_ACCESS_KEY_ID)");
  sources_.variables["AWS_CREDENTIAL_EXPIRATION"] = "tomorrow";
  EXPECT_EQ(ask(environment_credentials),
            "invalid: AWS_CREDENTIAL_EXPIRATION must be a time such as 2026-11-22T20:15:30Z.");
  sources_.variables["AWS_ACCESS_KEY_ID"] = "";
  EXPECT_EQ(ask(environment_credentials),
            "invalid: AWS_SECRET_ACCESS_KEY is set and AWS_ACCESS_KEY_ID is not; set both or neither.");
}

TEST_F(CredentialsStepsTest, KeysOfAProfileComeFromTheCredentialsFileBeforeTheConfigFile) {
  EXPECT_EQ(ask(profile_credentials), "nothing");
  set_config("[default]\naws_access_key_id = CONFIG\naws_secret_access_key = c\n");
  EXPECT_EQ(ask(profile_credentials), "CONFIG c - until ever (profile 'default' of ~/.aws/config)");
  set_credentials("[default]\naws_access_key_id = SHARED\naws_secret_access_key = s\naws_session_token = t\n");
  EXPECT_EQ(ask(profile_credentials), "SHARED s t until ever (profile 'default' of ~/.aws/credentials)");
  set_credentials("[default]\naws_access_key_id = SHARED\n");
  EXPECT_EQ(
      ask(profile_credentials),
      "invalid: profile 'default' of ~/.aws/credentials has aws_access_key_id and no aws_secret_access_key; add it.");
}

TEST_F(CredentialsStepsTest, WhatIsNotSupportedIsNamedWithWhatToDoInstead) {
  set_config("[default]\nsso_session = corp\nsso_account_id = 1\n");
  EXPECT_TRUE(ask(profile_credentials).starts_with("denied: Profile 'default' signs in through IAM Identity Center"));
  EXPECT_TRUE(ask(profile_credentials).contains("aws configure export-credentials --profile default --format env"));
  set_config("[default]\nlogin_session = x\n");
  EXPECT_TRUE(ask(profile_credentials).contains("`aws login`"));
  set_config("[default]\ncredential_process = /bin/keys\n");
  EXPECT_EQ(
      ask(profile_credentials),
      "denied: Profile 'default' gets its keys from a program (credential_process), which Clarion does not run; set "
      "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or use a role.");
  set_config("[default]\nrole_arn = R\nsource_profile = x\nmfa_serial = m\n");
  EXPECT_TRUE(ask(role_credentials).starts_with("denied: Profile 'default' asks for a code of a device (mfa_serial)"));
  set_config("[default]\nrole_arn = R\nsource_profile = base\n[profile base]\nsso_start_url = u\n");
  EXPECT_TRUE(ask(role_credentials).starts_with("denied: Profile 'base' signs in"));
}

TEST_F(CredentialsStepsTest, ARoleIsAssumedWithTheKeysOfItsSourceProfile) {
  set_config(
      "[profile shop]\nrole_arn = arn:aws:iam::1:role/shop\nsource_profile = base\nexternal_id = e&1\n"
      "role_session_name = me\nduration_seconds = 900\n");
  set_credentials("[base]\naws_access_key_id = BASE\naws_secret_access_key = b\n");
  sources_.variables["AWS_PROFILE"] = "shop";
  transport_.answers = {reply(200, sts_xml("ROLE"))};
  EXPECT_EQ(ask(role_credentials),
            "ROLE s/&+ t== until 2026-11-02T11:00:00.000Z (role arn:aws:iam::1:role/shop by profile 'shop')");
  ASSERT_EQ(transport_.requests.size(), 1U);
  EXPECT_TRUE(was_asked(0, "POST / HTTP/1.1\r\nHost: sts.eu-west-1.amazonaws.com\r\n"));
  EXPECT_TRUE(was_asked(0, "Credential=BASE/20261102/eu-west-1/sts/aws4_request"));
  EXPECT_EQ(testing::body_of(transport_.requests[0]),
            "Action=AssumeRole&Version=2011-06-15&RoleArn=arn%3Aaws%3Aiam%3A%3A1%3Arole%2Fshop&RoleSessionName=me"
            "&DurationSeconds=900&ExternalId=e%261");
}

TEST_F(CredentialsStepsTest, RolesMayStandInARowButNotInACircle) {
  set_config(
      "[default]\nrole_arn = R1\nsource_profile = middle\n"
      "[profile middle]\nrole_arn = R2\nsource_profile = base\n"
      "[profile base]\naws_access_key_id = BASE\naws_secret_access_key = b\n");
  transport_.answers = {reply(200, sts_xml("MIDDLE")), reply(200, sts_xml("FINAL"))};
  EXPECT_TRUE(ask(role_credentials).starts_with("FINAL "));
  EXPECT_TRUE(was_asked(0, "Credential=BASE/") && was_asked(0, "RoleArn=R2"));
  EXPECT_TRUE(was_asked(1, "Credential=MIDDLE/") && was_asked(1, "RoleArn=R1"));

  set_config("[default]\nrole_arn = R1\nsource_profile = b\n[profile b]\nrole_arn = R2\nsource_profile = default\n");
  EXPECT_EQ(ask(role_credentials),
            "invalid: Profile 'b': its source_profile leads back to itself; let it end at a profile with keys.");
  set_config(
      "[default]\nrole_arn = R1\nsource_profile = default\naws_access_key_id = OWN\naws_secret_access_key = o\n");
  transport_.answers = {reply(200, sts_xml("SELF"))};
  EXPECT_TRUE(ask(role_credentials).starts_with("SELF ")) << "a profile may assume its role with its own keys";
}

TEST_F(CredentialsStepsTest, ARolesSourceMustBeSaidOnceAndExist) {
  const auto said = [this](const std::string& lines) {
    set_config("[default]\nrole_arn = R\n" + lines);
    return ask(role_credentials);
  };
  EXPECT_EQ(said(""), "invalid: Profile 'default': role_arn needs source_profile or credential_source beside it.");
  EXPECT_EQ(said("source_profile = a\ncredential_source = Environment\n"),
            "invalid: Profile 'default': it has source_profile and credential_source; keep one of them.");
  EXPECT_EQ(said("source_profile = gone\n"),
            "invalid: Profile 'default': its source_profile 'gone' is in neither ~/.aws/config nor ~/.aws/credentials; "
            "correct the name or add it.");
  EXPECT_EQ(said("source_profile = empty\n[profile empty]\nregion = x\n"),
            "invalid: Profile 'default': its source_profile 'empty' has no keys and no role; add them, or use "
            "credential_source.");
  EXPECT_EQ(
      said("credential_source = Magic\n"),
      "invalid: Profile 'default': its credential_source must be Environment, Ec2InstanceMetadata or EcsContainer.");
  EXPECT_EQ(said("credential_source = Environment\n"),
            "denied: Profile 'default': its credential_source Environment gave no credentials.");
  sources_.variables["AWS_ACCESS_KEY_ID"] = "ENV";
  sources_.variables["AWS_SECRET_ACCESS_KEY"] = "s";
  transport_.answers = {reply(200, sts_xml("ROLE"))};
  EXPECT_TRUE(said("credential_source = Environment\n").starts_with("ROLE "));
  EXPECT_TRUE(was_asked(0, "Credential=ENV/"));
}

TEST_F(CredentialsStepsTest, WhatStsRefusesSaysWhetherToTryAgain) {
  set_config("[default]\nrole_arn = R\nsource_profile = default\naws_access_key_id = A\naws_secret_access_key = b\n");
  // What passes is asked three times.
  const auto after = [this](const testing::TransportAnswer& answer) {
    transport_.answers = {answer, answer, answer};
    return ask(role_credentials);
  };
  EXPECT_EQ(after(reply(403,
                        "<ErrorResponse><Error><Code>AccessDenied</Code><Message>not &quot;you&quot;</Message>"
                        "</Error></ErrorResponse>")),
            "denied: STS refused the role R (AccessDenied): not \"you\"");
  for (const std::string code :
       {"IDPCommunicationError", "RequestTimeout", "RequestTimeoutException", "Throttling", "SlowDown"}) {
    EXPECT_EQ(after(reply(400, "<E><Code>" + code + "</Code><Message>later</Message></E>")),
              "unavailable: STS refused the role R (" + code + "): later");
  }
  EXPECT_EQ(after(reply(503, "busy")), "unavailable: STS refused the role R (503): no reason given");
  EXPECT_EQ(after(std::unexpected(TransportFailure{Reach::NotSent, "cannot reach sts"})),
            "unavailable: STS could not be asked for the role R: cannot reach sts");
  EXPECT_EQ(after(reply(200, "<html>")),
            "unavailable: STS answered for the role R without credentials; is the endpoint of STS right?");
}

TEST_F(CredentialsStepsTest, AWebIdentityIsExchangedUnsignedAndItsFileReadEachTime) {
  EXPECT_EQ(ask(web_identity_credentials), "nothing");
  sources_.variables["AWS_WEB_IDENTITY_TOKEN_FILE"] = "/token";
  EXPECT_EQ(ask(web_identity_credentials),
            "invalid: AWS_WEB_IDENTITY_TOKEN_FILE is set without the role it is for; set AWS_ROLE_ARN.");
  sources_.variables["AWS_ROLE_ARN"] = "R";
  EXPECT_EQ(ask(web_identity_credentials),
            "invalid: The web identity token /token cannot be read: There is no file /token.");
  sources_.files["/token"] = "a.b+c\n";
  transport_.answers = {reply(200, sts_xml("WEB"))};
  EXPECT_EQ(ask(web_identity_credentials),
            "WEB s/&+ t== until 2026-11-02T11:00:00.000Z (role R by AWS_WEB_IDENTITY_TOKEN_FILE)");
  EXPECT_TRUE(was_asked(0, "POST / HTTP/1.1\r\nHost: sts.eu-west-1.amazonaws.com\r\n"));
  EXPECT_FALSE(was_asked(0, "Authorization"));
  EXPECT_TRUE(testing::body_of(transport_.requests[0]).ends_with("&WebIdentityToken=a.b%2Bc"))
      << transport_.requests[0];
  EXPECT_TRUE(was_asked(0, "&RoleSessionName=clarion-"));
  sources_.files["/token"] = "second";
  transport_.answers = {reply(500, ""), reply(200, sts_xml("WEB"))};
  EXPECT_TRUE(ask(web_identity_credentials).starts_with("WEB ")) << "a passing fault is asked again";
  EXPECT_TRUE(was_asked(2, "WebIdentityToken=second"));
}

TEST_F(CredentialsStepsTest, AProfilesWebIdentityIsTakenWhenNoVariableNamesOne) {
  set_config("[default]\nweb_identity_token_file = /t\nrole_session_name = me\n");
  sources_.files["/t"] = "x";
  EXPECT_TRUE(ask(web_identity_credentials).contains("set role_arn in the same profile"));
  set_config("[default]\nweb_identity_token_file = /t\nrole_arn = R\n");
  EXPECT_EQ(ask(role_credentials), "nothing");
  transport_.answers = {reply(200, sts_xml("WEB"))};
  EXPECT_TRUE(ask(web_identity_credentials).ends_with("by web_identity_token_file of profile 'default')"));
}

TEST_F(CredentialsStepsTest, TheContainersEndpointIsAskedWithItsToken) {
  EXPECT_EQ(ask(container_credentials), "nothing");
  sources_.variables["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = "http://169.254.170.23/v1/credentials?a=b";
  sources_.variables["AWS_CONTAINER_AUTHORIZATION_TOKEN"] = "from-variable";
  sources_.variables["AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"] = "/token";
  sources_.files["/token"] = "from-file\n";
  transport_.answers = {reply(200, json_keys)};
  EXPECT_EQ(ask(container_credentials),
            "AKID s t until 2026-11-02T11:00:00.000Z (container credentials endpoint 169.254.170.23)");
  EXPECT_TRUE(was_asked(0, "GET /v1/credentials?a=b HTTP/1.1\r\nHost: 169.254.170.23\r\n"));
  EXPECT_TRUE(was_asked(0, "\r\nAuthorization: from-file\r\n"));
  sources_.variables["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"] = "/v2/id";
  transport_.answers = {reply(200, json_keys)};
  EXPECT_TRUE(ask(container_credentials).contains("169.254.170.2)"));
  EXPECT_TRUE(was_asked(1, "GET /v2/id HTTP/1.1\r\nHost: 169.254.170.2\r\n"));
}

TEST_F(CredentialsStepsTest, TheContainersTokenNeverLeavesTheMachineInPlainText) {
  struct Case {
    const char* url;
    bool is_asked;
  };
  for (const Case& one :
       {Case{"http://localhost:1/x", true}, Case{"http://127.0.0.2/x", true}, Case{"http://[::1]/x", true},
        Case{"http://169.254.170.2/x", true}, Case{"http://[fd00:ec2::23]/x", true},
        Case{"https://anywhere.example/x", true}, Case{"http://anywhere.example/x", false},
        Case{"http://127.0.0.1.evil.example/x", false}, Case{"http://169.254.169.254/x", false},
        Case{"http://10.0.0.1/x", false}, Case{"http://127.evil/x", false}}) {
    sources_.variables["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = one.url;
    transport_.answers = {reply(200, json_keys)};
    transport_.requests.clear();
    const std::string said = ask(container_credentials);
    EXPECT_EQ(transport_.requests.size(), one.is_asked ? 1U : 0U) << one.url;
    EXPECT_EQ(said.contains("must be https, or http to this machine"), !one.is_asked) << said;
  }
}

TEST_F(CredentialsStepsTest, TheContainersEndpointIsAskedThreeTimes) {
  sources_.variables["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"] = "/x";
  transport_.answers = {reply(500, ""), std::unexpected(TransportFailure{Reach::NotSent, "refused"}),
                        reply(200, json_keys)};
  EXPECT_TRUE(ask(container_credentials).starts_with("AKID "));
  transport_.answers = {reply(403, "secret words")};
  EXPECT_EQ(ask(container_credentials),
            "denied: The container credentials endpoint 169.254.170.2 answered 403; does the task have a role?");
  transport_.answers = {reply(200, "{\"SecretAccessKey\":\"s\"}")};
  EXPECT_EQ(ask(container_credentials),
            "unavailable: The container credentials endpoint 169.254.170.2 answered without credentials.");
  sources_.variables["AWS_CONTAINER_AUTHORIZATION_TOKEN"] = "a\r\nX: y";
  EXPECT_TRUE(ask(container_credentials).starts_with("invalid: AWS_CONTAINER_AUTHORIZATION_TOKEN holds a line end"));
}

TEST_F(CredentialsStepsTest, AnInstanceIsAskedByVersionTwoOfItsMetadataService) {
  transport_.answers = {reply(200, "TOKEN"), reply(200, "my-role\n"), reply(200, json_keys)};
  EXPECT_EQ(ask(instance_credentials),
            "AKID s t until 2026-11-02T11:00:00.000Z (instance metadata service, role my-role)");
  ASSERT_EQ(transport_.requests.size(), 3U);
  EXPECT_TRUE(was_asked(0, "PUT /latest/api/token HTTP/1.1\r\nHost: 169.254.169.254\r\n"));
  EXPECT_TRUE(was_asked(0, "x-aws-ec2-metadata-token-ttl-seconds: 21600\r\nContent-Length: 0\r\n\r\n"));
  EXPECT_TRUE(was_asked(1, "GET /latest/meta-data/iam/security-credentials/ HTTP/1.1"));
  EXPECT_TRUE(was_asked(2, "GET /latest/meta-data/iam/security-credentials/my-role HTTP/1.1"));
  EXPECT_TRUE(was_asked(2, "x-aws-ec2-metadata-token: TOKEN\r\n"));

  sources_.variables["AWS_EC2_METADATA_SERVICE_ENDPOINT"] = "http://[fd00:ec2::254]/";
  transport_.answers = {reply(200, "TOKEN"), reply(200, "r"), reply(200, json_keys)};
  EXPECT_TRUE(ask(instance_credentials).starts_with("AKID "));
  EXPECT_TRUE(was_asked(3, "PUT /latest/api/token HTTP/1.1\r\nHost: [fd00:ec2::254]\r\n"));
}

TEST_F(CredentialsStepsTest, NoInstanceOrNoRoleIsNothingAndAHalfAnswerIsAnError) {
  const auto after = [this](std::deque<testing::TransportAnswer> answers) {
    transport_.answers = std::move(answers);
    transport_.requests.clear();
    return ask(instance_credentials);
  };
  EXPECT_EQ(after({}), "nothing") << "a laptop";
  EXPECT_EQ(transport_.requests.size(), 1U) << "asked once, so that nothing hangs";
  EXPECT_EQ(after({reply(404, "")}), "nothing") << "no tokens there";
  EXPECT_EQ(after({reply(200, "TOKEN"), reply(404, "")}), "nothing") << "an instance without a role";
  EXPECT_EQ(after({reply(503, "")}), "unavailable: The instance metadata service answered 503.");
  EXPECT_EQ(after({reply(200, "TOKEN")}),
            "unavailable: The instance metadata service did not say which role the instance has.");
  EXPECT_EQ(after({reply(200, "TOKEN"), reply(200, "r"), reply(500, "")}),
            "unavailable: The instance metadata service gave no credentials of the role r (500).");
  sources_.variables["AWS_EC2_METADATA_DISABLED"] = "True";
  EXPECT_EQ(after({reply(200, "TOKEN")}), "nothing");
  EXPECT_TRUE(transport_.requests.empty());
}

TEST_F(CredentialsStepsTest, ExpiredKeysOfAnInstanceAreUsedOnForAWhile) {
  clock_.shift_wall(2h);
  transport_.answers = {reply(200, "TOKEN"), reply(200, "r"), reply(200, json_keys)};
  EXPECT_TRUE(ask(instance_credentials).starts_with("AKID s t until 2026-11-02T12:10:00.000Z"));
}

TEST(XmlText, IsTheFirstOfItsTagWithEntitiesResolved) {
  EXPECT_EQ(find_xml_text("<a><b>1 &lt;&amp;lt;&quot;&apos;&gt; &x</b><b>2</b></a>", "b"), "1 <&lt;\"'> &x");
  EXPECT_EQ(find_xml_text("<a><b/></a>", "b"), "");
  EXPECT_EQ(find_xml_text("<b>1", "b"), "");
}

}  // namespace
}  // namespace clarion
