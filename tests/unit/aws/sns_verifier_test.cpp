// What SNS posts: the text that it signs, the URLs that are believed, and when a certificate is asked for.
#include "aws/sns_verifier.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>

#include <memory>

#include "aws/base64.h"
#include "base/json_string.h"
#include "fakes/manual_clock.h"
#include "fakes/scripted_transport.h"

namespace clarion::testing {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;

// A key and a certificate of its own making, valid for a day around `now`.
class Signer {
 public:
  explicit Signer(WallTime now, int bits = 2048) : key_(EVP_RSA_gen(static_cast<unsigned>(bits)), EVP_PKEY_free) {
    const std::unique_ptr<X509, decltype(&X509_free)> certificate(X509_new(), X509_free);
    ASN1_TIME_set(X509_getm_notBefore(certificate.get()), std::chrono::system_clock::to_time_t(now - 12h));
    ASN1_TIME_set(X509_getm_notAfter(certificate.get()), std::chrono::system_clock::to_time_t(now + 12h));
    X509_set_pubkey(certificate.get(), key_.get());
    X509_sign(certificate.get(), key_.get(), EVP_sha256());
    const std::unique_ptr<BIO, decltype(&BIO_free)> out(BIO_new(BIO_s_mem()), BIO_free);
    PEM_write_bio_X509(out.get(), certificate.get());
    char* bytes = nullptr;
    const auto size = BIO_get_mem_data(out.get(), &bytes);
    pem.assign(bytes, static_cast<std::size_t>(size));
  }
  [[nodiscard]] std::string sign(std::string_view text, const EVP_MD* digest) const {
    const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
    EVP_DigestSignInit(context.get(), nullptr, digest, nullptr, key_.get());
    std::size_t size = 512;
    std::string signature(size, '\0');
    EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &size,
                   reinterpret_cast<const unsigned char*>(text.data()), text.size());
    signature.resize(size);
    return base64_encode(signature);
  }
  std::string pem;

 private:
  std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key_;
};

constexpr std::string_view topic = "arn:aws:sns:us-east-1:123456789012:clarion-events";

class SnsVerifierTest : public ::testing::Test {
 protected:
  [[nodiscard]] std::string body(std::string_view url = "https://sns.us-east-1.amazonaws.com/S-1.pem",
                                 Duration age = 0s, std::string_view of_topic = topic) const {
    return signed_by(signer_, url, age, of_topic);
  }
  [[nodiscard]] std::string signed_by(const Signer& signer, std::string_view url, Duration age = 0s,
                                      std::string_view of_topic = topic) const {
    const std::string time =
        format_iso8601(clock_.wall_now() - std::chrono::duration_cast<std::chrono::milliseconds>(age));
    const std::string text =
        fmt::format("Message\nHi\nMessageId\nm\nTimestamp\n{}\nTopicArn\n{}\nType\nNotification\n", time, of_topic);
    return fmt::format(R"({{"Type":"Notification","MessageId":"m","TopicArn":"{}","Message":"Hi","Timestamp":"{}",)"
                       R"("SignatureVersion":"2","SigningCertURL":"{}","Signature":"{}"}})",
                       of_topic, time, url, signer.sign(text, EVP_sha256()));
  }
  void answer(int times, const std::string& pem, int status = 200) {
    for (int i = 0; i < times; ++i)
      transport_.answers.push_back(HttpReply{.status = status, .headers = {}, .body = pem});
  }
  // "" when it is let in, else why not.
  std::string verify(std::string text) {
    auto future = asio::co_spawn(context_, verifier_.verify(std::move(text)), asio::use_future);
    context_.restart();
    context_.run();
    const auto result = future.get();
    return result ? "" : result.error().message;
  }

  asio::io_context context_;
  ManualClock clock_{context_};
  Signer signer_{clock_.wall_now()};
  ScriptedTransport transport_;
  SnsVerifier verifier_{{.transport = transport_, .clock = clock_, .topic_arns = {std::string(topic)}}};
};

TEST_F(SnsVerifierTest, ACertificateIsFetchedOnceADay) {
  answer(2, signer_.pem);
  EXPECT_EQ(verify(body()), "");
  EXPECT_EQ(verify(body()), "");
  ASSERT_EQ(transport_.requests.size(), 1U);
  EXPECT_THAT(transport_.requests[0], HasSubstr("GET /S-1.pem HTTP/1.1\r\nHost: sns.us-east-1.amazonaws.com\r\n"));
}

