#include "app/checks.h"

#include <fmt/format.h>

#include <algorithm>

namespace clarion {
namespace {

const SettingValue& value_of(const Settings& settings, std::string_view name) {
  return *std::ranges::find(settings.values, name, &SettingValue::name);
}

// A row for one setting.
Check row(const Settings& settings, std::string_view name) {
  const SettingValue& value = value_of(settings, name);
  return {.subject = value.name, .source = value.source, .found = value.value, .next_step = {}};
}

Check failed(Check check, std::string found, std::string next_step) {
  check.outcome = CheckOutcome::Failed;
  check.found = std::move(found);
  check.next_step = std::move(next_step);
  return check;
}

bool is_made_of(std::string_view text, std::string_view more) {
  return std::ranges::all_of(text, [more](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || more.contains(c);
  });
}

// SendTextMessage OriginationIdentity: 1-256 of [A-Za-z0-9_:/\+-].
Check check_sms(const Settings& settings) {
  Check check = row(settings, "PHONE_POOL_ID");
  const std::string& id = settings.carriers.sms.origination_identity;
  if (id.size() > 256 || !is_made_of(id, "_:/+-")) {
    return failed(std::move(check), fmt::format("'{}' is not the id of a pool, a number or a sender", id),
                  "Copy the pool id (pool-...) or its ARN from the End User Messaging console.");
  }
  return check;
}

// SendWhatsAppMessage originationPhoneNumberId: phone-number-id-<32 hex>, or its ARN.
Check check_whatsapp(const Settings& settings) {
  Check check = row(settings, "WHATSAPP_PHONE_NUMBER_ID");
  const std::string& id = settings.carriers.whatsapp.phone_number_id;
  constexpr std::string_view prefix = "phone-number-id-";
  const bool is_id = id.starts_with(prefix) && id.size() == prefix.size() + 32 &&
                     std::ranges::all_of(id.substr(prefix.size()),
                                         [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
  const bool is_arn = id.starts_with("arn:aws") && id.contains(":phone-number-id/");
  if (!is_id && !is_arn) {
    return failed(std::move(check), fmt::format("'{}' is not the id of a number", id),
                  "Use AWS's own id, phone-number-id- and 32 hexadecimal digits, not Meta's; "
                  "`aws socialmessaging list-linked-whatsapp-business-accounts` leads to it.");
  }
  return check;
}

Check check_email(const Settings& settings) {
  Check check = row(settings, "SENDER_EMAIL");
  const std::string& from = settings.carriers.email.from;
  const auto open = from.rfind('<');
  const std::string mailbox =
      open != std::string::npos && from.ends_with('>') ? from.substr(open + 1, from.size() - open - 2) : from;
  if (auto address = to_wire_mailbox(mailbox); !address) {
    return failed(std::move(check), "it is not a mailbox: " + address.error().message,
                  "Write news@example.com or Shop <news@example.com>, an address or domain that is verified in SES.");
  }
  return check;
}

void check_senders(const Settings& settings, std::vector<Check>& checks) {
  const PerChannel<bool> set_up = settings.carriers.set_up();
  if (!set_up[Channel::Sms] && !set_up[Channel::WhatsApp] && !set_up[Channel::Email]) {
    checks.push_back(failed({.subject = "senders", .source = {}, .found = {}, .next_step = {}},
                            "no channel has a sender",
                            "Set PHONE_POOL_ID for SMS, WHATSAPP_PHONE_NUMBER_ID for WhatsApp or SENDER_EMAIL for "
                            "email; at least one of them."));
  }
  for (const auto& [channel, name, check] : {std::tuple{Channel::Sms, "PHONE_POOL_ID", &check_sms},
                                             std::tuple{Channel::WhatsApp, "WHATSAPP_PHONE_NUMBER_ID", &check_whatsapp},
                                             std::tuple{Channel::Email, "SENDER_EMAIL", &check_email}}) {
    if (set_up[channel]) {
      checks.push_back(check(settings));
      continue;
    }
    Check missing = row(settings, name);
    missing.outcome = CheckOutcome::Warning;
    missing.is_essential = false;
    missing.found = fmt::format("not set: nothing is sent by {}", to_string(channel));
    missing.next_step = fmt::format("Set {} to use the channel.", name);
    checks.push_back(std::move(missing));
  }
}

void check_tables(const Settings& settings, std::vector<Check>& checks) {
  if (settings.store != StoreKind::DynamoDb) return;
  for (const char* name : {"CAMPAIGNS_TABLE", "DELIVERY_TRACKING_TABLE", "RATE_LIMITS_TABLE", "CONTACTS_TABLE"}) {
    Check check = row(settings, name);
    if (check.found.empty()) {
      check = failed(std::move(check), "not set",
                     "Name the DynamoDB table, or set CLARION_STORE=sqlite to keep the records on this machine.");
    }
    checks.push_back(std::move(check));
  }
}

void check_work_queue_setting(const Settings& settings, std::vector<Check>& checks) {
  Check queue = row(settings, "WORK_QUEUE_URL");
  if (queue.found.empty()) return;
  queue.is_essential = false;
  if (settings.store == StoreKind::Sqlite) {
    queue.outcome = CheckOutcome::Warning;
    queue.found = "it is not used with CLARION_STORE=sqlite";
    queue.next_step = "Unset it: the records belong to one process, which knows where messages wait.";
  }
  checks.push_back(std::move(queue));
}

// SNS has to reach this server by the address that people do.
Check check_topics(const Settings& settings) {
  Check topics = row(settings, "EVENTS_TOPIC_ARNS");
  topics.is_essential = false;
  const bool is_reachable = settings.public_url.starts_with("https://");
  topics.found += is_reachable ? "; they may post to " + settings.public_url + "/api/events/sns"
                               : "; but PUBLIC_URL names no https address that SNS could post to";
  if (!is_reachable) {
    topics.outcome = CheckOutcome::Warning;
    topics.next_step = "Set PUBLIC_URL, and subscribe its /api/events/sns to the topic by https; docs/events.md.";
  }
  return topics;
}

}  // namespace

std::string_view to_string(CheckOutcome outcome) {
  switch (outcome) {
    case CheckOutcome::Good: return "ok";
    case CheckOutcome::Warning: return "warning";
    case CheckOutcome::Failed: return "failed";
  }
  return {};
}

std::vector<Check> check_settings(const Settings& settings) {
  std::vector<Check> checks;
  checks.push_back({.subject = "environment",
                    .source = {},
                    .found = settings.is_production ? "production: messages are really sent"
                                                    : "local: carriers are simulated, nothing leaves this machine",
                    .next_step = {}});
  for (const std::string& warning : settings.warnings) {
    checks.push_back({.subject = warning.substr(0, warning.find(' ')),
                      .source = {},
                      .outcome = CheckOutcome::Warning,
                      .found = warning,
                      .next_step = "Correct the name, or unset it.",
                      .is_essential = false});
  }
  if (!settings.is_production) return checks;
  check_senders(settings, checks);
  check_tables(settings, checks);
  check_work_queue_setting(settings, checks);
  Check events = row(settings, "EVENTS_QUEUE_URL");
  events.is_essential = false;
  if (events.found.empty() && !settings.event_topics.empty()) {
    events.found = "not set: events come from EVENTS_TOPIC_ARNS alone";
  } else if (events.found.empty()) {
    events.outcome = CheckOutcome::Warning;
    events.found = "not set: nothing becomes delivered, and nobody who says STOP or complains is suppressed";
    events.next_step = "Deploy deploy/cloudformation.yaml and set EVENTS_QUEUE_URL to its output; docs/events.md.";
  }
  checks.push_back(std::move(events));
  if (!settings.event_topics.empty()) checks.push_back(check_topics(settings));
  Check url = row(settings, "PUBLIC_URL");
  if (!settings.public_url.starts_with("https://")) {
    url.outcome = CheckOutcome::Warning;
    url.is_essential = false;
    url.found = settings.public_url.empty() ? "not set" : settings.public_url + " is not https";
    url.next_step = "Set the https:// address that people reach this server at.";
  }
  checks.push_back(std::move(url));
  return checks;
}

Result<void> refuse_when_failed(std::span<const Check> checks) {
  std::string sentences;
  for (const Check& check : checks) {
    if (!check.is_essential || check.outcome != CheckOutcome::Failed) continue;
    std::string_view found = check.found;
    while (found.ends_with('.')) found.remove_suffix(1);
    sentences +=
        fmt::format("\n  {}: {}.{}{}", check.subject, found, check.next_step.empty() ? "" : " ", check.next_step);
  }
  if (sentences.empty()) return {};
  return fail(ErrorKind::Invalid,
              "production cannot start:" + sentences + "\n`clarion doctor` shows every check with its next step.");
}

}  // namespace clarion
