#include "carriers/ses_events.h"

#include <algorithm>
#include <array>
#include <utility>

#include "aws/json_object.h"

namespace clarion {
namespace {

namespace json = boost::json;
using enum DeliveryEventKind;

constexpr std::optional<DeliveryEventKind> informative = std::nullopt;

// A permanent bounce says that the address is no good, whatever its reason. A transient one comes after SES itself has
// tried for hours: this message is lost, the address is not. "not-spam" takes a complaint back.
constexpr std::array rows{
    SesEventRow{"Delivery", "", Delivered},
    SesEventRow{"Bounce", "Permanent", Bounced, true},
    SesEventRow{"Bounce", "Transient", Bounced},
    SesEventRow{"Bounce", "Undetermined", Bounced},
    SesEventRow{"Bounce", "", Bounced},
    SesEventRow{"Complaint", "not-spam", informative},
    SesEventRow{"Complaint", "", Complained},
    SesEventRow{"Reject", "", Failed},
    SesEventRow{"Rendering Failure", "", Failed},
    SesEventRow{"Open", "", Opened},
    SesEventRow{"Click", "", Clicked},
    SesEventRow{"Send", "", informative},
    SesEventRow{"DeliveryDelay", "", informative},
    SesEventRow{"Subscription", "", OptedOut},
};

// The member that holds what is particular to a type.
std::string_view member_of(std::string_view type) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 10> members{{{"Send", "send"},
                                                                                   {"Delivery", "delivery"},
                                                                                   {"Bounce", "bounce"},
                                                                                   {"Complaint", "complaint"},
                                                                                   {"Reject", "reject"},
                                                                                   {"Open", "open"},
                                                                                   {"Click", "click"},
                                                                                   {"Rendering Failure", "failure"},
                                                                                   {"DeliveryDelay", "deliveryDelay"},
                                                                                   {"Subscription", "subscription"}}};
  const auto found = std::ranges::find(members, type, &std::pair<std::string_view, std::string_view>::first);
  return found == members.end() ? std::string_view() : found->second;
}

const SesEventRow* find_row(std::string_view type, std::string_view sub) {
  const auto fits = [&](const SesEventRow& row) { return row.type == type && (row.sub.empty() || row.sub == sub); };
  const auto* found = std::ranges::find_if(rows, fits);
  return found == rows.end() ? nullptr : found;
}

// Our own attempt id: a tag's value may hold no point.
std::optional<DeliveryId> delivery_of(const json::value& mail) {
  const auto* tags = json_member(mail, "tags");
  if (tags == nullptr) return std::nullopt;
  const auto values = json_texts(*tags, "attempt");
  if (values.empty()) return std::nullopt;
  std::string id = values.front();
  std::ranges::replace(id, '_', '.');
  return delivery_of_attempt(id);
}

std::optional<WallTime> time_in(const json::value& owner) {
  return believable(parse_iso8601(json_text(owner, "timestamp")));
}

std::vector<std::string> addresses_in(const json::value& list_owner, std::string_view list) {
  std::vector<std::string> addresses;
  for (const auto& one : json_list(list_owner, list)) {
    std::string address =
        mailbox_of_event(one.is_string() ? std::string(one.get_string()) : json_text(one, "emailAddress"));
    if (!address.empty()) addresses.push_back(std::move(address));
  }
  return addresses;
}

// Whom it is about. What names nobody of its own is about the mail's only recipient.
std::vector<std::string> addresses_of(const json::value& mail, const json::value& particular) {
  for (const char* list : {"bouncedRecipients", "complainedRecipients"}) {
    if (auto addresses = addresses_in(particular, list); !addresses.empty()) return addresses;
  }
  auto destination = addresses_in(mail, "destination");
  if (destination.size() != 1) destination.clear();
  return destination;
}

std::string join(std::string_view a, std::string_view b) {
  return b.empty() ? std::string(a) : std::string(a).append(1, '/').append(b);
}

std::string detail_of(std::string_view type, const json::value& particular) {
  if (type == "Bounce") {
    std::string detail = join(json_text(particular, "bounceType"), json_text(particular, "bounceSubType"));
    const auto& recipients = json_list(particular, "bouncedRecipients");
    const std::string status = recipients.empty() ? "" : json_text(recipients.front(), "status");
    if (!status.empty()) detail += ' ' + status;
    return harmless_words(detail);
  }
  if (type == "Complaint") {
    return harmless_words(
        join(json_text(particular, "complaintFeedbackType"), json_text(particular, "complaintSubType")));
  }
  if (type == "Reject") return harmless_words("rejected: " + json_text(particular, "reason"));
  if (type == "Rendering Failure") return harmless_words("not rendered: " + json_text(particular, "errorMessage"));
  if (type == "Subscription") return harmless_words("unsubscribed: " + json_text(particular, "source"));
  return {};
}

bool is_opted_out_of(const json::value& preferences, std::string_view topic) {
  return std::ranges::any_of(json_list(preferences, "topicSubscriptionStatus"), [topic](const json::value& one) {
    return json_text(one, "topicName") == topic && json_text(one, "subscriptionStatus") == "OptOut";
  });
}

// Preferences may change for the better too.
bool unsubscribes(const json::value& particular) {
  const auto* now = json_member(particular, "newTopicPreferences");
  if (now == nullptr) return true;
  if (json_flag(*now, "unsubscribeAll")) return true;
  const auto* before = json_member(particular, "oldTopicPreferences");
  return std::ranges::any_of(json_list(*now, "topicSubscriptionStatus"), [&](const json::value& one) {
    const std::string topic = json_text(one, "topicName");
    return is_opted_out_of(*now, topic) && (before == nullptr || !is_opted_out_of(*before, topic));
  });
}

bool is_informative(const SesEventRow& row, std::string_view type, const json::value& particular) {
  if (!row.kind) return true;
  // Of a program that looks at every mail, not of a person.
  if ((type == "Open" || type == "Click") && json_text(particular, "isBotEvent") == "Likely") return true;
  return type == "Subscription" && !unsubscribes(particular);
}

}  // namespace

