#pragma once
// CarrierSet: the channel senders of one environment and what they stand on: simulated locally, AWS in production.
//
// Threads  made anywhere; used, closed and destroyed with the engine's executor.

#include <boost/asio/any_io_executor.hpp>

#include <memory>

#include "app/settings.h"
#include "base/clock.h"
#include "base/result.h"
#include "base/task.h"
#include "ports/allowance_source.h"
#include "ports/channel_sender.h"
#include "ports/event_source.h"
#include "ports/template_catalogue.h"

namespace clarion {

class CarrierSet {
 public:
  virtual ~CarrierSet() = default;
  // None is null: a channel that is not set up has a sender that refuses everything.
  [[nodiscard]] virtual PerChannel<ChannelSender*> senders() = 0;
  [[nodiscard]] virtual PerChannel<bool> set_up() const = 0;
  // What carriers say later; null when nobody tells us.
  [[nodiscard]] virtual EventSource* events() = 0;
  // What the provider says of its templates; null where nobody approves them.
  [[nodiscard]] virtual TemplateCatalogue* templates() = 0;
  // What the providers allow each sender, and how much of it is used.
  [[nodiscard]] virtual AllowanceSource& allowances() = 0;
  // Begins what runs in the background. Returns once the providers have told their quotas, or after a few seconds:
  // without them the first messages of a campaign would go too fast. Call once, before the first send.
  virtual Task<void> start() = 0;
  // Ends what runs in the background and closes connections. REQUIRES: no send is under way.
  virtual Task<void> close() = 0;
};

[[nodiscard]] Result<std::unique_ptr<CarrierSet>> make_simulated_carriers(const SimulationSettings& settings,
                                                                          Clock& clock);

}  // namespace clarion
