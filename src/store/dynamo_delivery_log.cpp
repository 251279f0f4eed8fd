#include "store/dynamo_delivery_log.h"

#include <algorithm>
#include <limits>
#include <optional>
#include <set>
#include <tuple>

#include "store/dynamo_delivery_items.h"

namespace clarion {
namespace {

constexpr Duration most_age = std::chrono::seconds(1);
constexpr Duration most_age_of_recent = std::chrono::seconds(10);  // what other workers sent; caps count days
constexpr std::size_t log_chunks_at_once = 32;
constexpr std::int64_t campaigns_a_page = 100;

std::optional<Channel> channel_of(std::size_t slot) {
  return slot < channel_count ? std::optional(all_channels[slot]) : std::nullopt;
}

// One row that was found, and where.
struct FoundRow {
  LedgerCampaignPtr campaign;
  std::size_t slot = 0;
  std::uint32_t chunk = 0;
  UnitRow row;

  [[nodiscard]] std::uint32_t position() const { return chunk * chunk_rows + row.place; }
  [[nodiscard]] DeliveryId id() const { return make_delivery_id(campaign->number, position()); }
};

// The rows of one chunk in the order of their positions.
std::vector<FoundRow> rows_of_chunk(const LedgerCampaignPtr& campaign, std::uint32_t chunk) {
  std::vector<FoundRow> found;
  for (std::size_t slot = 0; slot < ledger_slots; ++slot) {
    const auto unit = campaign->units.find({slot, chunk});
    if (unit == campaign->units.end()) continue;
    auto rows = unpack(unit->second.packed);
    if (!rows) continue;
    for (UnitRow& row : *rows)
      found.push_back({.campaign = campaign, .slot = slot, .chunk = chunk, .row = std::move(row)});
  }
  std::ranges::sort(found, {}, [](const FoundRow& one) { return one.row.place; });
  return found;
}

bool is_settling(DeliveryEventKind kind) {
  return kind == DeliveryEventKind::SettledArrived || kind == DeliveryEventKind::SettledNotArrived;
}

// What a person said, of which the unit has the fact and the delivery item not the words, because a write failed in
// between. It has no detail; when it is said again, the item gets it.
std::optional<DeliveryEvent> find_wordless_settling(const FoundRow& one, const std::vector<DeliveryEvent>& events) {
  const auto has = [&one](DeliveryEventKind kind) { return (one.row.kinds >> static_cast<unsigned>(kind) & 1U) != 0; };
  const bool arrived = has(DeliveryEventKind::SettledArrived);
  const bool not_arrived = has(DeliveryEventKind::SettledNotArrived);
  if ((!arrived && !not_arrived) || std::ranges::any_of(events, is_settling, &DeliveryEvent::kind)) return std::nullopt;
  // Of two who said otherwise the first counted, and the state is what they said.
  const bool is_arrived = arrived && (!not_arrived || one.row.row.state != DeliveryState::Failed);
  return DeliveryEvent{.delivery = one.id(),
                       .kind = is_arrived ? DeliveryEventKind::SettledArrived : DeliveryEventKind::SettledNotArrived,
                       .at = one.row.row.updated_at,
                       .detail = {}};
}

// What each row says beside its state: from the plan, and from its delivery item.
Task<Result<std::vector<Delivery>>> describe(DynamoLedger& ledger, std::vector<FoundRow> rows, bool with_events) {
  std::vector<Delivery> deliveries(rows.size());
  std::vector<DeliveryAt> attempted;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const FoundRow& one = rows[i];
    const auto names = co_await ledger.names(one.campaign, one.chunk);
    if (!names) co_return std::unexpected(names.error());
    const auto bodies = co_await ledger.bodies(one.campaign, one.chunk);
    if (!bodies) co_return std::unexpected(bodies.error());
    auto reason = co_await ledger.read_reason(one.row.reason);
    if (!reason) co_return std::unexpected(reason.error());
    const PlanBody& body = (**bodies).at(one.row.place);
    const LedgerRow& row = one.row.row;
    deliveries[i] = {.id = one.id(),
                     .campaign_id = one.campaign->id,
                     .contact_id = (**names).at(one.row.place),
                     .channel = channel_of(one.slot),
                     .state = row.state,
                     .reason = std::move(*reason),
                     .destination = body.destination,
                     .parts = row.parts,
                     .attempts = row.attempts,
                     .cost = row.actual_cost.value_or(one.row.estimated_cost),
                     .provider_id = "",
                     .why = body.why,
                     .payload = body.payload,
                     .due_at = row.due_at,
                     .sent_at = row.sent_at,
                     .updated_at = row.updated_at,
                     .events = {}};
    // A row that was planned as it is has never been written about.
    const bool is_untouched = row.attempts == 0 && !row.sent_at && row.updated_at == one.campaign->created_at;
    if (!is_untouched) {
      attempted.push_back({.id = one.id(), .slot = one.slot, .contact_id = deliveries[i].contact_id});
    }
  }
  auto items = co_await read_delivery_items(ledger, std::move(attempted));
  if (!items) co_return std::unexpected(items.error());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    Delivery& delivery = deliveries[i];
    const auto item = items->find(delivery.id);
    if (item == items->end()) {
      if (auto settling = find_wordless_settling(rows[i], {}); settling && with_events) {
        delivery.events.push_back(std::move(*settling));
      }
      continue;
    }
    auto provider_id = co_await read_provider_id(ledger, item->second);
    if (!provider_id) co_return std::unexpected(provider_id.error());
    delivery.provider_id = std::move(*provider_id);
    if (!with_events) continue;
    auto events = co_await read_events(ledger, item->second, delivery.id);
    if (!events) co_return std::unexpected(events.error());
    if (auto settling = find_wordless_settling(rows[i], *events)) events->push_back(std::move(*settling));
    delivery.events = std::move(*events);
  }
  co_return deliveries;
}

