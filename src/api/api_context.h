#pragma once
// ApiContext: what the resources work with. Made once in wiring and shared by every handler.
//
// Threads  handlers run on several executors; whatever touches the engine goes through on_engine().

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <vector>

#include "access/token_verifier.h"
#include "api/asked_segments.h"
#include "api/audience_snapshot.h"
#include "api/contact_upload.h"
#include "api/page_files.h"
#include "base/clock.h"
#include "content/content_library.h"
#include "engine/campaign_engine.h"
#include "engine/event_metrics.h"
#include "engine/plan_audience.h"
#include "engine/send_metrics.h"
#include "net/http.h"
#include "ports/allowance_source.h"
#include "ports/campaign_store.h"
#include "ports/channel_sender.h"
#include "ports/consent_log.h"
#include "ports/delivery_store.h"
#include "ports/response_log.h"
#include "ports/segment_store.h"
#include "ports/suppression_store.h"
#include "ports/template_catalogue.h"
#include "ports/template_store.h"
#include "ports/work_queue.h"

namespace clarion {

struct ApiContext {
  CampaignStore& campaigns;
  DeliveryLog& deliveries;
  DeliveryStore& ledger;  // for what a person says of a delivery; campaigns are the engine's to change
  ResponseLog& responses;
  SegmentStore& segments;
  TemplateStore& templates;
  SuppressionStore& suppressions;
  ConsentLog& consents;
  TemplateCatalogue* provider_templates;  // null where nobody approves templates
  Clock& clock;
  // What the providers allow, and the senders that are held to it. On the engine's executor.
  AllowanceSource& allowances;
  PerChannel<ChannelSender*> senders;
  CampaignEngine& engine;
  asio::any_io_executor engine_executor;

  // The contacts as they are now; never null.
  std::function<std::shared_ptr<const AudienceSnapshot>()> audience;
  // What plans and previews are made from, beside the audience.
  PlanningSources planning;
  // Templates, promotions and shared variables that come with the program or from the operator's files.
  const ContentLibrary& library;
  // The content of a campaign, the same as the engine renders it.
  std::function<Result<std::shared_ptr<const MessageRenderer>>(const CampaignDefinition&)> make_renderer;
  // Takes in a file of contacts; running servers see it within seconds.
  ContactUploader upload_contacts = {};
  // An error says in one sentence why nothing could be recorded now.
  std::function<Task<Result<void>>()> check_store;
  // Prometheus text of what other layers count; may be empty.
  std::function<std::string()> process_metrics;
  const SendMetrics& sends;
  // Where carriers' events come from; what is off is listed too.
  std::vector<const EventMetrics*> events;
  // How this process and its work queue stand; none: there is no queue, or no such function.
  std::function<std::optional<WorkStatus>()> work_status = {};
  // Takes one message that SNS posts, of one of these topics; none: nothing is taken. Errors: Denied, when it is not
  // proven to be from SNS; Invalid, when nobody understands it; Unavailable, when it is to come again.
  std::function<Task<Result<void>>(std::string body)> take_published = {};
  std::vector<std::string> event_topics = {};

  // Who may ask; null: everybody who reaches this server, which then listens on this machine only.
  TokenVerifier* verifier = nullptr;

  // Beside the segments that are stored; never null.
  std::shared_ptr<AskedSegments> asked_segments = std::make_shared<AskedSegments>();

  bool is_production = false;
  double max_tps = 1000;
  std::string public_url;
  std::string openapi_json;
  std::shared_ptr<const PageFiles> page = std::make_shared<const PageFiles>();
};

// Runs engine code on the engine's executor and comes back: `make` is called with the engine and gives the Task.
// A client that goes away does not cancel what it asked for.
template <class Make>
auto on_engine(const ApiContext& context, Make make) -> std::invoke_result_t<Make, CampaignEngine&> {
  using Reply = typename std::invoke_result_t<Make, CampaignEngine&>::value_type;
  CampaignEngine& engine = context.engine;
  co_return co_await asio::co_spawn(
      context.engine_executor,
      [](CampaignEngine& target, Make call) -> Task<Reply> { co_return co_await call(target); }(engine,
                                                                                                std::move(make)),
      asio::bind_cancellation_slot(asio::cancellation_slot(), asio::use_awaitable));
}

}  // namespace clarion
