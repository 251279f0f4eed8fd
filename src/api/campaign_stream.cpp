// Progress of one campaign as server-sent events.
//
// Every event is the whole document of GET /api/campaigns/{id}, so a client that reconnects has missed nothing;
// ids count up from the last one the client has seen.

#include <charconv>

#include "api/campaign_json.h"
#include "api/json_text.h"
#include "api/resources.h"

namespace clarion {
namespace {

using namespace std::chrono_literals;

constexpr auto look_every = 250ms;

std::uint64_t last_event_id(const HttpRequest& request) {
  const std::string_view text = request.header("Last-Event-ID").value_or("0");
  std::uint64_t id = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), id);
  return error == std::errc{} && end == text.data() + text.size() && id < UINT64_MAX / 2 ? id : 0;
}

Task<void> stream_progress(Api api, std::string id, std::uint64_t event_id, std::shared_ptr<EventStream> events) {
  std::string last;
  while (true) {
    const auto progress = co_await on_engine(*api, [id](CampaignEngine& engine) { return engine.progress(id); });
    if (!progress) {
      (void)co_await events->send("error", boost::json::serialize(boost::json::string(progress.error().message)),
                                  std::to_string(++event_id));
      co_return;
    }
    std::string document = write_json(campaign_to_json(*progress));
    if (document != last) {
      if (!co_await events->send("progress", document, std::to_string(++event_id))) co_return;
      last = std::move(document);
    }
    if (has_ended(progress->campaign.status)) {
      (void)co_await events->send("end", last, std::to_string(++event_id));
      co_return;
    }
    co_await api->clock.sleep_for(look_every);
  }
}

}  // namespace

Reply stream_campaign(Api api, HttpRequest& request) {
  std::string id = request.path_parameters["id"];
  const auto found = co_await api->campaigns.find(id);
  if (!found) co_return std::unexpected(found.error());
  HttpResponse response;
  response.content_type = "text/event-stream";
  response.stream = [api, id = std::move(id), last = last_event_id(request)](std::shared_ptr<EventStream> events) {
    return stream_progress(api, id, last, std::move(events));
  };
  co_return response;
}

}  // namespace clarion