Task<Result<LedgerCampaignPtr>> loaded_campaign(DynamoLedger& ledger, CampaignNumber number, Duration age = most_age) {
  auto campaign = co_await ledger.campaign(number);
  if (!campaign) co_return campaign;
  const auto loaded = co_await ledger.load_units(*campaign, age);
  if (!loaded) co_return std::unexpected(loaded.error());
  co_return campaign;
}

Task<Result<Delivery>> find_delivery(DynamoLedger& ledger, DeliveryId id) {
  const auto campaign = co_await loaded_campaign(ledger, campaign_of(id));
  if (!campaign && campaign.error().kind != ErrorKind::NotFound) co_return std::unexpected(campaign.error());
  if (campaign && (*campaign)->is_planned) {
    for (FoundRow& one : rows_of_chunk(*campaign, position_of(id) / chunk_rows)) {
      if (one.id() != id) continue;
      std::vector<FoundRow> rows;
      rows.push_back(std::move(one));
      auto described = co_await describe(ledger, std::move(rows), true);
      if (!described) co_return std::unexpected(described.error());
      co_return std::move(described->front());
    }
  }
  co_return fail(ErrorKind::NotFound, "there is no delivery '" + to_string(id) + "'");
}

// Finds the rows of one page, chunk by chunk.
class PageSearch {
 public:
  PageSearch(DynamoLedger& ledger, const DeliveryQuery& query)
      : ledger_(ledger), query_(query), reason_(DynamoLedger::name_reason(query.reason)) {}

  [[nodiscard]] bool is_full() const { return found_.size() >= query_.limit; }
  std::vector<FoundRow> take() { return std::move(found_); }

  // Positions go up when a campaign was asked for, down otherwise.
  Task<Result<void>> search(LedgerCampaignPtr campaign) {
    if (!campaign->is_planned) co_return Result<void>();
    const bool is_up = query_.campaign.has_value();
    const std::uint32_t chunks = campaign->chunks();
    std::uint32_t begin = 0;  // in the order of the search
    if (query_.after && campaign_of(*query_.after) == campaign->number) {
      const std::uint32_t chunk = position_of(*query_.after) / chunk_rows;
      if (chunk >= chunks && is_up) co_return Result<void>();
      begin = is_up ? chunk : chunk >= chunks ? 0 : chunks - 1 - chunk;
    }
    while (begin < chunks && !is_full()) {
      const auto count = static_cast<std::uint32_t>(std::min<std::size_t>(chunks - begin, log_chunks_at_once));
      const auto chunk_at = [&](std::size_t i) {
        const std::uint32_t nth = begin + static_cast<std::uint32_t>(i);
        return is_up ? nth : chunks - 1 - nth;
      };
      if (!query_.contact_id.empty()) {
        const auto read =
            co_await ledger_.database().for_each(count, log_chunks_at_once, [&](std::size_t i) -> Task<Result<void>> {
              const auto names = co_await ledger_.names(campaign, chunk_at(i));
              if (!names) co_return std::unexpected(names.error());
              co_return Result<void>();
            });
        if (!read) co_return read;
      }
      for (std::size_t i = 0; i < count && !is_full(); ++i) {
        if (const auto looked = co_await look_at(campaign, chunk_at(i), is_up); !looked) co_return looked;
      }
      begin += count;
    }
    co_return Result<void>();
  }

