#include "aws/aws_caller.h"

#include <fmt/format.h>

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include <array>
#include <charconv>
#include <cstdio>
#include <iterator>
#include <utility>

#include "aws/refusal_text.h"
#include "aws/xml_text.h"

namespace clarion {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds least_skew = std::chrono::minutes(4);
constexpr milliseconds least_correction = std::chrono::seconds(2);  // a Date has whole seconds
constexpr Duration longest_round_trip = std::chrono::minutes(15);

bool is_expired_token(std::string_view code) {
  return code.starts_with("ExpiredToken");
}

// Codes by which a service refuses a signature, for the clock or for the key (botocore, @aws-sdk/core).
bool may_be_skew(std::string_view code) {
  constexpr std::array<std::string_view, 6> codes{"RequestTimeTooSkewed",  "RequestExpired",
                                                  "RequestInTheFuture",    "InvalidSignatureException",
                                                  "SignatureDoesNotMatch", "AuthFailure"};
  return std::ranges::find(codes, code) != codes.end();
}

// "com.amazonaws.dynamodb.v20120810#Name:http://..." -> "Name".
std::string_view bare_code(std::string_view code) {
  code = code.substr(0, code.find(':'));
  const auto hash = code.rfind('#');
  return hash == std::string_view::npos ? code : code.substr(hash + 1);
}

std::string text_member(const boost::json::object& object, std::string_view name) {
  const auto* value = object.if_contains(name);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}

// "Sun, 22 Nov 2026 20:15:30 GMT" (RFC 9110 IMF-fixdate).
std::optional<WallTime> parse_http_date(std::string_view text) {
  constexpr std::array<std::string_view, 12> months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                    "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  if (text.size() != 29 || !text.ends_with(" GMT")) return std::nullopt;
  const auto month = std::ranges::find(months, text.substr(8, 3));
  if (month == months.end()) return std::nullopt;
  return parse_iso8601(fmt::format("{}-{:02}-{}T{}Z", text.substr(12, 4), month - months.begin() + 1, text.substr(5, 2),
                                   text.substr(17, 8)));
}

AwsFailure without_credentials(const Error& error) {
  AwsFailure failure;
  failure.reach = Reach::NotSent;
  // Where they come from may be back in a moment: then it is as if the service had not been reached.
  if (error.kind != ErrorKind::Unavailable) failure.code = "NoCredentials";
  failure.message = error.message;
  return failure;
}

}  // namespace

AwsFailure read_aws_error(const HttpReply& reply) {
  AwsFailure failure;
  failure.reach = Reach::MaybeSent;
  failure.status = reply.status;
  failure.request_id = reply.header("x-amzn-requestid").value_or(reply.header("x-amz-request-id").value_or(""));
  failure.code = bare_code(reply.header("x-amzn-errortype").value_or(""));
  if (const auto wait = reply.header("retry-after")) {
    int seconds = 0;
    const auto [end, error] = std::from_chars(wait->data(), wait->data() + wait->size(), seconds);
    if (error == std::errc{} && end == wait->data() + wait->size() && seconds >= 0) {
      failure.retry_after = std::chrono::seconds(seconds);
    }
  }
  // What the newest services say instead, in milliseconds (SDK retry rules of 2026).
  if (const auto wait = reply.header("x-amz-retry-after")) {
    std::int64_t span = 0;
    const auto [end, error] = std::from_chars(wait->data(), wait->data() + wait->size(), span);
    if (error == std::errc{} && end == wait->data() + wait->size() && span >= 0)
      failure.retry_after = milliseconds(span);
  }
  boost::system::error_code error;
  const auto document = boost::json::parse(reply.body, error);
  if (!error && document.is_object()) {
    const auto& object = document.get_object();
    for (const std::string_view name : {"code", "Code", "__type"}) {
      if (failure.code.empty()) failure.code = bare_code(text_member(object, name));
    }
    failure.message = text_member(object, "message");
    if (failure.message.empty()) failure.message = text_member(object, "Message");
  } else if (error) {
    if (failure.code.empty()) failure.code = find_xml_text(reply.body, "Code");
    failure.message = find_xml_text(reply.body, "Message");
    if (failure.request_id.empty()) failure.request_id = find_xml_text(reply.body, "RequestId");
  }
  if (failure.code.empty()) failure.code = std::to_string(reply.status);
  // No table looks into the body of a refusal that quotes the request.
  if (!quotes_request(failure.message)) failure.body = reply.body;
  failure.message = without_quoted_request(failure.message);
  return failure;
}

AwsCaller::AwsCaller(Deps deps, AwsEndpoint endpoint, milliseconds deadline)
    : deps_(deps), endpoint_(std::move(endpoint)), deadline_(deadline), authority_(endpoint_.origin.authority()) {}

