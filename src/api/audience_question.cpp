#include "api/audience_question.h"

#include <algorithm>

#include "api/query_form.h"
#include "audience/filter_json.h"
#include "audience/filter_text.h"
#include "audience/vocabulary.h"

namespace clarion {
namespace {

void collect_skus(const Filter& filter, std::vector<std::string>& skus) {
  if (filter.kind == Filter::Kind::Not) return;
  if (filter.kind == Filter::Kind::Compare && holds_skus(filter.comparison.field)) {
    if (const auto* sku = std::get_if<std::string>(&filter.comparison.value)) skus.push_back(*sku);
    if (const auto* list = std::get_if<std::vector<std::string>>(&filter.comparison.value)) {
      skus.insert(skus.end(), list->begin(), list->end());
    }
  }
  for (const Filter& child : filter.children) collect_skus(child, skus);
}

Filter both(Filter a, Filter b) {
  if (a.kind == Filter::Kind::Everyone) return b;
  if (b.kind == Filter::Kind::Everyone) return a;
  Filter filter;
  filter.kind = Filter::Kind::And;
  filter.children = {std::move(a), std::move(b)};
  return normalise(filter);
}

}  // namespace

Result<AudienceQuestion> ask_sentence(const AudienceSnapshot& audience, const std::string& sentence, WallTime now) {
  auto parsed = parse_sentence(sentence, *audience.vocabulary, now);
  if (!parsed) return std::unexpected(parsed.error());
  return AudienceQuestion{.filter = std::move(parsed->filter),
                          .dimensions = std::move(parsed->dimensions),
                          .unsupported = std::move(parsed->unsupported),
                          .ambiguities = std::move(parsed->ambiguities),
                          .suggestions = std::move(parsed->suggestions),
                          .words = sentence};
}

AudienceQuestion ask_filter(const Filter& filter) {
  AudienceQuestion question;
  question.filter = normalise(filter);
  question.dimensions = dimensions_of(question.filter);
  return question;
}

Result<AudienceQuestion> ask_form(const AudienceSnapshot& audience, const boost::json::object& body, WallTime now) {
  auto form = read_query_form(body, *audience.vocabulary);
  if (!form) return std::unexpected(form.error());
  AudienceQuestion question = ask_filter(form->filter);
  question.suggestions = std::move(form->suggestions);
  const auto* words = body.if_contains("natural_language_query");
  if (words == nullptr || words->is_null()) return question;
  if (!words->is_string()) return fail(ErrorKind::Invalid, "natural_language_query must be a text");
  if (words->get_string().empty()) return question;
  auto sentence = ask_sentence(audience, std::string(words->get_string().c_str()), now);
  if (!sentence) return sentence;
  sentence->filter = both(std::move(question.filter), std::move(sentence->filter));
  sentence->dimensions.insert(sentence->dimensions.begin(), question.dimensions.begin(), question.dimensions.end());
  sentence->suggestions.insert(sentence->suggestions.begin(), question.suggestions.begin(), question.suggestions.end());
  return sentence;
}

Result<AudienceSource> read_audience_source(MemberReader& reader) {
  AudienceSource source;
  source.segment_id = reader.text("segment_id").value_or("");
  source.words = reader.text("query").value_or("");
  const json::value* filter = reader.value("filter");
  if (int{!source.segment_id.empty()} + int{!source.words.empty()} + int{filter != nullptr} != 1) {
    reader.reject("segment_id", "or query or filter: give exactly one of them");
  }
  if (filter == nullptr) return source;
  auto parsed = parse_filter(*filter, "filter");
  if (!parsed) return std::unexpected(parsed.error());
  source.filter = std::move(*parsed);
  return source;
}

Task<Result<AudienceQuestion>> ask_source(Api api, AudienceSource source,
                                          std::shared_ptr<const AudienceSnapshot> audience) {
  if (source.filter) co_return ask_filter(*source.filter);
  if (!source.words.empty()) co_return ask_sentence(*audience, source.words, api->clock.wall_now());
  const auto segment = co_await api->segments.find(source.segment_id);
  const auto asked = segment ? std::nullopt : api->asked_segments->find(source.segment_id);
  if (!segment && !asked) co_return std::unexpected(segment.error());
  auto filter = parse_filter(segment ? segment->filter : *asked);
  if (!filter) co_return std::unexpected(filter.error());
  co_return ask_filter(*filter);
}

std::string product_of(const ApiContext& context, const AudienceQuestion& question) {
  std::vector<std::string> skus;
  collect_skus(question.filter, skus);
  const WallTime now = context.clock.wall_now();
  const auto promoted = std::ranges::find_if(
      skus, [&context, now](const std::string& sku) { return context.library.find_promotion(sku, now) != nullptr; });
  if (promoted != skus.end()) return *promoted;
  return skus.empty() ? std::string() : skus.front();
}

Task<Result<std::string>> save_segment(Api api, const AudienceQuestion& question, std::string name,
                                       std::int64_t matched) {
  const WallTime now = api->clock.wall_now();
  Segment segment;
  segment.id = segment_id(question.filter);
  segment.sql = to_sql(question.filter);
  segment.is_named = !name.empty();
  segment.name = std::move(name);
  // A sentence of which words were dropped would promise fewer people than the filter means.
  const bool says_it = !question.words.empty() && question.unsupported.empty();
  if (segment.name.empty()) segment.name = says_it ? question.words : segment.sql;
  segment.filter = to_json_text(question.filter);
  segment.last_count = matched;
  segment.created_at = now;
  segment.last_used_at = now;
  std::string id = segment.id;
  if (auto saved = co_await api->segments.save(std::move(segment)); !saved) co_return std::unexpected(saved.error());
  co_return id;
}

}  // namespace clarion
