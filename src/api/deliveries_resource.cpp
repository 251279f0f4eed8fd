// The ledger as people read it: one row per recipient, exported in chunks, and one delivery with its whole story.

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <iterator>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "api/campaign_json.h"
#include "api/campaign_start.h"
#include "api/delivery_json.h"
#include "api/json_body.h"
#include "api/json_text.h"
#include "api/person_search.h"
#include "api/query_reader.h"
#include "api/resources.h"
#include "base/text.h"

namespace clarion {
namespace {

namespace json = boost::json;

constexpr std::size_t export_page = 1000;

// What is asked of the ledger; with people, of each of them in turn.
struct LedgerQuestion {
  DeliveryQuery query;
  std::optional<std::vector<std::string>> people;
};

// At most query.limit rows, in the order of the ledger. Whoever is meant has rows of their own, so each of them gives
// at most as many as a page has.
Task<Result<std::vector<Delivery>>> list_page(Api api, LedgerQuestion question) {
  if (!question.people) co_return co_await api->deliveries.list(question.query);
  std::vector<Delivery> page;
  for (const std::string& id : *question.people) {
    question.query.contact_id = id;
    auto rows = co_await api->deliveries.list(question.query);
    if (!rows) co_return std::unexpected(rows.error());
    std::ranges::move(*rows, std::back_inserter(page));
  }
  const bool is_up = question.query.campaign.has_value();
  std::ranges::sort(page, [is_up](const Delivery& a, const Delivery& b) { return is_up ? a.id < b.id : b.id < a.id; });
  if (page.size() > question.query.limit) page.resize(question.query.limit);
  co_return page;
}

// Yields one export, a page of the ledger at a time, so that memory does not grow with the campaign.
class ExportPages {
 public:
  ExportPages(Api api, LedgerQuestion question, bool is_csv)
      : api_(std::move(api)), question_(std::move(question)), is_csv_(is_csv) {
    question_.query.limit = export_page;
    question_.query.with_events = true;
  }

  Task<Result<std::string>> next() {
    std::string chunk;
    if (is_first_ && is_csv_) chunk = delivery_csv_header();
    is_first_ = false;
    while (!is_done_ && chunk.size() < 1024) {
      const auto rows = co_await list_page(api_, question_);
      if (!rows) co_return std::unexpected(rows.error());
      for (const Delivery& row : *rows) {
        if (is_csv_) {
          append_delivery_csv(chunk, row);
        } else {
          json::object document = delivery_to_json(row, *api_->audience()->contacts);
          document["why"] = json_or_text(row.why);
          document["events"] = events_to_json(row);
          chunk += write_json(document);
          chunk += '\n';
        }
      }
      is_done_ = rows->size() < export_page;
      if (!rows->empty()) question_.query.after = rows->back().id;
    }
    co_return chunk;
  }