void AwsCaller::use_keys(const AwsCredentials& keys) {
  if (signer_ && signer_->credentials() == keys) return;
  signer_ = std::make_shared<RequestSigner>(keys, endpoint_.region, endpoint_.signing_name);
}

std::string AwsCaller::write_request(const AwsRequest& request) {
  const std::string path = endpoint_.base_path + std::string(request.path);
  draft_.method = request.method;
  draft_.path = path;
  draft_.query = request.query;
  draft_.body = request.body;
  draft_.headers.clear();
  if (!request.content_type.empty()) draft_.headers.push_back({"content-type", request.content_type});
  draft_.headers.push_back({"host", authority_});
  if (!request.target.empty()) draft_.headers.push_back({"x-amz-target", request.target});
  const Signature& signature = signer_->sign(draft_, deps_.clock.wall_now() + clock_offset_);

  std::string bytes;
  if (!buffers_.empty()) {
    bytes = std::move(buffers_.back());
    buffers_.pop_back();
  }
  bytes.clear();
  bytes.reserve(request.body.size() + 1024);
  bytes.append(request.method).append(1, ' ').append(path);
  if (!request.query.empty()) bytes.append(1, '?').append(request.query);
  bytes.append(" HTTP/1.1\r\nHost: ").append(authority_);
  if (!request.content_type.empty()) bytes.append("\r\nContent-Type: ").append(request.content_type);
  if (!request.target.empty()) bytes.append("\r\nX-Amz-Target: ").append(request.target);
  bytes.append("\r\nX-Amz-Date: ").append(signature.amz_date);
  const std::string& token = signer_->credentials().session_token;
  if (!token.empty()) bytes.append("\r\nX-Amz-Security-Token: ").append(token);
  bytes.append("\r\nAuthorization: ").append(signature.authorization);
  const fmt::format_int length(request.body.size());
  bytes.append("\r\nUser-Agent: clarion\r\nContent-Length: ").append(length.data(), length.size());
  bytes.append("\r\n\r\n").append(request.body);
  return bytes;
}

void AwsCaller::keep_buffer(std::string buffer) {
  // One for each call under way at once; a buffer that grew for one great request is not held for ever.
  constexpr std::size_t largest_kept = 16U * 1024U;
  if (buffer.capacity() <= largest_kept) buffers_.push_back(std::move(buffer));
}

void AwsCaller::learn_clock(const HttpReply& reply, TimePoint began) {
  if (reply.header("age") || deps_.clock.now() - began > longest_round_trip) return;
  const auto date = parse_http_date(reply.header("date").value_or(""));
  if (!date) return;
  milliseconds offset = *date - deps_.clock.wall_now();
  if (std::chrono::abs(offset) < least_skew) offset = milliseconds(0);
  if (std::chrono::abs(offset - clock_offset_) >= least_correction) clock_offset_ = offset;
}

Task<std::expected<AwsReply, AwsFailure>> AwsCaller::call(AwsRequest request) {
  bool has_refreshed = false;
  bool has_corrected = false;
  for (;;) {
    if (const AwsCredentials* keys = deps_.credentials.ready()) {
      use_keys(*keys);
    } else {
      const auto issued = co_await deps_.credentials.get();
      if (!issued) co_return std::unexpected(without_credentials(issued.error()));
      use_keys(*issued);
    }
    const auto signer = signer_;  // a call beside this one may go on with other keys
    const milliseconds signed_with = clock_offset_;
    std::string bytes = write_request(request);
    const TimePoint began = deps_.clock.now();
    const milliseconds deadline = request.deadline.count() > 0 ? request.deadline : deadline_;
    auto reply = co_await deps_.transport.exchange({endpoint_.origin, bytes, deadline});
    keep_buffer(std::move(bytes));
    if (!reply) {
      AwsFailure failure;
      failure.reach = reply.error().reach;
      failure.message = std::move(reply.error().message);
      co_return std::unexpected(std::move(failure));
    }
    if (reply->status < 300) {
      co_return AwsReply{reply->status, std::move(reply->body), std::move(reply->headers)};
    }
    AwsFailure failure = read_aws_error(*reply);
    // Both refusals happen before the service looks at the request, so one more attempt cannot send twice.
    if (is_expired_token(failure.code) && !std::exchange(has_refreshed, true)) {
      deps_.credentials.expire(signer->credentials());
      continue;
    }
    if (may_be_skew(failure.code)) {
      learn_clock(*reply, began);
      // A call beside this one may have learnt it first; what counts is whether this one was signed without it.
      const bool was_wrong = std::chrono::abs(clock_offset_ - signed_with) >= least_correction;
      if (was_wrong && !std::exchange(has_corrected, true)) continue;
    }
    co_return std::unexpected(std::move(failure));
  }
}

}  // namespace clarion
