#include "aws/sns_verifier.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "aws/plain_exchange.h"
#include "base/log.h"

namespace clarion {
namespace {

using namespace std::chrono_literals;

constexpr Duration keep_for = 24h;
constexpr std::chrono::minutes longest_ahead = 5min;  // of a clock that is behind
constexpr std::size_t most_certificate_bytes = 64 * 1024;
constexpr std::chrono::milliseconds fetch_deadline = 5s;

// Whether the host is SNS in the region of the topic, the fourth part of its ARN: in any region's place a name may stand
// that is a bucket's ("sns.s3-us-west-2.amazonaws.com").
Result<void> check_region(const SnsUrl& url, std::string_view topic_arn) {
  std::string_view region = topic_arn;
  for (int part = 0; part < 3; ++part) region.remove_prefix(std::min(region.find(':'), region.size() - 1) + 1);
  region = region.substr(0, region.find(':'));
  const std::string host = fmt::format("sns.{}.amazonaws.com", region);
  if (url.origin.host == host || url.origin.host == host + ".cn") return {};
  return fail(ErrorKind::Denied, "a URL leads to another region than the topic's");
}

}  // namespace

Task<Result<SnsMessage>> SnsVerifier::verify(std::string body) {
  auto message = parse_sns_message(body);
  if (!message) co_return std::unexpected(std::move(message.error()));
  if (!deps_.topic_arns.contains(message->topic_arn)) {
    co_return fail(ErrorKind::Denied, "the topic is none of EVENTS_TOPIC_ARNS");
  }
  const WallTime now = deps_.clock.wall_now();
  if (message->at < now - longest_age || message->at > now + longest_ahead) {
    co_return fail(ErrorKind::Denied, "the message is too old, or from the future");
  }
  const auto url = read_sns_certificate_url(message->certificate_url);
  if (!url) co_return std::unexpected(url.error());
  if (auto checked = check_region(*url, message->topic_arn); !checked) co_return std::unexpected(checked.error());
  const auto certificate = co_await find_certificate(message->certificate_url);
  if (!certificate) co_return std::unexpected(certificate.error());
  if (auto proven = verify_sns_signature(*message, *certificate, now); !proven) {
    co_return std::unexpected(std::move(proven.error()));
  }
  co_return message;
}

Task<Result<void>> SnsVerifier::confirm(SnsMessage message) {
  auto url = read_sns_url(message.subscribe_url);
  if (!url) co_return std::unexpected(std::move(url.error()));
  if (auto checked = check_region(*url, message.topic_arn); !checked) co_return checked;
  const auto reply = co_await get(std::move(*url));
  if (!reply) {
    co_return fail(ErrorKind::Unavailable, "the subscription could not be confirmed: " + reply.error().message);
  }
  log_info("sns_subscription_confirmed", {{"topic", std::string_view(message.topic_arn)}});
  co_return Result<void>();
}

Task<Result<std::string>> SnsVerifier::get(SnsUrl url) {
  PlainRequest request;
  request.origin = std::move(url.origin);
  request.target = std::move(url.target);
  request.deadline = fetch_deadline;
  const auto reply = co_await exchange_plain(deps_.transport, deps_.clock, std::move(request));
  if (!reply) co_return fail(ErrorKind::Unavailable, reply.error().message);
  if (reply->status != 200) {
    co_return fail(ErrorKind::Unavailable, fmt::format("SNS answered with status {}", reply->status));
  }
  co_return reply->body;
}

Task<Result<std::string>> SnsVerifier::fetch_certificate(std::string url) {
  const TimePoint now = deps_.clock.now();
  while (!fetches_.empty() && fetches_.front() + 1min <= now) fetches_.pop_front();
  if (fetches_.size() >= most_fetches_a_minute) {
    co_return fail(ErrorKind::Unavailable, "too many certificates were asked for; try again in a minute");
  }
  fetches_.push_back(now);
  auto where = read_sns_certificate_url(url);
  if (!where) co_return std::unexpected(std::move(where.error()));
  auto pem = co_await get(std::move(*where));
  if (!pem) co_return fail(ErrorKind::Unavailable, "the certificate could not be fetched: " + pem.error().message);
  if (pem->size() > most_certificate_bytes) co_return fail(ErrorKind::Denied, "the certificate is too large");
  if (certificates_.size() >= most_certificates) {
    certificates_.erase(std::ranges::min_element(certificates_, {}, [](const auto& one) { return one.second.until; }));
  }
  certificates_[std::move(url)] = {.pem = *pem, .until = deps_.clock.now() + keep_for};
  co_return std::move(*pem);
}

Task<Result<std::string>> SnsVerifier::find_certificate(std::string url) {
  while (true) {
    const auto known = certificates_.find(url);
    if (known != certificates_.end() && deps_.clock.now() < known->second.until) co_return known->second.pem;
    if (!is_fetching_) break;
    co_await waiting_.wait();
  }
  is_fetching_ = true;
  auto fetched = co_await fetch_certificate(std::move(url));
  is_fetching_ = false;
  waiting_.wake_all();
  co_return fetched;
}

}  // namespace clarion
