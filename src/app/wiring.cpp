#include "app/wiring.h"

#include <unistd.h>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <functional>
#include <random>
#include <utility>
#include <vector>

#include "api/campaign_selection.h"
#include "app/aws_carriers.h"
#include "app/carrier_set.h"
#include "app/published_events.h"
#include "app/stores.h"
#include "aws/sns_verifier.h"
#include "base/task_group.h"
#include "content/content_library.h"
#include "embedded/openapi_json.h"
#include "engine/campaign_engine.h"
#include "engine/content_renderer.h"
#include "engine/event_applier.h"
#include "engine/indexed_delivery_store.h"
#include "engine/metered_delivery_store.h"
#include "engine/suppressing_delivery_store.h"
#include "engine/template_approval.h"
#include "engine/vetting.h"

namespace clarion {

// In the order in which each needs the ones before it.
struct Wiring::Parts {
  Parts(const Settings& given, asio::any_io_executor on)
      : settings(given),
        executor(std::move(on)),
        index_need(given.carriers.has_sms_replies),
        event_metrics(given.is_production ? "sqs" : "simulated") {}

  Result<void> open() {
    if (settings.is_production) {
      auto configured = AwsContext::make(settings, clock, executor);
      if (!configured) return std::unexpected(configured.error());
      aws = std::move(*configured);
    }
    auto opened = settings.store == StoreKind::DynamoDb ? open_dynamo_stores(settings, *aws, executor)
                                                        : open_sqlite_stores(settings, clock);
    if (!opened) return std::unexpected(opened.error());
    stores = std::move(*opened);
    auto made = settings.is_production ? make_aws_carriers(settings, *aws, executor)
                                       : make_simulated_carriers(settings.simulation, clock);
    if (!made) return std::unexpected(made.error());
    carriers = std::move(*made);
    auto loaded =
        LiveAudience::load(stores->make_contacts(), {.data_dir = settings.data_dir, .set_up = carriers->set_up()});
    if (!loaded) return std::unexpected(loaded.error());
    audience = std::move(*loaded);
    start_engine();
    return {};
  }

  [[nodiscard]] PlanningSources planning() {
    return {stores->suppressions(), stores->log(), stores->contact_log(), clock, &*learned};
  }

  [[nodiscard]] std::function<Task<Result<std::optional<std::string>>>(const CampaignDefinition&)> approval() {
    TemplateCatalogue* catalogue = carriers->templates();
    if (catalogue == nullptr) return {};
    return [catalogue](const CampaignDefinition& definition) {
      return find_template_obstacle(*catalogue, definition.content);
    };
  }