 private:
  Api api_;
  LedgerQuestion question_;
  bool is_csv_;
  bool is_first_ = true;
  bool is_done_ = false;
};

Task<Result<Delivery>> find_delivery(Api api, std::string text) {
  const auto id = parse_delivery_id(text);
  if (!id) co_return fail(ErrorKind::NotFound, fmt::format("there is no delivery '{}'", text.substr(0, 60)));
  co_return co_await api->deliveries.find(*id);
}

std::vector<DeliveryEvent> one_event(DeliveryEvent event) {
  std::vector<DeliveryEvent> events;
  events.push_back(std::move(event));
  return events;
}

// One delivery with its whole story.
Task<json::object> describe(Api api, Delivery delivery) {
  json::object document = delivery_to_json(delivery, *api->audience()->contacts);
  document["why"] = json_or_text(delivery.why);
  document["events"] = events_to_json(delivery);

  // The message as it was or will be sent: rendered again from the campaign's own snapshot of its content.
  document["message"] = nullptr;
  const auto campaign = co_await api->campaigns.find(delivery.campaign_id);
  if (campaign && delivery.channel && !delivery.payload.empty()) {
    const auto renderer = api->make_renderer(campaign->definition);
    const auto body = renderer ? (*renderer)->render(*delivery.channel, delivery.payload)
                               : Result<MessageBody>(std::unexpected(renderer.error()));
    document["message"] = body ? message_to_json(*body) : json::object{{"error", body.error().message}};
  }
  co_return document;
}

// The first word of a person; null when nobody has settled it.
const DeliveryEvent* find_settling(const Delivery& delivery) {
  const auto settled = std::ranges::find_if(delivery.events, [](const DeliveryEvent& event) {
    return event.kind == DeliveryEventKind::SettledArrived || event.kind == DeliveryEventKind::SettledNotArrived;
  });
  return settled == delivery.events.end() ? nullptr : &*settled;
}

}  // namespace

Reply list_deliveries(Api api, HttpRequest& request) {
  QueryReader reader(request);
  LedgerQuestion question;
  DeliveryQuery& query = question.query;
  const std::string person = reader.text("person");
  const std::string campaign = reader.text("campaign_id");
  query.state = reader.parsed("state", parse_delivery_state,
                              "must be waiting, sending, accepted, delivered, failed, skipped or in_doubt");
  query.channel = reader.parsed("channel", parse_channel, "must be sms, whatsapp or email");
  query.contact_id = reader.text("contact_id");
  query.reason = reader.text("reason");
  query.after = reader.parsed("after", parse_delivery_id, "must be the \"next\" of an earlier answer");
  query.limit = static_cast<std::size_t>(reader.integer("limit", 100, 1, 1000));
  const std::string format = reader.one_of("format", {"json", "csv", "ndjson"});
  if (!person.empty() && !query.contact_id.empty()) reader.reject("person", "or contact_id: give at most one of them");
  if (!person.empty() && trim(person).empty()) reader.reject("person", "must be a name, an address or an id");
  if (person.size() > 200) reader.reject("person", "must be at most 200 bytes");
  if (auto checked = reader.finish(); !checked) co_return std::unexpected(checked.error());

  const auto contacts = api->audience()->contacts;
  if (!person.empty()) {
    auto people = find_people(*contacts, person, api->clock.wall_now());
    if (!people) co_return std::unexpected(people.error());
    question.people = std::move(*people);
  }
  if (!campaign.empty()) {
    const auto found = co_await api->campaigns.find(campaign);
    if (!found) co_return std::unexpected(found.error());
    query.campaign = found->number;
  }
  if (format != "json") {
    const bool is_csv = format == "csv";
    auto pages = std::make_shared<ExportPages>(api, question, is_csv);
    HttpResponse response;
    response.content_type = is_csv ? "text/csv; charset=utf-8" : "application/x-ndjson";
    response.headers.emplace_back("Content-Disposition", fmt::format("attachment; filename=\"deliveries{}{}.{}\"",
                                                                     campaign.empty() ? "" : "-", campaign, format));
    response.chunks = [pages]() { return pages->next(); };
    co_return response;
  }

  // One more than asked for says whether there is a next page.
  const std::size_t limit = query.limit++;
  auto rows = co_await list_page(api, question);
  if (!rows) co_return std::unexpected(rows.error());
  json::value next = nullptr;
  if (rows->size() > limit) {
    rows->resize(limit);
    next = to_string(rows->back().id);
  }
  json::array deliveries;
  for (const Delivery& row : *rows) deliveries.push_back(delivery_to_json(row, *contacts));
  co_return json_response(json::object{{"deliveries", std::move(deliveries)}, {"next", std::move(next)}});
}

Reply show_delivery(Api api, HttpRequest& request) {
  const auto delivery = co_await find_delivery(api, request.path_parameters["id"]);
  if (!delivery) co_return std::unexpected(delivery.error());
  co_return json_response(co_await describe(api, *delivery));
}

Reply settle_delivery(Api api, HttpRequest& request) {
  const auto body = parse_json_object(request.body);
  if (!body) co_return std::unexpected(body.error());
  MemberReader reader(*body);
  const auto arrived = reader.flag("arrived");
  reader.refuse_unknown();
  if (!arrived) reader.reject("arrived", "is missing; say true when the message arrived, false when it did not");
  if (auto checked = reader.finish(); !checked) co_return std::unexpected(checked.error());

  const DeliveryEventKind said = *arrived ? DeliveryEventKind::SettledArrived : DeliveryEventKind::SettledNotArrived;
  auto delivery = co_await find_delivery(api, request.path_parameters["id"]);
  if (!delivery) co_return std::unexpected(delivery.error());
  const DeliveryEvent* settled = find_settling(*delivery);
  // A ledger that failed between the state and the words has the fact and nobody's name: saying the same again adds it.
  const bool is_nameless = settled != nullptr && settled->kind == said && settled->detail.empty();
  if (delivery->state == DeliveryState::InDoubt || is_nameless) {
    const std::string by = request.caller.empty() ? std::string("on this machine") : "with token " + request.caller;
    // Whoever comes second changes nothing: the delivery is not in doubt any more.
    const auto applied =
        co_await api->ledger.apply_events(one_event({.delivery = delivery->id,
                                                     .kind = said,
                                                     .at = is_nameless ? settled->at : api->clock.wall_now(),
                                                     .detail = "settled by hand " + by}));
    if (!applied) co_return std::unexpected(applied.error());
    log_change(request, delivery->campaign_id, "settled");
    delivery = co_await api->deliveries.find(delivery->id);
    if (!delivery) co_return std::unexpected(delivery.error());
    settled = find_settling(*delivery);
  }
  // Of two who settled it at the same time the first counts; the other is told so.
  if (settled == nullptr || settled->kind != said) {
    co_return fail(ErrorKind::Conflict, fmt::format("delivery '{}' is {}, not in doubt: there is nothing to settle",
                                                    to_string(delivery->id), to_string(delivery->state)));
  }
  co_return json_response(co_await describe(api, *delivery));
}

}  // namespace clarion
