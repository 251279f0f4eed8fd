#include "carriers/sms_events.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "aws/json_object.h"
#include "base/log.h"
#include "carriers/opt_out_words.h"

namespace clarion {
namespace {

namespace json = boost::json;
using enum DeliveryEventKind;

constexpr std::optional<DeliveryEventKind> informative = std::nullopt;

// TEXT_SUCCESSFUL is final where carriers give no receipts. TEXT_UNKNOWN is no outcome: nobody knows, after 72 hours.
// TEXT_BLOCKED: the handset refuses our number, so it is no good for us, like one that does not exist.
constexpr std::array rows{
    SmsEventRow{"TEXT_QUEUED", informative},
    SmsEventRow{"TEXT_PENDING", informative},
    SmsEventRow{"TEXT_SENT", informative},
    SmsEventRow{"TEXT_UNKNOWN", informative},
    SmsEventRow{"TEXT_SUCCESSFUL", Delivered},
    SmsEventRow{"TEXT_DELIVERED", Delivered},
    SmsEventRow{"TEXT_INVALID", Bounced, true},
    SmsEventRow{"TEXT_BLOCKED", Bounced, true},
    SmsEventRow{"TEXT_INVALID_MESSAGE", Failed},
    SmsEventRow{"TEXT_UNREACHABLE", Failed},
    SmsEventRow{"TEXT_CARRIER_UNREACHABLE", Failed},
    SmsEventRow{"TEXT_TTL_EXPIRED", Failed},
    SmsEventRow{"TEXT_CARRIER_BLOCKED", Failed},
    SmsEventRow{"TEXT_SPAM", Failed},
    SmsEventRow{"TEXT_PROTECT_BLOCKED", Failed},
    // A pool may hold an RCS agent; then a text goes as RCS first.
    SmsEventRow{"RCS_QUEUED", informative},
    SmsEventRow{"RCS_SENT", informative},
    SmsEventRow{"RCS_FALLEN_BACK_TO_SMS", informative},
    SmsEventRow{"RCS_DELIVERED", Delivered},
    SmsEventRow{"RCS_READ", Opened},
    SmsEventRow{"RCS_FAILED", Failed},
    SmsEventRow{"RCS_TTL_EXPIRED", Failed},
    SmsEventRow{"RCS_PROTECT_BLOCKED", Failed},
};

std::optional<DeliveryId> delivery_of(const json::value& document) {
  const auto* context = json_member(document, "context");
  if (context == nullptr) return std::nullopt;
  return delivery_of_attempt(json_text(*context, "attempt"));
}

// Milliseconds since 1970.
std::optional<WallTime> time_of(const json::value& document, std::string_view name) {
  const auto number = json_number(document, name);
  if (!number || !(std::abs(*number) < 1e15)) return std::nullopt;
  return believable(WallTime(std::chrono::milliseconds(static_cast<std::int64_t>(*number))));
}

}  // namespace

std::span<const SmsEventRow> sms_event_rows() {
  return rows;
}

Result<ReadEvents> read_sms_event(const json::value& document, WallTime published_at) {
  const std::string type = json_text(document, "eventType");
  if (type.empty() || json_text(document, "messageId").empty()) {
    return fail(ErrorKind::Invalid, "a record of SMS without eventType or messageId");
  }
  const auto* row = std::ranges::find(rows, type, &SmsEventRow::type);
  if (row == rows.end() || !row->kind) return ReadEvents{.events = {}, .informative = 1};
  // The carrier takes the text for spam; so it may take the next thousand.
  if (type == "TEXT_SPAM")
    log_warn("sms_called_spam", {{"message_id", std::string_view(json_text(document, "messageId"))}});

  CarrierEvent event;
  event.channel = Channel::Sms;
  event.kind = *row->kind;
  event.is_permanent = row->is_permanent;
  event.at = time_of(document, "eventTimestamp").value_or(published_at);
  event.detail = type;
  if (const std::string words = harmless_words(json_text(document, "messageStatusDescription")); !words.empty()) {
    event.detail.append(": ").append(words);
  }
  // Its unit is not certain (AWS's documents contradict each other), so it is kept as it was said and added to no cost.
  if (const auto price = json_number(document, "totalMessagePrice")) {
    event.detail += fmt::format("; totalMessagePrice {}", *price);
  }
  event.delivery = delivery_of(document);
  event.message_id = json_text(document, "messageId");
  event.address = phone_of(json_text(document, "destinationPhoneNumber"));
  ReadEvents read;
  read.events.push_back(std::move(event));
  return read;
}

Result<ReadEvents> read_inbound_sms(const json::value& document, WallTime published_at) {
  const auto* body = json_member(document, "messageBody");
  const std::string from = json_text(document, "originationNumber");
  if (from.empty() || body == nullptr || !body->is_string()) {
    return fail(ErrorKind::Invalid, "an SMS from a person without originationNumber or messageBody");
  }
  ReadEvents read;
  std::string answered = json_text(document, "previousPublishedMessageId");
  if (is_opt_in(body->get_string())) {
    read.opt_ins.push_back({Channel::Sms, published_at, phone_of(from), std::move(answered)});
    return read;
  }
  CarrierEvent event = written_back(Channel::Sms, is_opt_out(body->get_string()));
  event.at = published_at;
  event.message_id = std::move(answered);
  event.address = phone_of(from);
  read.events.push_back(std::move(event));
  return read;
}

}  // namespace clarion
