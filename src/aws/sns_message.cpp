#include "aws/sns_message.h"

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <boost/json/parse.hpp>

#include <algorithm>
#include <chrono>
#include <memory>
#include <utility>

#include "aws/base64.h"
#include "aws/json_object.h"

namespace clarion {
namespace {

namespace json = boost::json;

constexpr int least_key_bits = 2048;

struct Free {
  void operator()(BIO* bio) const { BIO_free(bio); }
  void operator()(X509* certificate) const { X509_free(certificate); }
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};

bool is_letter_or_digit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

// sns.REGION.amazonaws.com or sns.REGION.amazonaws.com.cn
bool is_sns_host(std::string_view host) {
  constexpr std::string_view before = "sns.";
  constexpr std::string_view after = ".amazonaws.com";
  if (host.ends_with(".cn")) host.remove_suffix(3);
  if (!host.starts_with(before) || !host.ends_with(after) || host.size() < before.size() + after.size() + 3)
    return false;
  const std::string_view region = host.substr(before.size(), host.size() - before.size() - after.size());
  return std::ranges::all_of(region, [](char c) { return is_letter_or_digit(c) || c == '-'; });
}

// What may stand in a request line.
bool is_target(std::string_view target) {
  return target.starts_with('/') && std::ranges::all_of(target, [](char c) {
           return is_letter_or_digit(c) || std::string_view("-._~!$&'()*+,;=:@/%?").contains(c);
         });
}

void add_line(std::string& text, std::string_view name, std::string_view value) {
  text.append(name).append(1, '\n').append(value).append(1, '\n');
}

std::optional<SnsMessage::Type> read_type(std::string_view name) {
  if (name == "Notification") return SnsMessage::Type::Notification;
  if (name == "SubscriptionConfirmation") return SnsMessage::Type::SubscriptionConfirmation;
  if (name == "UnsubscribeConfirmation") return SnsMessage::Type::UnsubscribeConfirmation;
  return std::nullopt;
}

}  // namespace

Result<SnsMessage> parse_sns_message(std::string_view body) {
  boost::system::error_code error;
  const auto document = json::parse(body, error);
  if (error || !document.is_object()) return fail(ErrorKind::Invalid, "the body is no JSON object");
  SnsMessage read;
  const auto type = read_type(json_text(document, "Type"));
  if (!type) return fail(ErrorKind::Invalid, "Type is none that SNS posts");
  read.type = *type;
  read.message_id = json_text(document, "MessageId");
  read.topic_arn = json_text(document, "TopicArn");
  read.message = json_text(document, "Message");
  read.timestamp = json_text(document, "Timestamp");
  read.certificate_url = json_text(document, "SigningCertURL");
  if (const auto* subject = json_member(document, "Subject"); subject != nullptr && subject->is_string()) {
    read.subject = json_text(document, "Subject");
  }
  const auto at = parse_iso8601(read.timestamp);
  if (read.message_id.empty() || read.topic_arn.empty() || !at) {
    return fail(ErrorKind::Invalid, "MessageId, TopicArn or Timestamp is missing");
  }
  read.at = *at;
  if (read.type != SnsMessage::Type::Notification) {
    read.token = json_text(document, "Token");
    read.subscribe_url = json_text(document, "SubscribeURL");
    if (read.token.empty() || read.subscribe_url.empty()) {
      return fail(ErrorKind::Invalid, "Token or SubscribeURL is missing");
    }
  }
  const std::string version = json_text(document, "SignatureVersion");
  if (version != "1" && version != "2") return fail(ErrorKind::Denied, "SignatureVersion is neither 1 nor 2");
  read.signature_version = version == "1" ? 1 : 2;
  auto signature = base64_decode(json_text(document, "Signature"));
  if (!signature || signature->empty()) return fail(ErrorKind::Denied, "Signature is missing or no base64");
  read.signature = std::move(*signature);
  return read;
}

std::string sns_signed_text(const SnsMessage& message) {
  std::string text;
  add_line(text, "Message", message.message);
  add_line(text, "MessageId", message.message_id);
  if (message.type == SnsMessage::Type::Notification) {
    if (message.subject) add_line(text, "Subject", *message.subject);
    add_line(text, "Timestamp", message.timestamp);
    add_line(text, "TopicArn", message.topic_arn);
    add_line(text, "Type", "Notification");
    return text;
  }
  add_line(text, "SubscribeURL", message.subscribe_url);
  add_line(text, "Timestamp", message.timestamp);
  add_line(text, "Token", message.token);
  add_line(text, "TopicArn", message.topic_arn);
  add_line(text, "Type",
           message.type == SnsMessage::Type::SubscriptionConfirmation ? "SubscriptionConfirmation"
                                                                      : "UnsubscribeConfirmation");
  return text;
}

Result<SnsUrl> read_sns_url(std::string_view url) {
  constexpr std::string_view scheme = "https://";
  constexpr std::size_t longest = 2048;
  const auto refused = [] { return fail(ErrorKind::Denied, "a URL leads elsewhere than to SNS by https"); };
  if (url.size() > longest || !url.starts_with(scheme)) return refused();
  url.remove_prefix(scheme.size());
  const auto slash = std::min(url.find_first_of("/?#"), url.size());
  std::string_view host = url.substr(0, slash);
  if (host.ends_with(":443")) host.remove_suffix(4);
  std::string target(url.substr(slash));
  if (!target.starts_with('/')) target.insert(0, 1, '/');
  if (!is_sns_host(host) || !is_target(target)) return refused();
  return SnsUrl{.origin = {.is_tls = true, .host = std::string(host), .port = 443}, .target = std::move(target)};
}

Result<SnsUrl> read_sns_certificate_url(std::string_view url) {
  auto read = read_sns_url(url);
  if (read && (read->target.contains('?') || !read->target.ends_with(".pem"))) {
    return fail(ErrorKind::Denied, "SigningCertURL names no certificate");
  }
  return read;
}

Result<void> verify_sns_signature(const SnsMessage& message, std::string_view certificate_pem, WallTime now) {
  const std::unique_ptr<BIO, Free> bytes(
      BIO_new_mem_buf(certificate_pem.data(), static_cast<int>(certificate_pem.size())));
  const std::unique_ptr<X509, Free> certificate(bytes ? PEM_read_bio_X509(bytes.get(), nullptr, nullptr, nullptr)
                                                      : nullptr);
  EVP_PKEY* key = certificate ? X509_get0_pubkey(certificate.get()) : nullptr;
  if (key == nullptr || EVP_PKEY_get_base_id(key) != EVP_PKEY_RSA || EVP_PKEY_get_bits(key) < least_key_bits) {
    return fail(ErrorKind::Denied, "the certificate holds no RSA key of 2048 bits");
  }
  time_t seconds = std::chrono::system_clock::to_time_t(now);
  if (X509_cmp_time(X509_get0_notBefore(certificate.get()), &seconds) >= 0 ||
      X509_cmp_time(X509_get0_notAfter(certificate.get()), &seconds) <= 0) {
    return fail(ErrorKind::Denied, "the certificate is not valid now");
  }
  const std::string text = sns_signed_text(message);
  const std::unique_ptr<EVP_MD_CTX, Free> context(EVP_MD_CTX_new());
  const EVP_MD* digest = message.signature_version == 1 ? EVP_sha1() : EVP_sha256();
  const auto* signature = reinterpret_cast<const unsigned char*>(message.signature.data());
  const auto* signed_bytes = reinterpret_cast<const unsigned char*>(text.data());
  if (!context || EVP_DigestVerifyInit(context.get(), nullptr, digest, nullptr, key) != 1 ||
      EVP_DigestVerify(context.get(), signature, message.signature.size(), signed_bytes, text.size()) != 1) {
    return fail(ErrorKind::Denied, "the signature does not fit the message");
  }
  return {};
}

}  // namespace clarion