  void start_engine() {
    // What others' messages taught may be read once a minute where reading costs money.
    learned.emplace(
        LearnedResponses::Deps{.log = stores->contact_log(),
                               .clock = clock,
                               .learning = learning.get_executor(),
                               .least_age = stores->is_shared() ? std::chrono::seconds(60) : std::chrono::seconds(2)});
    // Simulated carriers always bring our own id back.
    const bool needs_index = settings.is_production && (carriers->events() != nullptr || takes_published());
    suppressing_deliveries.emplace(SuppressingDeliveryStore::Deps{
        .inner = stores->deliveries(), .log = stores->log(), .suppressions = stores->suppressions()});
    DeliveryStore& deliveries = *suppressing_deliveries;
    if (needs_index) indexed_deliveries.emplace(deliveries, stores->messages(), index_need);
    metered_deliveries.emplace(needs_index ? *indexed_deliveries : deliveries, sends);
    vetting.emplace(Vetting::Deps{.suppressions = stores->suppressions(),
                                  .contacts = [this] { return audience->current()->contacts; }});
    engine.emplace(CampaignEngine::Deps{
        .campaigns = stores->campaigns(),
        .deliveries = *metered_deliveries,
        .rates = stores->rates(),
        .budgets = stores->budgets(),
        .senders = carriers->senders(),
        .clock = clock,
        .make_renderer = make_content_renderer,
        .make_plan_source =
            [this](const Campaign& campaign) {
              return make_campaign_plan(
                  {planning(), stores->campaigns(), stores->consents(), audience->current(), carriers->templates()},
                  campaign);
            },
        .find_obstacle = approval(),
        .vetting = &*vetting,
        .max_tps = settings.max_tps,
        // Those who send one campaign must not try again at the same moments.
        .seed = settings.is_production ? std::random_device()() : settings.simulation.seed,
        .stop_after_refusals = settings.stop_after_refusals,
        .is_shared = stores->is_shared(),
        .announce =
            [this](CampaignNumber campaign) {
              if (WorkRunner* work = stores->work()) work->announce(campaign);
            },
        .hears_of_work = [this] { return stores->work() != nullptr && stores->work()->tells_of_work(); },
        .plan_lease = stores->plan_lease(),
        .log = &stores->log(),
        .runs = &stores->runs(),
        .metrics = &sends,
    });
    if (carriers->events() != nullptr) applier.emplace(applier_deps(carriers->events(), event_metrics, needs_index));
    if (!takes_published()) return;
    sns_verifier.emplace(SnsVerifier::Deps{.transport = aws->transport(),
                                           .clock = clock,
                                           .topic_arns = {settings.event_topics.begin(), settings.event_topics.end()}});
    sns_applier.emplace(applier_deps(nullptr, sns_metrics, needs_index));
    published.emplace(PublishedEvents::Deps{*sns_verifier, *sns_applier, sns_metrics, clock});
  }

  [[nodiscard]] bool takes_published() const { return settings.is_production && !settings.event_topics.empty(); }

  EventApplier::Deps applier_deps(EventSource* source, EventMetrics& metrics, bool needs_index) {
    return {.source = source,
            .deliveries = stores->deliveries(),
            .log = stores->log(),
            .suppressions = stores->suppressions(),
            .consents = stores->consents(),
            .clock = clock,
            .metrics = metrics,
            .messages = needs_index ? &stores->messages() : nullptr,
            .need = &index_need,
            .seed = std::random_device()(),
            .on_notice = [this](const CarrierEvent& event) { engine->heed(event); }};
  }

  // Runs on the engine's executor, whoever asks. A client that goes away does not cancel it.
  Task<Result<void>> take_published(std::string body) {
    co_return co_await asio::co_spawn(executor, published->take(std::move(body)),
                                      asio::bind_cancellation_slot(asio::cancellation_slot(), asio::use_awaitable));
  }

  // What is off is listed too, unless the other is on.
  [[nodiscard]] std::vector<const EventMetrics*> event_sources() const {
    if (!takes_published()) return {&event_metrics};
    if (carriers->events() == nullptr) return {&sns_metrics};
    return {&event_metrics, &sns_metrics};
  }

