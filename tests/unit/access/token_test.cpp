// Tokens: how they are made, taken apart, hashed; and scopes.

#include "access/token.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "access/digest.h"

namespace clarion {
namespace {

using ::testing::HasSubstr;
using ::testing::MatchesRegex;
using ::testing::Not;

constexpr ScryptCost cheap{.log2_n = 4, .block_size = 1, .parallelism = 1};

TEST(Token, HoldsAnIdAndASecretOfWhichOnlyAHashIsStored) {
  const auto issued = issue_token("ops", {Scope::Read}, WallTime{}, cheap);
  ASSERT_TRUE(issued);
  EXPECT_THAT(issued->text, MatchesRegex("clarion_[a-z0-9]{12}_[A-Za-z0-9_-]{43}"));
  const auto parts = split_token(issued->text);
  ASSERT_TRUE(parts);
  EXPECT_EQ(parts->id, issued->stored.id);
  EXPECT_TRUE(matches_hash(parts->secret, issued->stored.secret_hash));
  EXPECT_THAT(issued->stored.secret_hash, Not(HasSubstr(std::string(parts->secret))));
}

TEST(Token, NoTwoAreAlike) {
  std::set<std::string> ids;
  std::set<std::string> secrets;
  std::set<std::string> hashes;
  for (int i = 0; i < 100; ++i) {
    const auto issued = issue_token("ops", {Scope::Read}, WallTime{}, cheap).value();
    ids.insert(issued.stored.id);
    secrets.emplace(split_token(issued.text)->secret);
    hashes.insert(issued.stored.secret_hash);
    secrets.insert(make_process_token());
  }
  EXPECT_EQ(ids.size(), 100U);
  EXPECT_EQ(secrets.size(), 200U);
  EXPECT_EQ(hashes.size(), 100U);
}

TEST(Token, WhatIsNoTokenIsNotTakenApart) {
  const std::string good = issue_token("ops", {Scope::Read}, WallTime{}, cheap)->text;
  ASSERT_TRUE(split_token(good));
  std::string other_word = good;
  other_word[0] = 'k';
  std::string strange = good;
  strange.back() = '!';
  std::string joined = good;
  joined[8 + 12] = 'a';
  for (const std::string& bad : {std::string(), std::string("clarion_"), good + "a", good.substr(0, good.size() - 1),
                                 " " + good, other_word, strange, joined, make_process_token()}) {
    EXPECT_FALSE(split_token(bad)) << bad;
  }
}

TEST(Token, ANameIsForListsAndLogs) {
  for (const std::string bad : {"", "a b", "a\nb", "a/b", "caf\xC3\xA9"}) {
    EXPECT_FALSE(issue_token(bad, {Scope::Read}, WallTime{}, cheap)) << bad;
  }
  EXPECT_FALSE(issue_token(std::string(65, 'a'), {Scope::Read}, WallTime{}, cheap));
  EXPECT_FALSE(issue_token("ops", {}, WallTime{}, cheap)) << "a token that may do nothing";
}

TEST(SecretHash, IsScryptAsItsRfcComputesIt) {
  // RFC 7914 section 12, second vector, first 32 bytes; its salt is "NaCl", which is what our form holds.
  EXPECT_TRUE(matches_hash("password", "$scrypt$ln=10,r=8,p=16$NaCl$_bq-HJ00cgB4VucZDQHp_nxq18vII3gw53N2Y0s3MWI"));
  EXPECT_FALSE(matches_hash("Password", "$scrypt$ln=10,r=8,p=16$NaCl$_bq-HJ00cgB4VucZDQHp_nxq18vII3gw53N2Y0s3MWI"));
}

TEST(SecretHash, TheUsualCostIsWrittenDownWithTheHash) {
  const std::string hash = hash_secret("a");
  EXPECT_THAT(hash, MatchesRegex("\\$scrypt\\$ln=14,r=8,p=5\\$[A-Za-z0-9_-]{22}\\$[A-Za-z0-9_-]{43}"));
  EXPECT_TRUE(matches_hash("a", hash));
  EXPECT_FALSE(matches_hash("b", hash));
}

TEST(SecretHash, WhatIsNoHashOrCostsTooMuchNeverMatches) {
  const std::string good = hash_secret("a", cheap);
  ASSERT_TRUE(matches_hash("a", good));
  for (const std::string& bad :
       {std::string(), std::string("a"), std::string("$scrypt$"), good.substr(0, good.size() - 1), good + "A",
        "$scrypt$ln=30,r=8,p=1$" + good.substr(22), std::string("$scrypt$ln=14,r=8,p=999$NaCl$x"),
        std::string("$scrypt$ln=0,r=8,p=1$NaCl$x"), std::string("$scrypt$ln=4,r=1,p=1$NaCl"),
        std::string("$scrypt$ln=4,r=1,p=1$$")}) {
    EXPECT_FALSE(matches_hash("a", bad)) << bad;
  }
}

TEST(Digest, IsSha256AndBase64urlHasNoPadding) {
  const Digest digest = sha256("abc");  // FIPS 180-4, appendix
  EXPECT_EQ(digest[0], 0xba);
  EXPECT_EQ(digest[31], 0xad);
  EXPECT_EQ(base64url("\xFB\xEF\xFF"), "--__");
  EXPECT_EQ(base64url("f"), "Zg");
  EXPECT_EQ(base64url(""), "");
  EXPECT_TRUE(equals_in_constant_time("ab", "ab"));
  EXPECT_FALSE(equals_in_constant_time("ab", "ac"));
  EXPECT_FALSE(equals_in_constant_time("ab", "abc"));
}

TEST(Scopes, AreReadInAnyOrderAndWrittenInOne) {
  EXPECT_EQ(to_string(parse_scopes("send, read").value()), "read,send");
  EXPECT_EQ(parse_scopes("read,write,send"), ScopeSet::all());
  EXPECT_TRUE(parse_scopes("write")->has(Scope::Write));
  EXPECT_FALSE(parse_scopes("write")->has(Scope::Read)) << "none includes another";
  for (const std::string_view bad : {"", "admin", "read,", "read;write", "READ"}) {
    EXPECT_FALSE(parse_scopes(bad)) << bad;
  }
  EXPECT_THAT(parse_scopes("admin").error().message, HasSubstr("'admin' is not a scope"));
}

}  // namespace
}  // namespace clarion