 private:
  Task<Result<void>> look_at(LedgerCampaignPtr campaign, std::uint32_t chunk, bool is_up) {
    std::shared_ptr<const std::vector<std::string>> names;
    if (!query_.contact_id.empty()) {
      auto read = co_await ledger_.names(campaign, chunk);
      if (!read) co_return std::unexpected(read.error());
      names = std::move(*read);
      if (std::ranges::find(*names, query_.contact_id) == names->end()) co_return Result<void>();
    }
    auto rows = rows_of_chunk(campaign, chunk);
    if (!is_up) std::ranges::reverse(rows);
    for (FoundRow& one : rows) {
      if (is_full()) break;
      if (query_.after && (is_up ? one.id() <= *query_.after : one.id() >= *query_.after)) continue;
      if (!matches(one)) continue;
      if (names && names->at(one.row.place) != query_.contact_id) continue;
      found_.push_back(std::move(one));
    }
    co_return Result<void>();
  }

  [[nodiscard]] bool matches(const FoundRow& one) const {
    const DeliveryState state = one.row.row.state;
    if (query_.state) {
      const bool is_also = query_.state == DeliveryState::Accepted && state == DeliveryState::Delivered;
      if (state != *query_.state && !is_also) return false;
    }
    if (query_.channel && channel_of(one.slot) != query_.channel) return false;
    return query_.reason.empty() || one.row.reason == reason_;
  }

  DynamoLedger& ledger_;
  const DeliveryQuery& query_;
  UnitReason reason_;
  std::vector<FoundRow> found_;
};

// Calls `visit` with every campaign, newest first, until it returns false.
Task<Result<void>> visit_campaigns(DynamoLedger& ledger, std::optional<CampaignNumber> from,
                                   std::function<Task<Result<bool>>(CampaignNumber)> visit) {
  DynamoDatabase& database = ledger.database();
  DynamoQuery query{.table = database.tables().campaigns,
                    .key_condition = "#pk = :pk AND #sk <= :from",
                    .values = {{":pk", partition_of_campaigns},
                               {":from", key_of(from ? static_cast<std::uint32_t>(*from)
                                                     : std::numeric_limits<std::uint32_t>::max())}},
                    .is_forward = false,
                    .limit = campaigns_a_page};
  std::optional<DynamoItem> start;
  do {
    auto page = co_await database.client().query(query, std::move(start));
    if (!page) co_return std::unexpected(page.error());
    for (const DynamoItem& entry : page->items) {
      const auto more = co_await visit(CampaignNumber{static_cast<std::uint32_t>(std::stoul(text_of(entry, "sk")))});
      if (!more) co_return std::unexpected(more.error());
      if (!*more) co_return Result<void>();
    }
    start = std::move(page->next);
  } while (start);
  co_return Result<void>();
}

Task<Result<std::vector<Delivery>>> list_deliveries(DynamoLedger& ledger, DeliveryQuery query) {
  PageSearch search(ledger, query);
  const auto look_at = [&](CampaignNumber number) -> Task<Result<bool>> {
    if (search.is_full()) co_return false;
    const auto campaign = co_await loaded_campaign(ledger, number);
    if (!campaign && campaign.error().kind != ErrorKind::NotFound) co_return std::unexpected(campaign.error());
    if (campaign) {
      if (const auto searched = co_await search.search(*campaign); !searched)
        co_return std::unexpected(searched.error());
    }
    co_return true;
  };
  if (query.campaign) {
    if (const auto looked = co_await look_at(*query.campaign); !looked) co_return std::unexpected(looked.error());
  } else {
    const auto from = query.after ? std::optional(campaign_of(*query.after)) : std::nullopt;
    if (const auto all = co_await visit_campaigns(ledger, from, look_at); !all) co_return std::unexpected(all.error());
  }
  co_return co_await describe(ledger, search.take(), query.with_events);
}

