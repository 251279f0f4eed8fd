#include "app/carrier_set.h"
#include "carriers/simulated_events.h"
#include "carriers/simulated_sender.h"

namespace clarion {
namespace {

SimulatedCarrierSettings carrier_settings(const SimulationSettings& settings) {
  SimulatedCarrierSettings carrier;
  carrier.seed = settings.seed;
  carrier.median_latency = std::chrono::milliseconds(static_cast<std::int64_t>(settings.latency_ms));
  carrier.failure_rate = settings.failure_rate;
  carrier.throttle_rate = settings.throttle_rate;
  return carrier;
}

// A carrier that is simulated allows everything, and says that it is one.
class SimulatedAllowances final : public AllowanceSource {
 public:
  explicit SimulatedAllowances(PerChannel<const SimulatedSender*> senders) : senders_(senders) {}

  Task<PerChannel<SenderAllowances>> read_allowances() override {
    PerChannel<SenderAllowances> found;
    for (const Channel channel : all_channels) {
      found[channel].identity = std::string(senders_[channel]->identity());
      found[channel].is_simulated = true;
    }
    co_return found;
  }

 private:
  PerChannel<const SimulatedSender*> senders_;
};

class SimulatedCarriers final : public CarrierSet {
 public:
  SimulatedCarriers(const SimulationSettings& settings, Clock& clock)
      : events_(clock),
        sms_(Channel::Sms, carrier_settings(settings), clock, &events_),
        whatsapp_(Channel::WhatsApp, carrier_settings(settings), clock, &events_),
        email_(Channel::Email, carrier_settings(settings), clock, &events_) {}

  PerChannel<ChannelSender*> senders() override { return {{&sms_, &whatsapp_, &email_}}; }
  [[nodiscard]] PerChannel<bool> set_up() const override { return {{true, true, true}}; }
  EventSource* events() override { return &events_; }
  TemplateCatalogue* templates() override { return nullptr; }
  AllowanceSource& allowances() override { return allowances_; }
  Task<void> start() override { co_return; }
  Task<void> close() override { co_return; }

 private:
  SimulatedEvents events_;
  SimulatedSender sms_;
  SimulatedSender whatsapp_;
  SimulatedSender email_;
  SimulatedAllowances allowances_{{{&sms_, &whatsapp_, &email_}}};
};

}  // namespace

Result<std::unique_ptr<CarrierSet>> make_simulated_carriers(const SimulationSettings& settings, Clock& clock) {
  return std::make_unique<SimulatedCarriers>(settings, clock);
}

}  // namespace clarion
