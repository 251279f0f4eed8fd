#include "app/wiring.h"

#include <unistd.h>

#include <utility>

#include "api/campaign_selection.h"
#include "app/carrier_set.h"
#include "base/task_group.h"
#include "content/content_library.h"
#include "embedded/openapi_json.h"
#include "engine/campaign_engine.h"
#include "engine/content_renderer.h"
#include "engine/event_applier.h"
#include "engine/process_rate_ledger.h"
#include "store/sqlite_campaign_store.h"
#include "store/sqlite_database.h"
#include "store/sqlite_delivery_log.h"
#include "store/sqlite_delivery_store.h"
#include "store/sqlite_response_log.h"
#include "store/sqlite_segment_store.h"
#include "store/sqlite_suppression_store.h"
#include "store/sqlite_template_store.h"

namespace clarion {
namespace {}  // namespace

// In the order in which each needs the ones before it.
struct Wiring::Parts {
  Parts(const Settings& given, asio::any_io_executor on, std::unique_ptr<SqliteDatabase> opened,
        std::unique_ptr<LiveAudience> contacts)
      : settings(given), executor(std::move(on)), database(std::move(opened)), audience(std::move(contacts)) {
    if (carriers->events() == nullptr) return;
    applier.emplace(EventApplier::Deps{.source = *carriers->events(),
                                       .deliveries = deliveries,
                                       .log = log,
                                       .suppressions = suppressions,
                                       .clock = clock});
  }

  Settings settings;
  asio::any_io_executor executor;
  SystemClock clock;

  std::unique_ptr<SqliteDatabase> database;
  SqliteCampaignStore campaigns{*database};
  SqliteDeliveryStore deliveries{*database};
  SqliteDeliveryLog log{*database};
  SqliteResponseLog responses{*database};
  SqliteSegmentStore segments{*database};
  SqliteTemplateStore templates{*database};
  SqliteSuppressionStore suppressions{*database};

  std::unique_ptr<LiveAudience> audience;
  ContentLibrary library = ContentLibrary::built_in();

  std::unique_ptr<CarrierSet> carriers = make_simulated_carriers(settings.simulation, clock);
  ProcessRateLedger rates{clock};
  CampaignEngine engine{CampaignEngine::Deps{
      .campaigns = campaigns,
      .deliveries = deliveries,
      .rates = rates,
      .senders = carriers->senders(),
      .clock = clock,
      .make_renderer = make_content_renderer,
      .make_plan_source =
          [this](const Campaign& campaign) {
            return make_segment_plan({suppressions, log, clock}, *audience->current(), campaign);
          },
      .max_tps = settings.max_tps,
      .seed = settings.simulation.seed,
      .log = &log,
  }};
  std::optional<EventApplier> applier;
  TaskGroup background;
};

Result<std::unique_ptr<Wiring>> Wiring::open(const Settings& settings, asio::any_io_executor engine_executor) {
  auto database = SqliteDatabase::open(settings.data_dir, OpenMode::ReadWrite);
  if (!database) return std::unexpected(database.error());
  auto audience = LiveAudience::load(
      {.data_dir = settings.data_dir,
       .has_demo = !settings.is_production,
       .set_up = settings.is_production ? settings.carriers.set_up() : PerChannel<bool>{{true, true, true}}});
  if (!audience) return std::unexpected(audience.error());
  return std::unique_ptr<Wiring>(new Wiring(
      std::make_unique<Parts>(settings, std::move(engine_executor), std::move(*database), std::move(*audience))));
}

Wiring::Wiring(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

Wiring::~Wiring() = default;

LiveAudience& Wiring::audience() {
  return *parts_->audience;
}

Clock& Wiring::clock() {
  return parts_->clock;
}

ApiContext Wiring::api_context() {
  Parts& parts = *parts_;
  const auto check_store = [&parts]() -> Task<Result<void>> {
    if (::access(parts.settings.data_dir.c_str(), W_OK) != 0) {
      co_return fail(ErrorKind::Unavailable, "the data directory cannot be written");
    }
    // An empty transaction goes all the way to the disk.
    co_return co_await parts.suppressions.add({});
  };
  return ApiContext{
      .campaigns = parts.campaigns,
      .deliveries = parts.log,
      .responses = parts.responses,
      .segments = parts.segments,
      .templates = parts.templates,
      .suppressions = parts.suppressions,
      .clock = parts.clock,
      .engine = parts.engine,
      .engine_executor = parts.executor,
      .audience = [&parts] { return parts.audience->current(); },
      .library = parts.library,
      .make_renderer = make_content_renderer,
      .check_store = check_store,
      .process_metrics = {},
      .is_production = parts.settings.is_production,
      .max_tps = parts.settings.max_tps,
      .public_url = parts.settings.public_url,
      .openapi_json = std::string(embedded::openapi_json),
  };
}

Task<Result<void>> Wiring::start(bool continues_campaigns) {
  if (parts_->applier) parts_->background.spawn(parts_->executor, parts_->applier->run());
  if (continues_campaigns) co_return co_await parts_->engine.resume_all();
  co_return Result<void>{};
}

Task<void> Wiring::stop(TimePoint deadline) {
  co_await parts_->engine.stop(deadline);
  parts_->background.cancel();
  co_await parts_->background.join();
  co_await parts_->carriers->close();
}

}  // namespace clarion