Task<Result<void>> visit_recent_contacts(DynamoLedger& ledger, WallTime since,
                                         std::function<void(const RecentContact&)> visit) {
  DynamoDatabase& database = ledger.database();
  const auto entries = co_await database.partition(database.tables().campaigns, partition_of_campaigns);
  if (!entries) co_return std::unexpected(entries.error());
  std::set<std::string> ids;
  for (const DynamoItem& entry : *entries) ids.insert(text_or_bytes(entry, "id"));
  std::vector<DynamoItem> keys;
  for (const std::string& id : ids) keys.push_back(key_of_campaign(id));
  const auto items = co_await database.client().batch_get(database.tables().campaigns, std::move(keys));
  if (!items) co_return std::unexpected(items.error());
  std::set<CampaignNumber> numbers;
  for (const DynamoItem& item : *items) {
    // What ended before has handed nothing over since; its units need not be read.
    const auto finished_at = find_number(item, "finished_at");
    const bool is_over = finished_at && *finished_at < milliseconds_of(since);
    if (!is_over && number_of(item, "is_planned") != 0) numbers.insert(campaign_number_of(item));
  }
  for (const CampaignNumber number : numbers) {
    const auto campaign = co_await loaded_campaign(ledger, number, most_age_of_recent);
    if (!campaign) co_return std::unexpected(campaign.error());
    std::set<std::uint32_t> chunks;
    for (const auto& [key, unit] : (*campaign)->units) {
      if (unit.summary.last_sent_at && *unit.summary.last_sent_at >= since) chunks.insert(unit.chunk);
    }
    const std::vector<std::uint32_t> ordered(chunks.begin(), chunks.end());
    for (std::size_t first = 0; first < ordered.size(); first += log_chunks_at_once) {
      const std::size_t count = std::min(log_chunks_at_once, ordered.size() - first);
      const auto read =
          co_await ledger.database().for_each(count, log_chunks_at_once, [&](std::size_t i) -> Task<Result<void>> {
            const auto names = co_await ledger.names(*campaign, ordered[first + i]);
            if (!names) co_return std::unexpected(names.error());
            co_return Result<void>();
          });
      if (!read) co_return read;
      for (std::size_t i = first; i < first + count; ++i) {
        const auto names = co_await ledger.names(*campaign, ordered[i]);
        if (!names) co_return std::unexpected(names.error());
        for (const FoundRow& one : rows_of_chunk(*campaign, ordered[i])) {
          const auto channel = channel_of(one.slot);
          if (!channel || !one.row.row.sent_at || *one.row.row.sent_at < since) continue;
          visit({.contact_id = (**names).at(one.row.place), .channel = *channel, .at = *one.row.row.sent_at});
        }
      }
    }
  }
  co_return Result<void>();
}

Task<Result<std::vector<DeliveryLog::ReasonCount>>> count_campaign_reasons(DynamoLedger& ledger,
                                                                           CampaignNumber number) {
  const auto campaign = co_await loaded_campaign(ledger, number);
  if (!campaign) co_return std::unexpected(campaign.error());
  std::map<std::tuple<DeliveryState, std::size_t, UnitReason>, std::int64_t> counted;
  for (const auto& [key, unit] : (*campaign)->units) {
    const StateCounts& counts = unit.summary.counts;
    if (counts.failed + counts.skipped + counts.in_doubt == 0) continue;
    const auto rows = unpack(unit.packed);
    if (!rows) co_return fail(ErrorKind::Internal, "a unit of the ledger cannot be read");
    for (const UnitRow& one : *rows) {
      const DeliveryState state = one.row.state;
      if (state != DeliveryState::Failed && state != DeliveryState::Skipped && state != DeliveryState::InDoubt)
        continue;
      ++counted[{state, unit.slot, one.reason}];
    }
  }
  std::vector<DeliveryLog::ReasonCount> counts;
  for (const auto& [key, count] : counted) {
    auto reason = co_await ledger.read_reason(std::get<2>(key));
    if (!reason) co_return std::unexpected(reason.error());
    counts.push_back({.state = std::get<0>(key),
                      .channel = channel_of(std::get<1>(key)),
                      .reason = std::move(*reason),
                      .count = count});
  }
  std::ranges::sort(counts, {}, [](const DeliveryLog::ReasonCount& one) {
    return std::tuple(one.state, one.channel ? index_of(*one.channel) : channel_count, std::string_view(one.reason));
  });
  co_return counts;
}

}  // namespace

Task<Result<Delivery>> DynamoDeliveryLog::find(DeliveryId id) {
  return ledger_.database().run(find_delivery(ledger_, id));
}

Task<Result<std::vector<Delivery>>> DynamoDeliveryLog::list(DeliveryQuery query) {
  return ledger_.database().run(list_deliveries(ledger_, std::move(query)));
}

Task<Result<void>> DynamoDeliveryLog::visit_recent(WallTime since, std::function<void(const RecentContact&)> visit) {
  return ledger_.database().run(visit_recent_contacts(ledger_, since, std::move(visit)));
}

Task<Result<std::vector<DeliveryLog::ReasonCount>>> DynamoDeliveryLog::count_reasons(CampaignNumber campaign) {
  return ledger_.database().run(count_campaign_reasons(ledger_, campaign));
}

}  // namespace clarion
