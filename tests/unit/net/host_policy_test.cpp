#include "net/host_policy.h"

#include <gtest/gtest.h>

namespace clarion {
namespace {

TEST(HostPolicy, ReadsNamesAndPorts) {
  EXPECT_EQ(host_name_of("LocalHost:5000"), "localhost");
  EXPECT_EQ(host_name_of("a-b.example"), "a-b.example");
  EXPECT_EQ(host_name_of("[::1]:80"), "[::1]");
  EXPECT_EQ(host_name_of("[::1]"), "[::1]");
  for (const std::string_view bad :
       {"", ":80", "a:b", "a:123456", "a b", "a/b", "a@b", "[::1", "[::1]x", "[x]", "a:80:80", "a\tb", "a,b"}) {
    EXPECT_EQ(host_name_of(bad), std::nullopt) << bad;
  }
  EXPECT_EQ(host_name_of(std::string(256, 'a')), std::nullopt);
}

TEST(HostPolicy, LocalAnswersOnlyToItsOwnNames) {
  const HostPolicy policy = HostPolicy::local({"Clarion.Internal"});
  for (const std::string_view own :
       {"localhost", "localhost:5000", "127.0.0.1:5000", "[::1]:5000", "clarion.internal"}) {
    EXPECT_TRUE(policy.check(own, std::nullopt)) << own;
  }
  for (const std::string_view foreign : {"evil.example", "localhost.evil.example", "127.0.0.1.evil.example",
                                         "127.0.0.2", "0.0.0.0", "", "localhost@evil.example"}) {
    const auto checked = policy.check(foreign, std::nullopt);
    ASSERT_FALSE(checked) << foreign;
    EXPECT_EQ(checked.error().kind, ErrorKind::Denied);
  }
  EXPECT_FALSE(policy.check(std::nullopt, std::nullopt));
}

TEST(HostPolicy, AnOriginMustBeTheSameAddressOrConfigured) {
  const HostPolicy policy = HostPolicy::local({}, {"https://Page.example"});
  EXPECT_TRUE(policy.check("localhost:5000", "http://localhost:5000"));
  EXPECT_TRUE(policy.check("LOCALHOST:5000", "http://localhost:5000"));
  EXPECT_TRUE(policy.check("localhost:5000", "https://page.example"));
  for (const std::string_view foreign : {"http://localhost:5001", "http://127.0.0.1:5000", "null", "",
                                         "http://evil.example", "http://localhost:5000.evil.example", "file://"}) {
    EXPECT_FALSE(policy.check("localhost:5000", foreign)) << foreign;
  }
}

TEST(HostPolicy, AnyHostStillAsksWhichPageCalls) {
  const HostPolicy policy = HostPolicy::any_host({"https://page.example"});
  EXPECT_TRUE(policy.check("anything", std::nullopt));
  EXPECT_TRUE(policy.check(std::nullopt, std::nullopt));
  EXPECT_TRUE(policy.check("api.example", "https://api.example"));
  EXPECT_TRUE(policy.check("api.example:8080", "https://Page.example"));
  EXPECT_FALSE(policy.check("api.example", "https://evil.example"));
  EXPECT_FALSE(policy.check(std::nullopt, "https://evil.example"));
  EXPECT_FALSE(policy.check("api.example", "null"));
}

TEST(HostPolicy, AnyAnswersToEveryName) {
  EXPECT_TRUE(HostPolicy::any().check("anything", "http://elsewhere"));
  EXPECT_TRUE(HostPolicy::any().check(std::nullopt, std::nullopt));
}

}  // namespace
}  // namespace clarion
