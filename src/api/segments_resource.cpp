// Segments: saved filters. The same criteria are the same segment.

#include <fmt/format.h>

#include "api/audience_question.h"
#include "api/campaign_json.h"
#include "api/json_body.h"
#include "api/query_reader.h"
#include "api/resources.h"
#include "audience/filter_json.h"

namespace clarion {
namespace {

json::object segment_to_json(const Segment& segment) {
  json::error_code error;
  json::value filter = json::parse(segment.filter, error);
  return {{"segment_id", segment.id},
          {"name", segment.name},
          {"is_named", segment.is_named},
          {"filter", error ? json::value(nullptr) : std::move(filter)},
          {"sql_query", segment.sql},
          {"count", segment.last_count},
          {"created_at", format_iso8601(segment.created_at)},
          {"last_used_at", format_iso8601(segment.last_used_at)}};
}

}  // namespace

Reply list_segments(Api api, HttpRequest& request) {
  QueryReader reader(request);
  const auto limit = static_cast<std::size_t>(reader.integer("limit", 200, 1, 1000));
  if (auto checked = reader.finish(); !checked) co_return std::unexpected(checked.error());
  const auto list = co_await api->segments.list(limit);
  if (!list) co_return std::unexpected(list.error());
  json::array rows;
  for (const Segment& segment : list->segments) rows.push_back(segment_to_json(segment));
  co_return json_response(json::object{{"segments", std::move(rows)}, {"total_segments", list->total}});
}

Reply create_segment(Api api, HttpRequest& request) {
  const auto body = parse_json_object(request.body);
  if (!body) co_return std::unexpected(body.error());
  MemberReader reader(*body);
  const auto name = reader.text("name", 200);
  const json::value* document = reader.value("filter");
  reader.refuse_unknown();
  if (document == nullptr) reader.reject("filter", "is missing");
  if (auto checked = reader.finish(); !checked) co_return std::unexpected(checked.error());
  const auto filter = parse_filter(*document, "filter");
  if (!filter) co_return std::unexpected(filter.error());

  const AudienceQuestion question = ask_filter(*filter);
  const auto matched = api->audience()->contacts->select(question.filter, api->clock.wall_now()).size();
  const auto id = co_await save_segment(api, question, name.value_or(""), static_cast<std::int64_t>(matched));
  if (!id) co_return std::unexpected(id.error());
  const auto stored = co_await api->segments.find(*id);
  if (!stored) co_return std::unexpected(stored.error());
  co_return json_response(segment_to_json(*stored), 201);
}

Reply show_segment(Api api, HttpRequest& request) {
  auto segment = co_await api->segments.find(request.path_parameters["id"]);
  if (!segment) co_return std::unexpected(segment.error());
  const auto filter = parse_filter(segment->filter);
  if (!filter) co_return std::unexpected(filter.error());
  const auto matching = api->audience()->contacts->select(*filter, api->clock.wall_now()).size();
  segment->last_count = static_cast<std::int64_t>(matching);
  co_return json_response(segment_to_json(*segment));
}

}  // namespace clarion
