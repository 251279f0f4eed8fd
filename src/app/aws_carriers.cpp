#include "app/aws_carriers.h"

#include <fmt/format.h>

#include <boost/asio/this_coro.hpp>

#include <optional>
#include <random>
#include <utility>

#include "base/task_group.h"
#include "carriers/aws_allowances.h"
#include "carriers/aws_bulk_email_sender.h"
#include "carriers/aws_quotas.h"
#include "carriers/aws_template_catalogue.h"
#include "carriers/live_quota.h"
#include "carriers/refusing_sender.h"
#include "carriers/sqs_event_source.h"

namespace clarion {
namespace {

using namespace std::chrono_literals;

// A send without an answer by then is in doubt. Carriers answer within a second; what takes this long is an outage.
constexpr std::chrono::milliseconds send_deadline = 15s;
constexpr std::chrono::milliseconds read_deadline = 5s;
// How long start-up waits for the quotas at most.
constexpr Duration quota_patience = 3s;

// Quotas asked in the background: where the provider can be asked, and the channel is set up.
struct LiveQuotas {
  LiveQuotas(AwsCaller* sms_caller, AwsCaller* email_caller, Clock& clock, const CarrierSettings& settings) {
    const std::uint64_t seed = std::random_device()();
    if (sms_caller != nullptr) {
      sms_account.emplace(AwsReader::Deps{.caller = *sms_caller, .clock = clock, .seed = seed});
      sms.emplace(clock, ask_sms_quota(*sms_account, settings.sms.origination_identity, settings.sms.quota), seed);
    }
    if (email_caller != nullptr) {
      email_account.emplace(AwsReader::Deps{.caller = *email_caller, .clock = clock, .seed = seed});
      email.emplace(clock, ask_email_quota(*email_account), seed);
    }
  }

  std::optional<SmsAccountClient> sms_account;
  std::optional<EmailAccountClient> email_account;
  std::optional<LiveQuota> sms;
  std::optional<LiveQuota> email;
};

class AwsCarriers final : public CarrierSet {
 public:
  struct Callers {
    PerChannel<std::unique_ptr<AwsCaller>> send;
    PerChannel<std::unique_ptr<AwsCaller>> read;
    std::unique_ptr<AwsCaller> queue;  // null: there is no queue of events
  };

  AwsCarriers(AwsContext& aws, Callers callers, const CarrierSettings& settings, const std::string& queue_url,
              const asio::any_io_executor& executor)
      : aws_(aws),
        callers_(std::move(callers)),
        set_up_(settings.set_up()),
        whatsapp_account_({*callers_.read[Channel::WhatsApp], aws_.clock()}),
        templates_({whatsapp_account_, aws_.clock(), executor}, settings.whatsapp_account_id,
                   settings.whatsapp.phone_number_id),
        quotas_(set_up_[Channel::Sms] ? callers_.read[Channel::Sms].get() : nullptr,
                set_up_[Channel::Email] ? callers_.read[Channel::Email].get() : nullptr, aws_.clock(), settings),
        allowances_({.clock = aws_.clock(),
                     .sms = quotas_.sms_account ? &*quotas_.sms_account : nullptr,
                     .whatsapp = set_up_[Channel::WhatsApp] ? &whatsapp_account_ : nullptr,
                     .email = quotas_.email_account ? &*quotas_.email_account : nullptr,
                     .identities = {{settings.sms.origination_identity, settings.whatsapp.phone_number_id,
                                     settings.email.from}}}) {
    AwsCaller& sms = *callers_.send[Channel::Sms];
    AwsCaller& whatsapp = *callers_.send[Channel::WhatsApp];
    AwsCaller& email = *callers_.send[Channel::Email];
    const auto live = [](const std::optional<LiveQuota>& quota) { return quota ? &*quota : nullptr; };
    make<AwsSmsSender>(Channel::Sms, "PHONE_POOL_ID", sms, settings.sms, live(quotas_.sms));
    make<AwsWhatsAppSender>(Channel::WhatsApp, "WHATSAPP_PHONE_NUMBER_ID", whatsapp, aws_.clock(), settings.whatsapp);
    if (settings.email.bulk_size > 1) {
      make<AwsBulkEmailSender>(Channel::Email, "SENDER_EMAIL", email, aws_.clock(), settings.email,
                               live(quotas_.email));
    } else {
      make<AwsEmailSender>(Channel::Email, "SENDER_EMAIL", email, settings.email, live(quotas_.email));
    }
    if (!callers_.queue) return;
    queue_.emplace(AwsReader::Deps{.caller = *callers_.queue, .clock = aws_.clock(), .seed = std::random_device()()},
                   queue_url);
    events_.emplace(*queue_);
  }

