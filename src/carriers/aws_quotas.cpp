#include "carriers/aws_quotas.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <utility>

namespace clarion {
namespace {

struct KindRow {
  std::string_view kind;
  std::string_view country;  // empty: any other
  double parts_per_second = 0;
};

// Parts a second by kind of number, where the service does not say it:
// docs.aws.amazon.com/sms-voice/latest/userguide/sms-limitations-mps.html, November 2026. Not here: 10DLC, whose rate
// depends on the registration.
constexpr std::array<KindRow, 4> usual_rates{{
    {"SHORT_CODE", "", 100},
    {"TOLL_FREE", "", 3},
    {"LONG_CODE", "CA", 1},
    {"LONG_CODE", "", 10},
}};
constexpr double sender_id_rate = 10;  // the same page

// An ARN ends with what the short form is: "arn:aws:sms-voice:us-east-1:1:pool/pool-1".
std::string_view short_form(std::string_view identity) {
  return identity.starts_with("arn:") ? identity.substr(identity.rfind('/') + 1) : identity;
}

bool is_sender_id(std::string_view identity) {
  return identity.size() <= 11 && !identity.starts_with('+') && !identity.contains('-');
}

std::int64_t burst_of(double per_second) {
  return std::max<std::int64_t>(1, static_cast<std::int64_t>(per_second));
}

}  // namespace

std::optional<double> usual_sms_rate(const SmsNumber& number) {
  for (const KindRow& row : usual_rates) {
    if (row.kind == number.type && (row.country.empty() || row.country == number.country)) return row.parts_per_second;
  }
  return std::nullopt;
}

bool sends_from(std::string_view identity, const SmsNumber& number) {
  const std::string_view name = short_form(identity);
  return number.can_send_sms && (number.pool_id == name || number.id == name || number.number == name);
}

std::optional<SenderQuota> sms_quota(std::string_view identity, std::span<const SmsNumber> numbers,
                                     const std::optional<SenderQuota>& stated) {
  const std::string_view name = short_form(identity);
  std::map<std::string, double> shares;  // by what has a rate of its own
  bool is_all_told = true;
  for (const SmsNumber& number : numbers) {
    if (!sends_from(identity, number) || number.status != "ACTIVE") continue;
    is_all_told = is_all_told && number.parts_per_second.has_value();
    const auto rate = number.parts_per_second ? number.parts_per_second : usual_sms_rate(number);
    // A guess that is too low would hold every campaign back; one that is too fast is throttled, which we follow.
    if (!rate) return std::nullopt;
    const bool is_shared = number.type == "TEN_DLC" && !number.registration_id.empty();
    double& share = shares[is_shared ? number.registration_id : number.id];
    share = std::max(share, *rate);
  }
  double sum = 0;
  for (const auto& [owner, rate] : shares) sum += rate;
  if (shares.empty()) {
    if (stated || !is_sender_id(name)) return std::nullopt;
    return SenderQuota{sender_id_rate, burst_of(sender_id_rate), "usual rate of a sender id"};
  }
  if (stated && (!is_all_told || stated->per_second <= sum)) return std::nullopt;
  return SenderQuota{sum, burst_of(sum),
                     is_all_told ? "SMS DescribePhoneNumbers" : "usual rate of its kinds of number"};
}

LiveQuota::Ask ask_sms_quota(SmsAccountClient& client, std::string identity, std::optional<SenderQuota> stated) {
  return [&client, identity = std::move(identity),
          stated = std::move(stated)]() -> Task<Result<std::optional<SenderQuota>>> {
    const auto numbers = co_await client.list_numbers();
    if (!numbers) co_return std::unexpected(numbers.error());
    co_return sms_quota(identity, *numbers, stated);
  };
}

LiveQuota::Ask ask_email_quota(EmailAccountClient& client) {
  return [&client]() -> Task<Result<std::optional<SenderQuota>>> {
    const auto account = co_await client.get_account();
    if (!account) co_return std::unexpected(account.error());
    if (account->max_per_second <= 0) co_return std::nullopt;
    // The day's quota is no rate: what exceeds it is refused, and the channel stops with that reason.
    co_return SenderQuota{account->max_per_second, burst_of(account->max_per_second), "SES GetAccount"};
  };
}

}  // namespace clarion