std::span<const SesEventRow> ses_event_rows() {
  return rows;
}

Result<ReadEvents> read_ses_event(const json::value& document, WallTime published_at) {
  const json::value& mail = *json_member(document, "mail");
  std::string type = json_text(document, "eventType");
  if (type.empty()) type = json_text(document, "notificationType");
  const std::string_view member = member_of(type);
  if (member.empty()) {
    // SES adds types now and then; what it does not say of a delivery, nobody can apply.
    if (!type.empty() && mail.is_object()) return ReadEvents{.events = {}, .informative = 1};
    return fail(ErrorKind::Invalid, "an SES event without eventType");
  }
  const auto* found = json_member(document, member);
  if (!mail.is_object() || found == nullptr || !found->is_object()) {
    return fail(ErrorKind::Invalid, "an SES event of type " + type + " without its member " + std::string(member));
  }
  const json::value& particular = *found;
  const SesEventRow* row =
      find_row(type, json_text(particular, type == "Bounce" ? "bounceType" : "complaintFeedbackType"));
  if (row == nullptr || is_informative(*row, type, particular)) return ReadEvents{.events = {}, .informative = 1};

  CarrierEvent event;
  event.channel = Channel::Email;
  event.kind = *row->kind;
  event.is_permanent = row->is_permanent;
  event.detail = detail_of(type, particular);
  event.delivery = delivery_of(mail);
  event.message_id = json_text(mail, "messageId");
  // The same for every repetition: it is part of what tells two events apart.
  event.at = time_in(particular).value_or(time_in(mail).value_or(published_at));
  ReadEvents read;
  for (std::string& address : addresses_of(mail, particular)) {
    event.address = std::move(address);
    read.events.push_back(event);
    // One message of ours has one recipient; others are named after another sender's message.
    if (event.delivery) break;
  }
  if (read.events.empty()) read.events.push_back(std::move(event));
  return read;
}

}  // namespace clarion