TEST_F(SnsVerifierTest, NothingIsFetchedForWhatCannotBeLetIn) {
  EXPECT_EQ(verify(body("https://sns.us-east-1.amazonaws.com/S-1.pem", 0s, "arn:aws:sns:us-east-1:9:x")),
            "the topic is none of EVENTS_TOPIC_ARNS");
  EXPECT_EQ(verify(body("https://sns.us-east-1.amazonaws.com/S-1.pem", 76min)),
            "the message is too old, or from the future");
  EXPECT_EQ(verify(body("https://sns.us-east-1.amazonaws.com/S-1.pem", -6min)),
            "the message is too old, or from the future");
  EXPECT_EQ(verify(body("https://example.com/S-1.pem")), "a URL leads elsewhere than to SNS by https");
  for (const char* host : {"sns.s3-us-west-2", "sns.eu-west-1", "sns.us-east-11"}) {
    EXPECT_EQ(verify(body(fmt::format("https://{}.amazonaws.com/S-1.pem", host))),
              "a URL leads to another region than the topic's");
  }
  EXPECT_TRUE(transport_.requests.empty());
}

TEST_F(SnsVerifierTest, AnotherKeyAShortKeyOrAnOldCertificateProvesNothing) {
  answer(1, Signer(clock_.wall_now()).pem);
  EXPECT_EQ(verify(body()), "the signature does not fit the message");
  const Signer weak(clock_.wall_now(), 1024);
  answer(1, weak.pem);
  EXPECT_EQ(verify(signed_by(weak, "https://sns.us-east-1.amazonaws.com/weak.pem")),
            "the certificate holds no RSA key of 2048 bits");
  const Signer old(clock_.wall_now() - 24h);
  answer(1, old.pem);
  EXPECT_EQ(verify(signed_by(old, "https://sns.us-east-1.amazonaws.com/old.pem")), "the certificate is not valid now");
  const Signer early(clock_.wall_now() + 24h);
  answer(1, early.pem);
  EXPECT_EQ(verify(signed_by(early, "https://sns.us-east-1.amazonaws.com/early.pem")),
            "the certificate is not valid now");
  answer(1, "<html>");
  EXPECT_EQ(verify(body("https://sns.us-east-1.amazonaws.com/page.pem")),
            "the certificate holds no RSA key of 2048 bits");
}

TEST_F(SnsVerifierTest, AStrangerCannotMakeItFetchWithoutEnd) {
  answer(20, "", 404);
  for (int i = 0; i < 20; ++i) {
    (void)verify(body(fmt::format("https://sns.us-east-1.amazonaws.com/{}.pem", i)));
  }
  EXPECT_EQ(transport_.requests.size(), SnsVerifier::most_fetches_a_minute);
  clock_.advance(61s);
  transport_.answers.clear();
  answer(1, signer_.pem);
  EXPECT_EQ(verify(body()), "") << "what could not be had is asked for again";
}

TEST_F(SnsVerifierTest, ACertificateIsAskedForAgainAfterADay) {
  answer(1, signer_.pem);
  EXPECT_EQ(verify(body()), "");
  clock_.advance(24h);
  const Signer next(clock_.wall_now());
  answer(1, next.pem);
  EXPECT_EQ(verify(signed_by(next, "https://sns.us-east-1.amazonaws.com/S-1.pem")), "");
  EXPECT_EQ(transport_.requests.size(), 2U);
}

TEST_F(SnsVerifierTest, TheLatestCertificatesAreKeptAndNoMore) {
  const auto url = [](std::size_t i) { return fmt::format("https://sns.us-east-1.amazonaws.com/{}.pem", i); };
  answer(SnsVerifier::most_certificates + 2, signer_.pem);
  for (std::size_t i = 0; i <= SnsVerifier::most_certificates; ++i) {
    EXPECT_EQ(verify(body(url(i))), "");
    clock_.advance(10s);
  }
  const std::size_t fetched = transport_.requests.size();
  EXPECT_EQ(verify(body(url(SnsVerifier::most_certificates))), "");
  EXPECT_EQ(transport_.requests.size(), fetched);
  EXPECT_EQ(verify(body(url(0))), "");
  EXPECT_EQ(transport_.requests.size(), fetched + 1) << "the oldest made room";
}

TEST_F(SnsVerifierTest, ALargeCertificateIsNone) {
  answer(1, signer_.pem + std::string(std::size_t{64} * 1024, '\n'));
  EXPECT_EQ(verify(body()), "the certificate is too large");
}

