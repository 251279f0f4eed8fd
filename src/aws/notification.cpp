#include "aws/notification.h"

#include <boost/json/parse.hpp>

#include <utility>

#include "aws/json_object.h"

namespace clarion {
namespace {

namespace json = boost::json;

constexpr int most_layers = 3;

bool is_sns(const json::value& document) {
  return json_member(document, "Type") != nullptr && json_member(document, "TopicArn") != nullptr &&
         json_member(document, "Message") != nullptr;
}

bool is_event_bridge(const json::value& document) {
  const auto* detail = json_member(document, "detail");
  return detail != nullptr && detail->is_object() && json_member(document, "detail-type") != nullptr &&
         !json_text(document, "source").empty();
}

// Null when `text` is no object.
json::value parse_object(std::string_view text) {
  boost::system::error_code error;
  auto document = json::parse(text, error);
  if (error || !document.is_object()) return nullptr;
  return document;
}

void keep_first(std::optional<WallTime>& kept, std::string_view text) {
  if (!kept) kept = parse_iso8601(text);
}

}  // namespace

Result<AwsNotification> read_notification(std::string_view body) {
  AwsNotification notification;
  std::string text(body);
  json::value document = parse_object(text);
  for (int layer = 0; layer < most_layers; ++layer) {
    if (is_sns(document)) {
      if (json_text(document, "Type") != "Notification") {
        return fail(ErrorKind::Invalid,
                    "a topic asks to confirm a subscription or its end; subscribe the queue from the "
                    "account that owns it, and nothing has to be confirmed");
      }
      keep_first(notification.published_at, json_text(document, "Timestamp"));
      text = json_text(document, "Message");
      document = parse_object(text);
    } else if (is_event_bridge(document)) {
      keep_first(notification.published_at, json_text(document, "time"));
      notification.source = json_text(document, "source");
      json::value detail = document.as_object().at("detail");
      document = std::move(detail);
      break;  // what lies in it is the service's own
    } else {
      break;
    }
  }
  if (document.is_null()) notification.text = std::move(text);
  notification.document = std::move(document);
  return notification;
}

}  // namespace clarion
