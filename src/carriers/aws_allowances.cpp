#include "carriers/aws_allowances.h"

#include <fmt/format.h>

#include <memory>
#include <utility>

#include "carriers/aws_quotas.h"

namespace clarion {
namespace {

constexpr Duration asked_every = std::chrono::minutes(1);
constexpr double near_the_end = 0.8;  // of an allowance that is used up over a day

constexpr const char* ses_account = "SES GetAccount";
constexpr const char* sms_numbers = "SMS DescribePhoneNumbers";
constexpr const char* sms_limits = "SMS DescribeSpendLimits";
constexpr const char* sms_attributes = "SMS DescribeAccountAttributes";
constexpr const char* whatsapp_number = "Social GetLinkedWhatsAppBusinessAccountPhoneNumber";
// developers.facebook.com/docs/whatsapp: throughput, messaging limits.
constexpr const char* meta_published = "Meta's published limits";
constexpr WallTime meta_read_at{std::chrono::sys_days(std::chrono::year(2026) / 11 / 1)};

Allowance rate(std::string figure, double limit, const char* source, WallTime at) {
  return {.figure = std::move(figure),
          .limit = limit,
          .used = std::nullopt,
          .text = {},
          .note = {},
          .source = source,
          .at = at};
}

Allowance words(std::string figure, std::string text, AllowanceState state, std::string note, const char* source,
                WallTime at) {
  return {.figure = std::move(figure),
          .limit = std::nullopt,
          .used = std::nullopt,
          .text = std::move(text),
          .state = state,
          .note = std::move(note),
          .source = source,
          .at = at};
}

Allowance account_state(const EmailAccount& account, WallTime at) {
  if (!account.is_sending_enabled) {
    return words("account", "paused", AllowanceState::Stopped,
                 "Nothing can be sent; the SES console, Account dashboard, says why.", ses_account, at);
  }
  if (!account.has_production_access) {
    return words("account", "sandbox", AllowanceState::Warning,
                 "Only verified recipients get mail; ask for production access in the SES console.", ses_account, at);
  }
  return words("account", "production", AllowanceState::Fine, "", ses_account, at);
}

Allowance standing(const EmailAccount& account, WallTime at) {
  if (account.enforcement == "HEALTHY") {
    return words("standing", account.enforcement, AllowanceState::Fine, "", ses_account, at);
  }
  const bool is_shut = account.enforcement == "SHUTDOWN";
  return words("standing", account.enforcement, is_shut ? AllowanceState::Stopped : AllowanceState::Warning,
               "AWS has reservations about this account; the SES console, Reputation metrics, says which.", ses_account,
               at);
}

Allowance sent_in_a_day(const EmailAccount& account, WallTime at) {
  Allowance day{.figure = "recipients_in_24_hours",
                .limit = account.max_per_day,
                .used = account.sent_last_day,
                .text = {},
                .note = {},
                .source = ses_account,
                .at = at};
  if (account.max_per_day && account.sent_last_day >= *account.max_per_day) {
    day.state = AllowanceState::Stopped;
    day.note = "The day's quota is used up: mail is refused until part of it is 24 hours old.";
  } else if (account.max_per_day && account.sent_last_day >= near_the_end * *account.max_per_day) {
    day.state = AllowanceState::Warning;
    day.note = "A campaign larger than what is left stops when the quota is used up; ask AWS for more.";
  }
  return day;
}

void add_problem(SenderAllowances& found, const Error& error) {
  if (!found.problem.empty()) found.problem += ' ';
  found.problem += error.message;
}

}  // namespace

std::vector<Allowance> email_allowances(const EmailAccount& account, WallTime at) {
  return {rate("recipients_per_second", account.max_per_second, ses_account, at), sent_in_a_day(account, at),
          account_state(account, at), standing(account, at)};
}

std::vector<Allowance> sms_number_allowances(std::string_view identity, std::span<const SmsNumber> numbers,
                                             WallTime at) {
  std::vector<Allowance> found;
  for (const SmsNumber& number : numbers) {
    if (!sends_from(identity, number)) continue;
    const auto usual = usual_sms_rate(number);
    const bool is_told = number.parts_per_second.has_value();
    const auto limit = is_told ? number.parts_per_second : usual;
    Allowance row = rate("parts_per_second", 0, is_told ? sms_numbers : "usual rate of this kind of number", at);
    row.limit = limit;
    row.text = fmt::format("{} {} {}", number.number, number.country, number.type);
    if (number.status != "ACTIVE") {
      row.state = AllowanceState::Stopped;
      row.note = fmt::format("The number is {}; nothing is sent from it.", number.status);
    } else if (!limit) {
      row.note = "AWS does not tell the rate of this kind of number: it depends on its registration.";
    }
    found.push_back(std::move(row));
  }
  return found;
}

std::vector<Allowance> sms_spend_allowances(std::span<const SmsSpendLimit> limits, WallTime at) {
  std::vector<Allowance> found;
  for (const SmsSpendLimit& limit : limits) {
    if (limit.name != "TEXT_MESSAGE_MONTHLY_SPEND_LIMIT") continue;
    Allowance row = rate("usd_per_month", limit.enforced_usd, sms_limits, at);
    row.note = fmt::format("AWS does not say how much of it is spent. It may be raised to ${:.0f} in its console.",
                           limit.max_usd);
    if (limit.enforced_usd <= 1) {
      row.state = AllowanceState::Warning;
      row.note = "This is the limit of a new account: a campaign stops after a few messages. Ask AWS to raise it.";
    }
    found.push_back(std::move(row));
  }
  return found;
}

Allowance sms_tier_allowance(const std::string& tier, WallTime at) {
  if (tier == "SANDBOX") {
    return words("account", "sandbox", AllowanceState::Warning,
                 "Only verified numbers get messages; ask for production access in the End User Messaging console.",
                 sms_attributes, at);
  }
  return words("account", tier.empty() ? "not said" : "production", AllowanceState::Fine, "", sms_attributes, at);
}

std::vector<Allowance> whatsapp_allowances(const WhatsAppNumber& number, WallTime at) {
  std::vector<Allowance> found;
  const bool is_red = number.quality == "RED";
  const bool is_fine = number.quality == "GREEN" || number.quality.empty();
  found.push_back(words("quality", number.quality.empty() ? "not said" : number.quality,
                        is_fine  ? AllowanceState::Fine
                        : is_red ? AllowanceState::Stopped
                                 : AllowanceState::Warning,
                        is_fine ? ""
                                : "People block or report this number: write to fewer, and only to those who asked for "
                                  "it, or Meta lowers its limit.",
                        whatsapp_number, at));
  Allowance throughput = rate("messages_per_second", 80, meta_published, meta_read_at);
  throughput.note = "Meta raises it to 1,000 by itself; nobody tells which of the two a number has.";
  found.push_back(std::move(throughput));
  found.push_back(words("people_in_24_hours", "250 to unlimited", AllowanceState::Fine,
                        "Depends on the tier of the business portfolio, which only WhatsApp Manager shows.",
                        meta_published, meta_read_at));
  return found;
}

Task<void> AwsAllowances::ask_sms(SenderAllowances& found) {
  const auto numbers = co_await deps_.sms->list_numbers();
  const WallTime at = deps_.clock.wall_now();
  if (numbers) {
    found.figures = sms_number_allowances(found.identity, *numbers, at);
  } else {
    add_problem(found, numbers.error());
  }
  const auto limits = co_await deps_.sms->list_spend_limits();
  if (limits) {
    for (Allowance& row : sms_spend_allowances(*limits, deps_.clock.wall_now())) {
      found.figures.push_back(std::move(row));
    }
  } else {
    add_problem(found, limits.error());
  }
  const auto tier = co_await deps_.sms->get_account_tier();
  if (tier) {
    found.figures.push_back(sms_tier_allowance(*tier, deps_.clock.wall_now()));
  } else {
    add_problem(found, tier.error());
  }
}

Task<void> AwsAllowances::ask_whatsapp(SenderAllowances& found) {
  const auto number = co_await deps_.whatsapp->find_number(found.identity);
  if (!number) {
    add_problem(found, number.error());
  } else if (!*number) {
    found.problem = "The number is not linked to this account; correct WHATSAPP_PHONE_NUMBER_ID.";
  } else {
    found.figures = whatsapp_allowances(**number, deps_.clock.wall_now());
  }
}

Task<void> AwsAllowances::ask_email(SenderAllowances& found) {
  const auto account = co_await deps_.email->get_account();
  if (account) {
    found.figures = email_allowances(*account, deps_.clock.wall_now());
  } else {
    add_problem(found, account.error());
  }
}

Task<void> AwsAllowances::ask(PerChannel<SenderAllowances>& found) {
  if (deps_.email != nullptr) co_await ask_email(found[Channel::Email]);
  if (deps_.whatsapp != nullptr) co_await ask_whatsapp(found[Channel::WhatsApp]);
  if (deps_.sms != nullptr) co_await ask_sms(found[Channel::Sms]);
}

Task<PerChannel<SenderAllowances>> AwsAllowances::read_allowances() {
  while (is_asking_) co_await waiting_.wait();
  if (last_ && deps_.clock.now() < asked_at_ + asked_every) co_return *last_;
  PerChannel<SenderAllowances> found;
  for (const Channel channel : all_channels) found[channel].identity = deps_.identities[channel];
  // Whatever happens to this caller, the next one may ask.
  const auto done = [this](void*) {
    is_asking_ = false;
    waiting_.wake_all();
  };
  is_asking_ = true;
  const std::unique_ptr<void, decltype(done)> turn(this, done);
  co_await ask(found);
  asked_at_ = deps_.clock.now();
  last_ = found;
  co_return found;
}

}  // namespace clarion
