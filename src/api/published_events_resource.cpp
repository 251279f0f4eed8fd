// Carriers' events that SNS posts: no token, because SNS has none; its signature is what lets it in.

#include <algorithm>
#include <charconv>

#include "api/errors.h"
#include "api/json_body.h"
#include "api/resources.h"

namespace clarion {
namespace {

// A message of SNS is 256 KB at most, and its JSON stands in JSON.
constexpr std::uint64_t most_body_bytes = 1U << 20U;

std::optional<std::uint64_t> announced_bytes(const HttpRequest& request) {
  const std::string_view text = request.header("Content-Length").value_or("");
  std::uint64_t bytes = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), bytes);
  const bool is_number = !text.empty() && error == std::errc{} && end == text.data() + text.size();
  return is_number ? std::optional(bytes) : std::nullopt;
}

Task<std::optional<HttpResponse>> check(Api api, HttpRequest& request) {
  if (!api->take_published) {
    co_return error_response(request, 404, "this server takes no events over HTTPS; EVENTS_TOPIC_ARNS is not set");
  }
  if (request.header("x-amz-sns-rawdelivery")) {
    co_return error_response(request, 403, "raw delivery is not signed; turn it off for this subscription");
  }
  const std::string_view topic = request.header("x-amz-sns-topic-arn").value_or("");
  if (std::ranges::find(api->event_topics, topic) == api->event_topics.end()) {
    co_return error_response(request, 403, "the topic is none of EVENTS_TOPIC_ARNS");
  }
  const auto bytes = announced_bytes(request);
  if (!bytes) co_return error_response(request, 411, "Content-Length is missing");
  if (*bytes > most_body_bytes) co_return error_response(request, 413, "a message of SNS is at most 256 KB");
  request.caller = "sns";
  co_return std::nullopt;
}

}  // namespace

HttpGuard guard_published(Api api) {
  return [api = std::move(api)](HttpRequest& request) { return check(api, request); };
}

Reply take_published_event(Api api, HttpRequest& request) {
  // A call from within the process asks no guard.
  if (auto refused = co_await check(api, request)) co_return std::move(*refused);
  auto taken = co_await api->take_published(std::move(request.body));
  if (!taken) co_return std::unexpected(std::move(taken.error()));
  co_return json_response(json::object{{"success", true}});
}

}  // namespace clarion
