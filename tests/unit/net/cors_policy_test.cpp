#include "net/cors_policy.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace clarion {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

using Headers = std::vector<std::pair<std::string, std::string>>;

std::string headers_for(const CorsPolicy& policy, HttpMethod method, const Headers& sent, HttpResponse response = {}) {
  HttpRequest request;
  request.method = method;
  request.headers = sent;
  policy.add_headers(policy.read(request), response);
  std::string text;
  for (const auto& [name, value] : response.headers) text.append(name).append(": ").append(value).append("\n");
  return text;
}

TEST(CorsPolicy, OffItSaysNothing) {
  EXPECT_EQ(headers_for(CorsPolicy(), HttpMethod::Get, {{"Origin", "https://a.example"}}), "");
}

TEST(CorsPolicy, AListedOriginIsNamedAndNeverWithCookies) {
  const CorsPolicy policy({"https://a.example"});
  EXPECT_EQ(headers_for(policy, HttpMethod::Get, {{"origin", "https://A.example"}}),
            "Vary: Origin\nAccess-Control-Allow-Origin: https://A.example\nAccess-Control-Expose-Headers: "
            "Content-Disposition, Location, Preference-Applied, Retry-After, WWW-Authenticate, X-Request-Id\n");
}

TEST(CorsPolicy, AnotherOriginAndNoneGetVaryOnly) {
  const CorsPolicy policy({"https://a.example"});
  for (const Headers& sent : {Headers{}, Headers{{"Origin", "https://b.example"}}, Headers{{"Origin", "null"}},
                              Headers{{"Origin", "https://a.example.evil"}}, Headers{{"Origin", "http://a.example"}}}) {
    EXPECT_EQ(headers_for(policy, HttpMethod::Get, sent), "Vary: Origin\n");
  }
}

TEST(CorsPolicy, APreflightLearnsTheMethodsOfItsPath) {
  const CorsPolicy policy({"https://a.example"});
  const Headers sent{{"Origin", "https://a.example"}, {"Access-Control-Request-Method", "POST"}};
  const HttpResponse answer{.status = 204, .headers = {{"Allow", "GET, HEAD, POST, OPTIONS"}}};
  EXPECT_EQ(headers_for(policy, HttpMethod::Options, sent, answer),
            "Allow: GET, HEAD, POST, OPTIONS\nVary: Origin\nAccess-Control-Allow-Origin: https://a.example\n"
            "Access-Control-Allow-Methods: GET, HEAD, POST, OPTIONS\nAccess-Control-Allow-Headers: Authorization, "
            "Content-Type, Last-Event-ID, Prefer, X-Request-Id\nAccess-Control-Max-Age: 600\n");
  EXPECT_THAT(headers_for(policy, HttpMethod::Options, sent, {.status = 404}),
              ::testing::Not(HasSubstr("Allow-Methods")));
}

TEST(CorsOrigins, AreExactAndNeverEverybody) {
  EXPECT_THAT(*parse_origins(""), IsEmpty());
  EXPECT_THAT(*parse_origins(" https://A.example , http://localhost:5173,"),
              ElementsAre("https://a.example", "http://localhost:5173"));
  EXPECT_THAT(parse_origins("https://a.example,*").error().message, HasSubstr("every web page"));
  for (const std::string_view bad :
       {"null", "a.example", "https://a.example/", "https://a.example/x", "https://", "ftp://a.example",
        "https://*.example", "https://a.example:port", ",", "https://u@a.example"}) {
    EXPECT_FALSE(parse_origins(bad)) << bad;
  }
}

}  // namespace
}  // namespace clarion
