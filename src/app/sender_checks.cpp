#include "app/sender_checks.h"

#include <fmt/format.h>

#include <algorithm>

#include "aws/email_account_client.h"
#include "aws/sms_account_client.h"
#include "aws/whatsapp_account_client.h"
#include "domain/mailbox.h"

namespace clarion {
namespace {

using namespace std::chrono_literals;

constexpr std::chrono::milliseconds account_deadline = 10s;

Check good(std::string subject, std::string found) {
  return {
      .subject = std::move(subject), .source = {}, .found = std::move(found), .next_step = {}, .is_essential = false};
}

Check bad(CheckOutcome outcome, std::string subject, std::string found, std::string next_step) {
  return {.subject = std::move(subject),
          .source = {},
          .outcome = outcome,
          .found = std::move(found),
          .next_step = std::move(next_step),
          .is_essential = false};
}

Check not_asked(std::string subject, const Error& error) {
  return bad(CheckOutcome::Warning, std::move(subject), "AWS did not say", error.message);
}

Check absent(std::string subject, std::string_view name, std::string next_step) {
  return bad(CheckOutcome::Failed, std::move(subject), fmt::format("'{}' does not exist in this region", name),
             std::move(next_step));
}

Check no_events(std::string subject, std::string_view setting) {
  return bad(CheckOutcome::Warning, std::move(subject), "no configuration set: no delivery event will come back",
             fmt::format("Set {} to a configuration set with an event destination.", setting));
}

Check describe(const EmailAccount& account) {
  const std::string a_day = account.max_per_day ? fmt::format("{:.0f} a day, {:.0f} sent in the last 24 hours",
                                                              *account.max_per_day, account.sent_last_day)
                                                : std::string("no daily limit");
  const std::string found = fmt::format("{:g} a second, {}", account.max_per_second, a_day);
  if (!account.is_sending_enabled) {
    return bad(CheckOutcome::Failed, "SES account", "sending is paused (enforcement " + account.enforcement + ")",
               "See the SES console, Account dashboard, for why.");
  }
  if (!account.has_production_access) {
    return bad(CheckOutcome::Warning, "SES account", "sandbox: only verified recipients; " + found,
               "Request production access in the SES console.");
  }
  if (account.enforcement != "HEALTHY") {
    return bad(CheckOutcome::Warning, "SES account", fmt::format("enforcement {}; {}", account.enforcement, found),
               "See the SES console, Reputation metrics.");
  }
  return good("SES account", found);
}

Task<void> check_email(const AwsEmailSettings& settings, EmailAccountClient client, std::vector<Check>& checks) {
  const auto account = co_await client.get_account();
  checks.push_back(account ? describe(*account) : not_asked("SES account", account.error()));

  const std::string mailbox(address_in_mailbox(settings.from));
  const auto identity = co_await client.find_sending_identity(mailbox);
  if (!identity) {
    checks.push_back(not_asked("SES identity", identity.error()));
  } else if (!*identity) {
    checks.push_back(absent("SES identity", mailbox, "Create and verify the address or its domain in SES."));
  } else if (!(*identity)->is_verified) {
    checks.push_back(bad(CheckOutcome::Failed, "SES identity",
                         fmt::format("{} is not verified ({})", (*identity)->name, (*identity)->verification),
                         "Finish its verification in the SES console."));
  } else {
    checks.push_back(good("SES identity", fmt::format("{} is verified", (*identity)->name)));
  }

  if (settings.configuration_set.empty()) {
    checks.push_back(no_events("SES events", "SES_CONFIGURATION_SET"));
    co_return;
  }
  const auto set = co_await client.find_configuration_set(settings.configuration_set);
  if (!set) {
    checks.push_back(not_asked("SES events", set.error()));
  } else if (!*set) {
    checks.push_back(absent("SES events", settings.configuration_set, "Create it, or correct SES_CONFIGURATION_SET."));
  } else if (!(*set)->is_sending_enabled) {
    checks.push_back(bad(CheckOutcome::Failed, "SES events", "sending by this configuration set is paused",
                         "Enable it in the SES console."));
  } else {
    checks.push_back(good("SES events", "configuration set " + settings.configuration_set));
  }
}

Task<void> check_sms(const AwsSmsSettings& settings, SmsAccountClient client, std::vector<Check>& checks) {
  if (settings.origination_identity.starts_with("pool-") || settings.origination_identity.contains(":pool/")) {
    const auto pool = co_await client.find_pool(settings.origination_identity);
    if (!pool) {
      checks.push_back(not_asked("SMS pool", pool.error()));
    } else if (!*pool) {
      checks.push_back(absent("SMS pool", settings.origination_identity,
                              "Copy the pool id from the End User Messaging console into PHONE_POOL_ID."));
    } else if ((*pool)->status != "ACTIVE") {
      checks.push_back(bad(CheckOutcome::Failed, "SMS pool", "it is " + (*pool)->status, "Wait until it is ACTIVE."));
    } else if ((*pool)->message_type != settings.message_type) {
      checks.push_back(bad(
          CheckOutcome::Failed, "SMS pool",
          fmt::format("it is for {} messages, SMS_MESSAGE_TYPE says {}", (*pool)->message_type, settings.message_type),
          "Set SMS_MESSAGE_TYPE to what the pool is for, or use another pool."));
    } else {
      checks.push_back(good("SMS pool", fmt::format("active, {}", (*pool)->message_type)));
    }
  }
  const auto tier = co_await client.get_account_tier();
  if (!tier) {
    checks.push_back(not_asked("SMS account", tier.error()));
  } else if (*tier == "SANDBOX") {
    checks.push_back(bad(CheckOutcome::Warning, "SMS account", "sandbox: only verified numbers get messages",
                         "Request production access in the End User Messaging console."));
  } else {
    checks.push_back(good("SMS account", tier->empty() ? "AWS does not say which tier" : *tier));
  }
  const auto limits = co_await client.list_spend_limits();
  if (!limits) {
    checks.push_back(not_asked("SMS spend limit", limits.error()));
  } else if (const auto limit = std::ranges::find(*limits, "TEXT_MESSAGE_MONTHLY_SPEND_LIMIT", &SmsSpendLimit::name);
             limit != limits->end()) {
    const std::string found = fmt::format("${:.2f} a month", limit->enforced_usd);
    checks.push_back(limit->enforced_usd > 1
                         ? good("SMS spend limit", found)
                         : bad(CheckOutcome::Warning, "SMS spend limit", found,
                               "That is about a hundred messages; raise it in the End User Messaging console."));
  }
  if (settings.configuration_set.empty()) {
    checks.push_back(no_events("SMS events", "SMS_CONFIGURATION_SET"));
    co_return;
  }
  const auto set = co_await client.find_configuration_set(settings.configuration_set);
  if (!set) {
    checks.push_back(not_asked("SMS events", set.error()));
  } else if (!*set) {
    checks.push_back(absent("SMS events", settings.configuration_set, "Create it, or correct SMS_CONFIGURATION_SET."));
  } else if (std::ranges::none_of((*set)->destinations, &SmsEventDestination::is_enabled)) {
    checks.push_back(bad(CheckOutcome::Warning, "SMS events", "the configuration set has no enabled destination",
                         "Add an SNS event destination to it."));
  } else {
    checks.push_back(good("SMS events", "configuration set " + settings.configuration_set));
  }
}

Task<void> check_whatsapp(const CarrierSettings& settings, WhatsAppAccountClient client, std::vector<Check>& checks) {
  const auto number = co_await client.find_number(settings.whatsapp.phone_number_id);
  if (!number) {
    checks.push_back(not_asked("WhatsApp number", number.error()));
  } else if (!*number) {
    checks.push_back(absent("WhatsApp number", settings.whatsapp.phone_number_id,
                            "Link the number in the End User Messaging Social console."));
  } else if ((*number)->quality == "RED") {
    checks.push_back(bad(CheckOutcome::Warning, "WhatsApp number", "its quality is RED: Meta may stop it",
                         "Send less marketing with it until people stop blocking it."));
  } else {
    checks.push_back(good("WhatsApp number", fmt::format("{}, quality {}", (*number)->number, (*number)->quality)));
  }
  std::string business = settings.whatsapp_account_id;
  if (business.empty() && number && *number) business = (*number)->business_id;
  if (business.empty()) co_return;
  const auto templates = co_await client.list_templates(business);
  if (!templates) {
    checks.push_back(not_asked("WhatsApp templates", templates.error()));
    co_return;
  }
  const auto approved = std::ranges::count(*templates, "APPROVED", &WhatsAppTemplateSummary::status);
  checks.push_back(approved > 0
                       ? good("WhatsApp templates", fmt::format("{} of {} approved", approved, templates->size()))
                       : bad(CheckOutcome::Warning, "WhatsApp templates", "none is approved",
                             "WhatsApp campaigns need an approved template: submit one in the console."));
}

}  // namespace

Task<void> check_senders(const Settings& settings, AwsContext& aws, std::vector<Check>& checks) {
  const PerChannel<bool> set_up = settings.carriers.set_up();
  if (set_up[Channel::Sms]) {
    const auto caller = aws.make_caller(AwsService::Sms, account_deadline);
    if (caller) co_await check_sms(settings.carriers.sms, SmsAccountClient({**caller, aws.clock()}), checks);
  }
  if (set_up[Channel::WhatsApp]) {
    const auto caller = aws.make_caller(AwsService::WhatsApp, account_deadline);
    if (caller) co_await check_whatsapp(settings.carriers, WhatsAppAccountClient({**caller, aws.clock()}), checks);
  }
  if (set_up[Channel::Email]) {
    const auto caller = aws.make_caller(AwsService::Email, account_deadline);
    if (caller) co_await check_email(settings.carriers.email, EmailAccountClient({**caller, aws.clock()}), checks);
  }
}

}  // namespace clarion