TEST_F(SnsVerifierTest, ASubscriptionIsConfirmedAtSnsAndNowhereElse) {
  const auto confirm = [this](std::string url) {
    SnsMessage message;
    message.topic_arn = topic;
    message.subscribe_url = std::move(url);
    auto future = asio::co_spawn(context_, verifier_.confirm(std::move(message)), asio::use_future);
    context_.restart();
    context_.run();
    const auto result = future.get();
    return result ? "" : result.error().message;
  };
  EXPECT_EQ(confirm("https://example.com/?Action=ConfirmSubscription"), "a URL leads elsewhere than to SNS by https");
  EXPECT_TRUE(transport_.requests.empty());
  EXPECT_EQ(confirm("https://sns.s3-us-west-2.amazonaws.com/"), "a URL leads to another region than the topic's");
  EXPECT_TRUE(transport_.requests.empty());
  answer(1, "");
  EXPECT_EQ(confirm("https://sns.us-east-1.amazonaws.com/?Action=ConfirmSubscription"), "");
  ASSERT_EQ(transport_.requests.size(), 1U);
  EXPECT_THAT(transport_.requests[0], HasSubstr("GET /?Action=ConfirmSubscription HTTP/1.1"));
  answer(1, "", 403);
  EXPECT_THAT(confirm("https://sns.us-east-1.amazonaws.com/"), HasSubstr("could not be confirmed"));
}

TEST(SnsMessage, TheSignedTextHasTheMembersOfItsTypeInTheirOrder) {
  const auto read = parse_sns_message(
      R"({"Type":"Notification","Subject":"S","Message":"a\nb","MessageId":"m","Timestamp":"2026-11-30T10:00:00.000Z",)"
      R"("TopicArn":"t","SignatureVersion":"1","Signature":"QUJD"})");
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(sns_signed_text(*read),
            "Message\na\nb\nMessageId\nm\nSubject\nS\nTimestamp\n2026-11-30T10:00:00.000Z\nTopicArn\nt\nType\n"
            "Notification\n");
  const auto confirmation = parse_sns_message(
      R"({"Type":"SubscriptionConfirmation","Token":"k","SubscribeURL":"u","Message":"a","MessageId":"m",)"
      R"("Timestamp":"2026-11-30T10:00:00.000Z","TopicArn":"t","SignatureVersion":"2","Signature":"QUJD"})");
  ASSERT_TRUE(confirmation) << confirmation.error().message;
  EXPECT_EQ(sns_signed_text(*confirmation),
            "Message\na\nMessageId\nm\nSubscribeURL\nu\nTimestamp\n2026-11-30T10:00:00.000Z\nToken\nk\nTopicArn\nt\n"
            "Type\nSubscriptionConfirmation\n");
}

TEST(SnsMessage, OnlyUrlsOfSnsAreBelieved) {
  for (const char* good : {"https://sns.us-east-1.amazonaws.com/S.pem", "https://sns.cn-north-1.amazonaws.com.cn/S.pem",
                           "https://sns.eu-west-1.amazonaws.com:443/a/S.pem"}) {
    EXPECT_TRUE(read_sns_certificate_url(good)) << good;
  }
  for (const char* bad : {"http://sns.us-east-1.amazonaws.com/S.pem",
                          "https://sns.us-east-1.amazonaws.com.evil.com/S.pem",
                          "https://evil.com/sns.us-east-1.amazonaws.com/S.pem",
                          "https://sns.us-east-1.amazonaws.com@evil.com/S.pem",
                          "https://user@sns.us-east-1.amazonaws.com/S.pem",
                          "https://sns.us-east-1.amazonaws.com:8443/S.pem",
                          "https://sns.amazonaws.com/S.pem",
                          "https://sns..amazonaws.com/S.pem",
                          "https://sns.a/b.amazonaws.com/S.pem",
                          "https://sns.us-east-1.amazonaws.com/S.pem?x=.pem",
                          "https://sns.us-east-1.amazonaws.com/S.pem#.pem",
                          "https://sns.us-east-1.amazonaws.com/S.txt",
                          "https://sns.us-east-1.amazonaws.com/S .pem",
                          "https://sns.us-east-1.amazonaws.com/S\r\nHost: x.pem",
                          "https://xsns.us-east-1.amazonaws.com/S.pem",
                          "HTTPS://sns.us-east-1.amazonaws.com/S.pem",
                          "https://s3.us-east-1.amazonaws.com/S.pem",
                          "https://sns.evil.s3.amazonaws.com/S.pem",
                          "https://sns.bucket.s3-eu-west-1.amazonaws.com/S.pem",
                          "https://sns.us-east-1.amazonaws.org/S.pem",
                          "https://sns.evilevil.attackers.com/S.pem",
                          ""}) {
    EXPECT_FALSE(read_sns_certificate_url(bad)) << bad;
  }
  EXPECT_FALSE(read_sns_url("https://sns.us-east-1.amazonaws.com/" + std::string(2048, 'a')));
  const auto url = read_sns_url("https://sns.us-east-1.amazonaws.com/?Action=ConfirmSubscription&TopicArn=arn:aws:x");
  ASSERT_TRUE(url);
  EXPECT_EQ(url->origin.host, "sns.us-east-1.amazonaws.com");
  EXPECT_EQ(url->target, "/?Action=ConfirmSubscription&TopicArn=arn:aws:x");
}

}  // namespace
}  // namespace clarion::testing
