#include "carriers/whatsapp_events.h"

#include <boost/json/parse.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "aws/json_object.h"
#include "carriers/opt_out_words.h"

namespace clarion {
namespace {

namespace json = boost::json;
using enum DeliveryEventKind;

constexpr std::optional<DeliveryEventKind> informative = std::nullopt;

constexpr std::array status_rows{
    WhatsAppStatusRow{"accepted", informative},
    WhatsAppStatusRow{"sent", informative},
    WhatsAppStatusRow{"delivered", Delivered},
    WhatsAppStatusRow{"read", Opened},
    WhatsAppStatusRow{"failed", Failed},
    WhatsAppStatusRow{"undeliverable", Failed},  // EventBridge
    WhatsAppStatusRow{"deleted", informative},   // by the person, after it came
    WhatsAppStatusRow{"warning", informative},
    // AWS tried for three hours to hand it to WhatsApp.
    WhatsAppStatusRow{"Message retries exhausted, dropping message.", Failed},
};

using enum WhatsAppFault;

// Meta, "Error codes" (developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes, 2026-11).
constexpr std::array error_rows{
    WhatsAppErrorRow{131026, NoNumber},   // not on WhatsApp, or terms not accepted
    WhatsAppErrorRow{131021, NoNumber},   // the recipient is the sender
    WhatsAppErrorRow{131050, OptOut},     // the person stopped marketing from this business
    WhatsAppErrorRow{131047, Recipient},  // more than 24 hours since their last reply
    WhatsAppErrorRow{131049, Recipient},  // they get too much marketing already
    WhatsAppErrorRow{130472, Recipient},  // they are part of an experiment of Meta's
    WhatsAppErrorRow{131056, Recipient},  // too many to this person in a short time
    WhatsAppErrorRow{131057, Recipient},  // maintenance
    WhatsAppErrorRow{1, Recipient},       // unknown
    WhatsAppErrorRow{2, Recipient},       // Meta is down
    WhatsAppErrorRow{131000, Recipient},  // unknown
    WhatsAppErrorRow{130429, TooFast},    // the number's throughput
    WhatsAppErrorRow{80007, TooFast},     // the account's
    WhatsAppErrorRow{4, TooFast},         // the app's
    WhatsAppErrorRow{132000, Template, "The template takes another number of parameters; correct it, then resume."},
    WhatsAppErrorRow{132001, Template,
                     "The template does not exist in this language or is not approved; have it approved, then resume."},
    WhatsAppErrorRow{132015, Template,
                     "Meta has paused the template because of its quality; resume when it is active again."},
    WhatsAppErrorRow{132016, Template, "Meta has disabled the template because of its quality; send another one."},
    WhatsAppErrorRow{131051, Template, "Meta does not take this type of message; correct the template, then resume."},
    WhatsAppErrorRow{131053, Template, "Meta cannot use the template's media; correct it, then resume."},
    WhatsAppErrorRow{131031, Account, "Meta has locked the account; settle it in WhatsApp Manager, then resume."},
    WhatsAppErrorRow{368, Account,
                     "Meta has blocked the account for a violation of its policies; settle it in WhatsApp Manager, "
                     "then resume."},
    WhatsAppErrorRow{131048, Account,
                     "Meta limits the number because people reported or blocked it; look at its quality in WhatsApp "
                     "Manager before you resume."},
    WhatsAppErrorRow{0, Account, "Meta does not accept AWS's access to the account; link it again, then resume."},
    WhatsAppErrorRow{190, Account, "Meta's access for AWS has expired; link the account again, then resume."},
    WhatsAppErrorRow{3, Account, "The account lacks a permission at Meta; see WhatsApp Manager, then resume."},
    WhatsAppErrorRow{10, Account, "The account lacks a permission at Meta; see WhatsApp Manager, then resume."},
    // docs.aws.amazon.com/social-messaging/latest/userguide/send-message-transient-errors.html: often transient.
    WhatsAppErrorRow{131042, AccountMaybe,
                     "Meta cannot bill the account; correct the payment in WhatsApp Manager, then resume."},
    WhatsAppErrorRow{100, AccountMaybe,
                     "Meta refuses a parameter of the messages; correct the template or the number, then resume."},
};
constexpr std::int32_t enough_to_believe = 10;

std::optional<CarrierNotice> notice_of(const WhatsAppErrorRow& row) {
  CarrierNotice notice{.scope = CarrierNotice::Scope::Channel,
                       .failure = {.failure = FailureClass::ChannelStopped,
                                   .code = std::to_string(row.code),
                                   .detail = std::string(row.advice)},
                       .enough = 1};
  switch (row.fault) {
    case Recipient:
    case NoNumber:
    case OptOut: return std::nullopt;
    case TooFast: notice.failure.failure = FailureClass::Throttled; break;
    case Template: notice.scope = CarrierNotice::Scope::Campaign; break;
    case Account: break;
    case AccountMaybe: notice.enough = enough_to_believe; break;
  }
  return notice;
}

// Seconds since 1970 as text.
std::optional<WallTime> time_of(const json::value& owner, std::string_view name) {
  const std::string text = json_text(owner, name);
  std::int64_t seconds = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  const bool is_number = error == std::errc{} && end == text.data() + text.size();
  if (!is_number || seconds < 0 || seconds > 1'000'000'000'000) return std::nullopt;
  return believable(WallTime(std::chrono::seconds(seconds)));
}

// Seconds since 1970, as a number here.
std::optional<WallTime> preference_time(const json::value& preference) {
  const auto seconds = json_number(preference, "timestamp");
  if (!seconds || !(*seconds >= 0 && *seconds < 1e12)) return std::nullopt;
  return believable(WallTime(std::chrono::seconds(static_cast<std::int64_t>(*seconds))));
}

std::optional<int> code_of(const json::value& status) {
  const auto& errors = json_list(status, "errors");
  if (errors.empty()) return std::nullopt;
  const auto code = json_number(errors.front(), "code");
  return code && *code >= 0 && *code < 1e9 ? std::optional(static_cast<int>(*code)) : std::nullopt;
}

std::string detail_of(const json::value& status, std::optional<int> code) {
  if (!code) return harmless_words(json_text(status, "status"));
  const std::string title = harmless_words(json_text(json_list(status, "errors").front(), "title"));
  return title.empty() ? std::to_string(*code) : std::to_string(*code) + ' ' + title;
}

// What one status says, added to `read`. `event` has channel, time, delivery, message id and address.
void add_status(ReadEvents& read, const json::value& status, CarrierEvent event) {
  const std::string name = json_text(status, "status");
  const auto* known = std::ranges::find(status_rows, name, &WhatsAppStatusRow::status);
  if (known == status_rows.end() || !known->kind) {
    ++read.informative;
    return;
  }
  event.kind = *known->kind;
  if (event.kind != Failed) {
    read.events.push_back(std::move(event));
    return;
  }
  const auto code = code_of(status);
  event.detail = detail_of(status, code);
  const auto* row = code ? std::ranges::find(error_rows, *code, &WhatsAppErrorRow::code) : error_rows.end();
  if (row == error_rows.end()) {
    read.events.push_back(std::move(event));
    return;
  }
  event.notice = notice_of(*row);
  if (row->fault == NoNumber) {
    event.kind = Bounced;
    event.is_permanent = true;
  }
  read.events.push_back(event);
  if (row->fault != OptOut) return;
  event.kind = OptedOut;
  read.events.push_back(std::move(event));
}

// What a message says: words, and the payload of a button that was chosen instead of writing them.
struct Said {
  std::string words;
  std::string payload;
};

Said said_by(const json::value& message) {
  if (const auto* text = json_member(message, "text")) return {json_text(*text, "body"), {}};
  if (const auto* button = json_member(message, "button")) {
    return {json_text(*button, "text"), json_text(*button, "payload")};
  }
  const auto* interactive = json_member(message, "interactive");
  for (const std::string_view kind : {"button_reply", "list_reply"}) {
    const auto* chosen = interactive == nullptr ? nullptr : json_member(*interactive, kind);
    if (chosen != nullptr) return {json_text(*chosen, "title"), json_text(*chosen, "id")};
  }
  return {};
}

void add_message(ReadEvents& read, const json::value& message, WallTime published_at) {
  const WallTime at = time_of(message, "timestamp").value_or(published_at);
  std::string from = phone_of(json_text(message, "from"));
  const auto* context = json_member(message, "context");
  std::string answered = context == nullptr ? std::string() : json_text(*context, "id");
  const auto [words, payload] = said_by(message);
  const bool is_stop = is_opt_out(words) || is_opt_out_payload(payload);
  if (!is_stop && (is_opt_in(words) || is_opt_in(payload))) {
    read.opt_ins.push_back({Channel::WhatsApp, at, std::move(from), std::move(answered)});
    return;
  }
  CarrierEvent event = written_back(Channel::WhatsApp, is_stop);
  event.at = at;
  event.address = std::move(from);
  event.message_id = std::move(answered);
  read.events.push_back(std::move(event));
}

// What a person chose in WhatsApp's own settings of this business, "Offers and announcements".
void add_preference(ReadEvents& read, const json::value& preference, WallTime published_at) {
  const std::string choice = json_text(preference, "value");
  std::string who = phone_of(json_text(preference, "wa_id"));
  const WallTime at = preference_time(preference).value_or(published_at);
  const bool is_known = json_text(preference, "category") == "marketing_messages" && !who.empty();
  if (is_known && choice == "resume") {
    read.opt_ins.push_back({Channel::WhatsApp, at, std::move(who), {}});
  } else if (is_known && choice == "stop") {
    CarrierEvent event = written_back(Channel::WhatsApp, true);
    event.at = at;
    event.detail = "stopped marketing in WhatsApp";
    event.address = std::move(who);
    read.events.push_back(std::move(event));
  } else {
    ++read.informative;
  }
}

}  // namespace

std::span<const WhatsAppStatusRow> whatsapp_status_rows() {
  return status_rows;
}

std::span<const WhatsAppErrorRow> whatsapp_error_rows() {
  return error_rows;
}

Result<ReadEvents> read_whatsapp_webhook(const json::value& document, WallTime published_at) {
  boost::system::error_code error;
  const auto entry = json::parse(json_text(document, "whatsAppWebhookEntry"), error);
  if (error || !entry.is_object()) return fail(ErrorKind::Invalid, "a WhatsApp event whose webhook is no JSON object");
  if (json_member(entry, "changes") == nullptr) return fail(ErrorKind::Invalid, "a WhatsApp webhook without changes");
  ReadEvents read;
  for (const json::value& change : json_list(entry, "changes")) {
    const auto* value = json_member(change, "value");
    const std::string field = json_text(change, "field");
    if (field == "user_preferences" && value != nullptr) {
      for (const json::value& one : json_list(*value, "user_preferences")) add_preference(read, one, published_at);
      continue;
    }
    // Templates, alerts of the account, quality: nothing of a delivery.
    if (field != "messages" || value == nullptr) {
      ++read.informative;
      continue;
    }
    for (const json::value& status : json_list(*value, "statuses")) {
      CarrierEvent event;
      event.channel = Channel::WhatsApp;
      event.at = time_of(status, "timestamp").value_or(published_at);
      event.delivery = delivery_of_attempt(json_text(status, "biz_opaque_callback_data"));
      event.message_id = json_text(document, "messageId");
      event.reply_id = json_text(status, "id");
      event.address = phone_of(json_text(status, "recipient_id"));
      add_status(read, status, std::move(event));
    }
    for (const json::value& message : json_list(*value, "messages")) add_message(read, message, published_at);
  }
  if (read.events.empty() && read.opt_ins.empty() && read.informative == 0) read.informative = 1;
  return read;
}

Result<ReadEvents> read_whatsapp_bridge_event(const json::value& detail, WallTime published_at) {
  ReadEvents read;
  CarrierEvent event;
  event.channel = Channel::WhatsApp;
  event.at = time_of(detail, "eventTimestamp").value_or(published_at);
  event.message_id = json_text(detail, "messageId");
  if (event.message_id.empty()) return fail(ErrorKind::Invalid, "a WhatsApp event without messageId");
  add_status(read, detail, std::move(event));
  return read;
}

}  // namespace clarion