  PerChannel<ChannelSender*> senders() override {
    PerChannel<ChannelSender*> senders{};
    for (const Channel channel : all_channels) senders[channel] = senders_[channel].get();
    return senders;
  }
  [[nodiscard]] PerChannel<bool> set_up() const override { return set_up_; }
  EventSource* events() override { return events_ ? &*events_ : nullptr; }
  AllowanceSource& allowances() override { return allowances_; }
  TemplateCatalogue* templates() override { return set_up_[Channel::WhatsApp] ? &templates_ : nullptr; }

  Task<void> start() override {
    const auto executor = co_await asio::this_coro::executor;
    const TimePoint deadline = aws_.clock().now() + quota_patience;
    for (std::optional<LiveQuota>* quota : {&quotas_.sms, &quotas_.email}) {
      if (*quota) background_.spawn(executor, (*quota)->run());
    }
    for (std::optional<LiveQuota>* quota : {&quotas_.sms, &quotas_.email}) {
      if (*quota) co_await (*quota)->wait_for_first(deadline);
    }
  }

  Task<void> close() override {
    background_.cancel();
    co_await background_.join();
    if (events_) co_await events_->close();
  }

 private:
  template <class Sender, class... Arguments>
  void make(Channel channel, std::string_view setting, Arguments&&... arguments) {
    if (set_up_[channel]) {
      senders_[channel] = std::make_unique<Sender>(std::forward<Arguments>(arguments)...);
    } else {
      senders_[channel] =
          std::make_unique<RefusingSender>(fmt::format("no sender is set up: set {} and start Clarion again", setting));
    }
  }

  AwsContext& aws_;
  Callers callers_;
  PerChannel<bool> set_up_;
  WhatsAppAccountClient whatsapp_account_;
  AwsTemplateCatalogue templates_;
  LiveQuotas quotas_;
  AwsAllowances allowances_;
  PerChannel<std::unique_ptr<ChannelSender>> senders_;
  std::optional<SqsClient> queue_;
  std::optional<SqsEventSource> events_;
  TaskGroup background_;
};

}  // namespace

Result<std::unique_ptr<CarrierSet>> make_aws_carriers(const Settings& settings, AwsContext& aws,
                                                      const asio::any_io_executor& executor) {
  AwsCarriers::Callers callers;
  for (const auto& [channel, service] :
       {std::pair{Channel::Sms, AwsService::Sms}, std::pair{Channel::WhatsApp, AwsService::WhatsApp},
        std::pair{Channel::Email, AwsService::Email}}) {
    auto send = aws.make_caller(service, send_deadline);
    if (!send) return std::unexpected(send.error());
    callers.send[channel] = std::move(*send);
    auto read = aws.make_caller(service, read_deadline);
    if (!read) return std::unexpected(read.error());
    callers.read[channel] = std::move(*read);
  }
  if (!settings.events_queue_url.empty()) {
    auto queue = aws.make_caller(AwsService::Sqs, read_deadline);
    if (!queue) return std::unexpected(queue.error());
    callers.queue = std::move(*queue);
  }
  return std::make_unique<AwsCarriers>(aws, std::move(callers), settings.carriers, settings.events_queue_url, executor);
}

}  // namespace clarion
