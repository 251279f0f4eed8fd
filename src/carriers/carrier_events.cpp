#include "carriers/carrier_events.h"

#include <algorithm>

#include "aws/json_object.h"
#include "aws/notification.h"
#include "base/text.h"
#include "carriers/ses_events.h"
#include "carriers/sms_events.h"
#include "carriers/whatsapp_events.h"
#include "domain/mailbox.h"

namespace clarion {
namespace {

// What SES publishes to a topic when it becomes an event destination.
constexpr std::string_view ses_greeting = "Successfully validated SNS topic for Amazon SES event publishing.";

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

}  // namespace

Result<ReadEvents> read_carrier_events(std::string_view body, WallTime received_at) {
  auto notification = read_notification(body);
  if (!notification) return std::unexpected(std::move(notification.error()));
  const auto& document = notification->document;
  const WallTime at = believable(notification->published_at).value_or(received_at);
  if (!document.is_object()) {
    if (trim(notification->text) == ses_greeting) return ReadEvents{.events = {}, .informative = 1};
    return fail(ErrorKind::Invalid, "it is no JSON object");
  }
  if (json_member(document, "mail") != nullptr) return read_ses_event(document, at);
  if (json_member(document, "whatsAppWebhookEntry") != nullptr) return read_whatsapp_webhook(document, at);
  if (notification->source == "aws.social-messaging") return read_whatsapp_bridge_event(document, at);
  if (json_member(document, "inboundMessageId") != nullptr) return read_inbound_sms(document, at);
  if (json_member(document, "eventType") != nullptr) return read_sms_event(document, at);
  return fail(ErrorKind::Invalid, "it is an object of no carrier's");
}

std::optional<DeliveryId> delivery_of_attempt(std::string_view attempt_id) {
  const auto attempt = parse_attempt_id(attempt_id);
  return attempt ? std::optional(attempt->delivery) : std::nullopt;
}

CarrierEvent written_back(Channel channel, bool is_stop) {
  CarrierEvent event;
  event.channel = channel;
  event.kind = is_stop ? DeliveryEventKind::OptedOut : DeliveryEventKind::Replied;
  if (is_stop) event.detail = "said stop";
  return event;
}

std::optional<WallTime> believable(std::optional<WallTime> time) {
  constexpr WallTime first = std::chrono::sys_days(std::chrono::year(2000) / 1 / 1);
  constexpr WallTime last = std::chrono::sys_days(std::chrono::year(2100) / 1 / 1);
  return time && *time >= first && *time < last ? time : std::nullopt;
}

std::string harmless_words(std::string_view words) {
  constexpr std::size_t longest = 120;
  constexpr int most_digits = 4;
  int digits = 0;
  for (const char c : words) {
    digits = is_digit(c) ? digits + 1 : 0;
    if (c == '@' || digits > most_digits || static_cast<unsigned char>(c) < 0x20) return {};
  }
  if (!is_valid_utf8(words)) return {};
  words = words.substr(0, longest);
  // Not in the middle of a character.
  while (!words.empty() && !is_valid_utf8(words)) words.remove_suffix(1);
  return std::string(words);
}

std::string phone_of(std::string_view digits) {
  if (digits.starts_with('+')) digits.remove_prefix(1);
  if (digits.size() < 7 || digits.size() > 15 || !std::ranges::all_of(digits, is_digit)) return {};
  return '+' + std::string(digits);
}

std::string mailbox_of_event(std::string_view text) {
  text = address_in_mailbox(text);
  constexpr std::size_t longest = 320;
  const auto at = text.rfind('@');
  const bool is_mailbox = at != std::string_view::npos && at > 0 && at + 1 < text.size() && text.size() <= longest &&
                          std::ranges::none_of(text, [](char c) {
                            return static_cast<unsigned char>(c) <= 0x20 || c == '<' || c == '>' || c == ',';
                          });
  return is_mailbox ? std::string(text) : std::string();
}

}  // namespace clarion