  Settings settings;
  asio::any_io_executor executor;
  SystemClock clock;
  ContentLibrary library = ContentLibrary::built_in();
  std::unique_ptr<AwsContext> aws;  // production only
  std::unique_ptr<Stores> stores;
  std::unique_ptr<CarrierSet> carriers;
  std::unique_ptr<LiveAudience> audience;
  SendMetrics sends;
  std::optional<SuppressingDeliveryStore> suppressing_deliveries;
  MessageIndexNeed index_need;
  std::optional<IndexedDeliveryStore> indexed_deliveries;
  std::optional<MeteredDeliveryStore> metered_deliveries;
  std::optional<Vetting> vetting;
  asio::thread_pool learning{1};
  std::optional<LearnedResponses> learned;
  std::optional<CampaignEngine> engine;
  EventMetrics event_metrics;
  std::optional<EventApplier> applier;
  EventMetrics sns_metrics{"sns"};
  std::optional<SnsVerifier> sns_verifier;
  std::optional<EventApplier> sns_applier;
  std::optional<PublishedEvents> published;  // none: nothing is taken
  TaskGroup background;
};

Result<std::unique_ptr<Wiring>> Wiring::open(const Settings& settings, asio::any_io_executor engine_executor) {
  auto parts = std::make_unique<Parts>(settings, std::move(engine_executor));
  if (auto opened = parts->open(); !opened) return std::unexpected(opened.error());
  return std::unique_ptr<Wiring>(new Wiring(std::move(parts)));
}

Wiring::Wiring(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

Wiring::~Wiring() = default;

LiveAudience& Wiring::audience() {
  return *parts_->audience;
}

Clock& Wiring::clock() {
  return parts_->clock;
}

TokenStore& Wiring::tokens() {
  return parts_->stores->tokens();
}

SendMetrics& Wiring::sends() {
  return parts_->sends;
}

ApiContext Wiring::api_context() {
  Parts& parts = *parts_;
  const auto check_store = [&parts]() -> Task<Result<void>> {
    if (::access(parts.settings.data_dir.c_str(), W_OK) != 0) {
      co_return fail(ErrorKind::Unavailable, "the data directory cannot be written");
    }
    co_return co_await parts.stores->check();
  };
  const std::function<Task<Result<void>>(std::string)> take_published = [&parts](std::string body) {
    return parts.take_published(std::move(body));
  };
  return ApiContext{
      .campaigns = parts.stores->campaigns(),
      .deliveries = parts.stores->log(),
      .ledger = parts.stores->deliveries(),
      .responses = parts.stores->responses(),
      .segments = parts.stores->segments(),
      .templates = parts.stores->templates(),
      .suppressions = parts.stores->suppressions(),
      .consents = parts.stores->consents(),
      .provider_templates = parts.carriers->templates(),
      .clock = parts.clock,
      .allowances = parts.carriers->allowances(),
      .senders = parts.carriers->senders(),
      .engine = *parts.engine,
      .engine_executor = parts.executor,
      .audience = [&parts] { return parts.audience->current(); },
      .planning = parts.planning(),
      .library = parts.library,
      .make_renderer = make_content_renderer,
      .check_store = check_store,
      .process_metrics = {},
      .sends = parts.sends,
      .events = parts.event_sources(),
      .work_status = [&parts]() -> std::optional<WorkStatus> {
        if (const WorkRunner* work = parts.stores->work()) return work->status();
        return std::nullopt;
      },
      .take_published = parts.published ? take_published : nullptr,
      .event_topics = parts.settings.event_topics,
      .is_production = parts.settings.is_production,
      .max_tps = parts.settings.max_tps,
      .public_url = parts.settings.public_url,
      .openapi_json = std::string(embedded::openapi_json),
  };
}

Task<Result<void>> Wiring::start(Sending sending) {
  co_await parts_->stores->start();
  co_await parts_->carriers->start();
  // A command that only looks takes no messages from a queue that servers read.
  if (parts_->applier && (sending != Sending::Nothing || !parts_->settings.is_production)) {
    parts_->background.spawn(parts_->executor, parts_->applier->run());
  }
  if (parts_->published && sending != Sending::Nothing) parts_->sns_metrics.on_started();
  if (sending == Sending::ContinueAll) {
    if (auto resumed = co_await parts_->engine->resume_all(); !resumed) co_return resumed;
    if (WorkRunner* work = parts_->stores->work()) {
      work->start([engine = &*parts_->engine](CampaignNumber campaign) { return engine->take_up(campaign); });
    }
  }
  if (sending != Sending::Nothing && parts_->stores->is_shared()) {
    parts_->background.spawn(parts_->executor, parts_->engine->follow_others(sending == Sending::ContinueAll));
  }
  co_return Result<void>{};
}

Task<void> Wiring::stop(TimePoint deadline) {
  co_await parts_->engine->stop(deadline);
  parts_->background.cancel();
  co_await parts_->background.join();
  co_await parts_->carriers->close();
  co_await parts_->stores->close();
  if (parts_->aws) co_await parts_->aws->close();
}

}  // namespace clarion
