#include "app/aws_carriers.h"

#include <fmt/format.h>

#include "carriers/aws_template_catalogue.h"
#include "carriers/refusing_sender.h"

namespace clarion {
namespace {

using namespace std::chrono_literals;

// A send without an answer by then is in doubt. Carriers answer within a second; what takes this long is an outage.
constexpr std::chrono::milliseconds send_deadline = 15s;

class AwsCarriers final : public CarrierSet {
 public:
  AwsCarriers(std::unique_ptr<AwsContext> aws, PerChannel<std::unique_ptr<AwsCaller>> callers,
              const CarrierSettings& settings, const asio::any_io_executor& executor)
      : aws_(std::move(aws)),
        callers_(std::move(callers)),
        set_up_(settings.set_up()),
        whatsapp_account_({*callers_[Channel::WhatsApp], aws_->clock()}),
        templates_({whatsapp_account_, aws_->clock(), executor}, settings.whatsapp_account_id,
                   settings.whatsapp.phone_number_id) {
    senders_[Channel::Sms] = make<AwsSmsSender>(Channel::Sms, settings.sms, "PHONE_POOL_ID");
    senders_[Channel::WhatsApp] =
        make<AwsWhatsAppSender>(Channel::WhatsApp, settings.whatsapp, "WHATSAPP_PHONE_NUMBER_ID");
    senders_[Channel::Email] = make<AwsEmailSender>(Channel::Email, settings.email, "SENDER_EMAIL");
  }

  PerChannel<ChannelSender*> senders() override {
    PerChannel<ChannelSender*> senders{};
    for (const Channel channel : all_channels) senders[channel] = senders_[channel].get();
    return senders;
  }
  [[nodiscard]] PerChannel<bool> set_up() const override { return set_up_; }
  EventSource* events() override { return nullptr; }
  TemplateCatalogue* templates() override { return set_up_[Channel::WhatsApp] ? &templates_ : nullptr; }
  Task<void> close() override { co_await aws_->close(); }

 private:
  template <class Sender, class SenderSettings>
  std::unique_ptr<ChannelSender> make(Channel channel, const SenderSettings& settings, std::string_view setting) {
    if (set_up_[channel]) return std::make_unique<Sender>(*callers_[channel], settings);
    return std::make_unique<RefusingSender>(
        fmt::format("no sender is set up: set {} and start Clarion again", setting));
  }

  std::unique_ptr<AwsContext> aws_;
  PerChannel<std::unique_ptr<AwsCaller>> callers_;
  PerChannel<bool> set_up_;
  WhatsAppAccountClient whatsapp_account_;
  AwsTemplateCatalogue templates_;
  PerChannel<std::unique_ptr<ChannelSender>> senders_;
};

}  // namespace

Result<std::unique_ptr<CarrierSet>> make_aws_carriers(const Settings& settings, Clock& clock,
                                                      const asio::any_io_executor& executor) {
  auto aws = AwsContext::make(settings, clock, executor);
  if (!aws) return std::unexpected(aws.error());
  PerChannel<std::unique_ptr<AwsCaller>> callers;
  for (const auto& [channel, service] :
       {std::pair{Channel::Sms, AwsService::Sms}, std::pair{Channel::WhatsApp, AwsService::WhatsApp},
        std::pair{Channel::Email, AwsService::Email}}) {
    auto caller = (*aws)->make_caller(service, send_deadline);
    if (!caller) return std::unexpected(caller.error());
    callers[channel] = std::move(*caller);
  }
  return std::make_unique<AwsCarriers>(std::move(*aws), std::move(callers), settings.carriers, executor);
}

}  // namespace clarion
