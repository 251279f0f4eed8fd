#pragma once
// AwsAllowances: what AWS says that our senders may send, and what they have sent.
//
// Asked     at most once a minute, whoever looks; callers that come meanwhile wait for the same answer.
// WhatsApp  neither AWS nor Meta tells the rate or the messaging limit of a number: the published ones are shown as
//           such.
// Threads   one executor.

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "aws/email_account_client.h"
#include "aws/sms_account_client.h"
#include "aws/whatsapp_account_client.h"
#include "base/alarm.h"
#include "ports/allowance_source.h"

namespace clarion {

class AwsAllowances final : public AllowanceSource {
 public:
  // A client that is null: that channel is not set up. REQUIRES: they outlive this.
  struct Deps {
    Clock& clock;
    SmsAccountClient* sms = nullptr;
    WhatsAppAccountClient* whatsapp = nullptr;
    EmailAccountClient* email = nullptr;
    PerChannel<std::string> identities;
  };
  explicit AwsAllowances(Deps deps) : deps_(std::move(deps)) {}

  Task<PerChannel<SenderAllowances>> read_allowances() override;

 private:
  Task<void> ask(PerChannel<SenderAllowances>& found);
  Task<void> ask_sms(SenderAllowances& found);
  Task<void> ask_whatsapp(SenderAllowances& found);
  Task<void> ask_email(SenderAllowances& found);

  Deps deps_;
  std::optional<PerChannel<SenderAllowances>> last_;
  TimePoint asked_at_{};
  bool is_asking_ = false;
  WaitList waiting_;
};

// The figures of each answer.
[[nodiscard]] std::vector<Allowance> email_allowances(const EmailAccount& account, WallTime at);
// The numbers that `identity`, a pool, a number or a sender id, sends from.
[[nodiscard]] std::vector<Allowance> sms_number_allowances(std::string_view identity,
                                                           std::span<const SmsNumber> numbers, WallTime at);
[[nodiscard]] std::vector<Allowance> sms_spend_allowances(std::span<const SmsSpendLimit> limits, WallTime at);
[[nodiscard]] Allowance sms_tier_allowance(const std::string& tier, WallTime at);
[[nodiscard]] std::vector<Allowance> whatsapp_allowances(const WhatsAppNumber& number, WallTime at);

}  // namespace clarion
