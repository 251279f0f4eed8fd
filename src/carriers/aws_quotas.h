#pragma once
// What AWS allows our senders, as LiveQuota asks it.
//
// WhatsApp  has no such question: neither AWS nor Meta tells the rate of a number, so the operator's setting stands.

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "aws/email_account_client.h"
#include "aws/sms_account_client.h"
#include "carriers/live_quota.h"

namespace clarion {

// Recipients a second, by SES GetAccount. REQUIRES: `client` outlives what is returned.
[[nodiscard]] LiveQuota::Ask ask_email_quota(EmailAccountClient& client);

// Parts a second of a pool, a number or a sender id, by DescribePhoneNumbers; `stated` is what the operator says.
// REQUIRES: `client` outlives what is returned.
[[nodiscard]] LiveQuota::Ask ask_sms_quota(SmsAccountClient& client, std::string identity,
                                           std::optional<SenderQuota> stated);

// The rule of ask_sms_quota: the rates of the identity's active numbers together, those of one 10DLC registration once;
// where AWS does not tell a number's rate, the usual one of its kind. nullopt: what the operator says stands, because
// it is lower, or because AWS does not tell all rates; or nothing is known.
[[nodiscard]] std::optional<SenderQuota> sms_quota(std::string_view identity, std::span<const SmsNumber> numbers,
                                                   const std::optional<SenderQuota>& stated);

// Whether messages of `identity`, a pool, a number or a sender id, may leave from this number.
[[nodiscard]] bool sends_from(std::string_view identity, const SmsNumber& number);
// Parts a second of numbers of this kind, where AWS publishes it.
[[nodiscard]] std::optional<double> usual_sms_rate(const SmsNumber& number);

}  // namespace clarion
