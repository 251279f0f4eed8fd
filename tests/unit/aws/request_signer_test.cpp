#include "aws/request_signer.h"

#include <gtest/gtest.h>
#include <openssl/sha.h>

#include <array>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

namespace clarion {
namespace {

const WallTime suite_time = *parse_iso8601("2015-08-30T12:36:00Z");

AwsCredentials suite_credentials(std::string token = "") {
  return {"AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", std::move(token)};
}

std::string sha256_hex(const std::string& text) {
  std::array<unsigned char, 32> digest{};
  SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data());
  std::ostringstream hex;
  for (const unsigned char byte : digest) hex << std::hex << (byte >> 4) << (byte & 15);
  return hex.str();
}

std::string signature_in(const std::string& authorization) {
  return authorization.substr(authorization.rfind('=') + 1);
}

std::vector<std::string> split(const std::string& text, const std::string& by) {
  std::vector<std::string> parts;
  std::size_t from = 0;
  for (std::size_t at = 0; (at = text.find(by, from)) != std::string::npos; from = at + by.size()) {
    parts.push_back(text.substr(from, at - from));
  }
  parts.push_back(text.substr(from));
  return parts;
}

TEST(RequestSigner, AgreesWithEveryCaseOfThePublicSuite) {
  std::ifstream file(CLARION_SOURCE_DIR "/tests/data/sigv4_cases.tsv");
  std::string line;
  int cases = 0;
  while (std::getline(file, line)) {
    if (line.starts_with('#')) continue;
    const auto columns = split(line, "\t");
    ASSERT_EQ(columns.size(), 9U) << line;
    const auto header_lines = split(columns[4], "\\n");
    UnsignedRequest request{
        .method = columns[1], .path = columns[2], .query = columns[3], .headers = {}, .body = columns[5]};
    for (const std::string& header : header_lines) {
      const auto colon = header.find(':');
      request.headers.push_back(
          {std::string_view(header).substr(0, colon), std::string_view(header).substr(colon + 1)});
    }
    RequestSigner signer(suite_credentials(columns[6]), "us-east-1", "service");
    const Signature signature = signer.sign(request, suite_time);
    EXPECT_EQ(sha256_hex(signer.canonical_request()), columns[7]) << columns[0] << "\n" << signer.canonical_request();
    EXPECT_EQ(signature_in(signature.authorization), columns[8]) << columns[0];
    ++cases;
  }
  EXPECT_EQ(cases, 34);
}

struct ServiceCase {
  const char* service;
  const char* region;
  const char* token;
  UnsignedRequest request;
  const char* canonical_hash;
  const char* signature;
};

// Requests of the services Clarion calls, and one of Bedrock's; signatures computed with botocore 1.43.
TEST(RequestSigner, AgreesWithBotocoreOnOurServices) {
  const std::vector<ServiceCase> cases{
      {"dynamodb",
       "us-east-1",
       "",
       {.method = "POST",
        .headers = {{"Host", "dynamodb.us-east-1.amazonaws.com"},
                    {"Content-Type", "application/x-amz-json-1.0"},
                    {"X-Amz-Target", "DynamoDB_20120810.GetItem"}},
        .body = R"({"TableName":"t","Key":{"pk":{"S":"a"}}})"},
       "5a6492397bc18dbdf087b965b8ec63efbbdaf16a19b4370420b0a58dcd720a1c",
       "45ee44bea424e226d0017dad9a154dfbd437f63bc9584bd80a68e5d1771a0269"},
      {"ses",
       "us-east-1",
       "",
       {.method = "GET",
        .path = "/v2/email/suppression/addresses/a%2Bb%40example.com",
        .headers = {{"Host", "email.us-east-1.amazonaws.com"}}},
       "7cf13ff9444f7899dfb0a14523cf898d87f6e3e7c82a062c15b38d79f2bcdfe2",
       "68c8a72d710cbcc432f26ecedccfec903c93fee2e61c1210ee43eb5df27de38f"},
      {"bedrock",  // the service with a colon in its paths, encoded twice in what is signed
       "us-east-1",
       "",
       {.method = "POST",
        .path = "/model/anthropic.claude-3-5-sonnet-20240620-v1%3A0/converse",
        .headers = {{"Host", "bedrock-runtime.us-east-1.amazonaws.com"}, {"Content-Type", "application/json"}},
        .body = R"({"messages":[]})"},
       "127a4a02e65affa6e57217c95583bdff3460ea9375db4fa5dc7b95046c2cd0c0",
       "40f11609b51d318bc71127993eb5b075cc12b3bde24aa11d2a25186d1fc1d196"},
      {"sms-voice",
       "eu-west-1",
       "TESTTOKEN",
       {.method = "POST",
        .headers = {{"Host", "127.0.0.1:4566"},
                    {"Content-Type", "application/x-amz-json-1.0"},
                    {"X-Amz-Target", "PinpointSMSVoiceV2.SendTextMessage"}},
        .body = R"({"DestinationPhoneNumber":"+12065550100","MessageBody":"hi"})"},
       "d46a8f6dc8eac34c4a91a70113489e2d3bd80e3d8315dfeea123584426d81e2b",
       "d1428e08f08d0054747a5a0e06a109f793e400c2fb44b6260145e05238dfb999"},
  };
  for (const ServiceCase& one : cases) {
    RequestSigner signer(suite_credentials(one.token), one.region, one.service);
    const Signature signature = signer.sign(one.request, suite_time);
    EXPECT_EQ(sha256_hex(signer.canonical_request()), one.canonical_hash) << signer.canonical_request();
    EXPECT_EQ(signature_in(signature.authorization), one.signature) << one.service;
  }
}

TEST(RequestSigner, SignsAlikeOnASecondUseAndOverMidnight) {
  RequestSigner used(suite_credentials(), "us-east-1", "service");
  const UnsignedRequest request{.method = "GET", .headers = {{"Host", "example.amazonaws.com"}}};
  for (const char* at : {"2015-08-30T12:36:00Z", "2015-08-31T00:00:01Z", "2015-08-30T12:36:00Z"}) {
    RequestSigner fresh(suite_credentials(), "us-east-1", "service");
    EXPECT_EQ(used.sign(request, *parse_iso8601(at)).authorization,
              fresh.sign(request, *parse_iso8601(at)).authorization)
        << at;
  }
}

// It keeps what two requests in a row have in common.
TEST(RequestSigner, SignsEachRequestAsIfItWereTheFirst) {
  const std::vector<SignedHeader> headers{{"Host", "example.amazonaws.com"}, {"X-Amz-Target", "Service.Call"}};
  const UnsignedRequest first{.method = "POST", .headers = headers, .body = "{}"};
  const std::vector<UnsignedRequest> requests{
      first,
      {.method = "POST", .headers = headers, .body = "{\"longer\":1}"},
      {.method = "GET", .headers = headers},
      {.method = "GET", .path = "/a", .headers = headers},
      {.method = "GET", .path = "/a", .query = "b=c", .headers = headers},
      {.method = "GET", .path = "/a", .query = "b=c", .headers = {headers[0]}},
      {.method = "GET", .path = "/a", .query = "b=c", .headers = {{"Host", "other.amazonaws.com"}}},
      first,
  };
  RequestSigner used(suite_credentials("TOKEN"), "us-east-1", "service");
  WallTime at = suite_time;
  for (const UnsignedRequest& request : requests) {
    for (int turn = 0; turn < 3; ++turn, at += std::chrono::milliseconds(700)) {
      RequestSigner fresh(suite_credentials("TOKEN"), "us-east-1", "service");
      const Signature expected = fresh.sign(request, at);
      const Signature signature = used.sign(request, at);
      EXPECT_EQ(used.canonical_request(), fresh.canonical_request());
      EXPECT_EQ(signature.amz_date, expected.amz_date);
      EXPECT_EQ(signature.authorization, expected.authorization);
    }
  }
}

TEST(RequestSigner, KeepsTheSecretOutOfWhatItShows) {
  RequestSigner signer(suite_credentials(), "us-east-1", "service");
  const Signature signature =
      signer.sign({.method = "GET", .headers = {{"Host", "example.amazonaws.com"}}}, suite_time);
  for (const std::string& text : {signature.authorization, signer.canonical_request(), signer.string_to_sign()}) {
    EXPECT_EQ(text.find("wJalr"), std::string::npos);
  }
}

}  // namespace
}  // namespace clarion
