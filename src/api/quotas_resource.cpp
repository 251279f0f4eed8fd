// What each sender may send, what it has sent, and what sending is held to: each figure with its source and time.

#include "api/campaign_json.h"
#include "api/json_text.h"
#include "api/resources.h"

namespace clarion {
namespace {

namespace json = boost::json;

json::object allowance_to_json(const Allowance& row) {
  return {{"figure", row.figure},      {"limit", or_null(row.limit)},   {"used", or_null(row.used)},
          {"text", or_null(row.text)}, {"state", to_string(row.state)}, {"note", or_null(row.note)},
          {"source", row.source},      {"at", format_iso8601(row.at)}};
}

// What the engine's executor knows.
struct Quotas {
  PerChannel<SenderAllowances> allowed;
  PerChannel<std::optional<SenderQuota>> held_to;
};

json::object sender_to_json(const SenderAllowances& allowed, const std::optional<SenderQuota>& held_to,
                            const SendCounts& sent, bool is_set_up) {
  json::array figures;
  for (const Allowance& row : allowed.figures) figures.push_back(allowance_to_json(row));
  json::value held = nullptr;
  if (held_to) {
    held = json::object{{"per_second", held_to->per_second}, {"burst", held_to->burst}, {"source", held_to->source}};
  }
  return {{"identity", or_null(allowed.identity)},
          {"is_set_up", is_set_up},
          {"is_simulated", allowed.is_simulated},
          {"held_to", std::move(held)},
          {"figures", std::move(figures)},
          {"problem", or_null(allowed.problem)},
          {"this_process",
           {{"accepted", sent.accepted},
            {"failed", sent.failed},
            {"in_doubt", sent.in_doubt},
            {"throttled", sent.throttled}}}};
}

}  // namespace

Reply show_quotas(Api api, HttpRequest&) {
  const auto quotas = co_await on_engine(*api, [api](CampaignEngine&) -> Task<Quotas> {
    Quotas found{.allowed = co_await api->allowances.read_allowances(), .held_to = {}};
    for (const Channel channel : all_channels) found.held_to[channel] = api->senders[channel]->quota();
    co_return found;
  });
  const auto sent = api->sends.counts();
  const auto audience = api->audience();
  json::object by_channel;
  for (const Channel channel : all_channels) {
    by_channel[to_string(channel)] =
        sender_to_json(quotas.allowed[channel], quotas.held_to[channel], sent[channel], audience->set_up[channel]);
  }
  co_return json_response(json::object{{"max_tps", api->max_tps}, {"by_channel", std::move(by_channel)}});
}

}  // namespace clarion
