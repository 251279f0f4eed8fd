#include "audience/sentence.h"

#include <fmt/format.h>

#include <boost/json/object.hpp>

#include <algorithm>

#include "audience/filter_json.h"
#include "audience/filter_text.h"
#include "audience/sentence_reader.h"
#include "audience/sentence_tree.h"
#include "base/text.h"

namespace clarion {
namespace {

constexpr std::size_t max_sentence_bytes = 2000;

// Filters are read back by parse_filter, which limits depth.
constexpr int deepest_filter = 16;

int depth_of(const Filter& filter) {
  int deepest = 0;
  for (const Filter& child : filter.children) deepest = std::max(deepest, depth_of(child));
  return deepest + 1;
}

std::string words_of(std::string_view text, const std::vector<Token>& tokens, const Item& item) {
  const std::size_t begin = tokens[item.first].begin;
  return std::string(text.substr(begin, tokens[item.last - 1].end - begin));
}

void collect(const Filter& filter, bool is_negated, std::vector<Dimension>& dimensions) {
  if (filter.kind == Filter::Kind::Compare) {
    const auto group = static_cast<int>(dimensions.size());
    dimensions.push_back({.comparison = filter.comparison, .is_negated = is_negated, .words = {}, .group = group});
    return;
  }
  for (const Filter& child : filter.children) {
    collect(child, is_negated != (filter.kind == Filter::Kind::Not), dimensions);
  }
}

}  // namespace

Result<ParsedSentence> parse_sentence(std::string_view text, const Vocabulary& vocabulary, WallTime now) {
  if (text.size() > max_sentence_bytes) {
    return fail(ErrorKind::Invalid, fmt::format("query must be at most {} bytes, not {}; use filters for more",
                                                max_sentence_bytes, text.size()));
  }
  if (!is_valid_utf8(text)) return fail(ErrorKind::Invalid, "query must be UTF-8 text");
  const std::vector<Token> tokens = read_tokens(text);
  if (tokens.empty()) {
    return fail(ErrorKind::Invalid,
                "query must not be empty; say who, such as \"laptops in Bangalore\" or \"everyone\"");
  }
  ParsedSentence parsed;
  const std::vector<Item> items = SentenceReader(tokens, vocabulary, now, parsed).read();
  SentenceTree tree = build_tree(items);
  parsed.filter = normalise(tree.filter);
  if (depth_of(parsed.filter) > deepest_filter) {
    return fail(ErrorKind::Invalid, "query has too many brackets within brackets; use fewer");
  }
  parsed.dimensions = std::move(tree.dimensions);
  for (Dimension& dimension : parsed.dimensions) {
    dimension.words = words_of(text, tokens, items[static_cast<std::size_t>(dimension.group)]);
  }
  for (const std::size_t index : tree.idle) {
    for (std::size_t i = items[index].first; i < items[index].last; ++i) parsed.words[i].use = WordUse::Reported;
    parsed.unsupported.push_back({.words = words_of(text, tokens, items[index]),
                                  .reason = "nothing that it could apply to stands beside it",
                                  .suggestion = "name a condition beside it, such as \"not in Pune\""});
  }
  return parsed;
}

std::vector<Dimension> dimensions_of(const Filter& filter) {
  std::vector<Dimension> dimensions;
  collect(filter, false, dimensions);
  return dimensions;
}

boost::json::array dimensions_json(const std::vector<Dimension>& dimensions) {
  boost::json::array list;
  for (const Dimension& dimension : dimensions) {
    list.push_back({{"field", to_string(dimension.comparison.field)},
                    {"operator", to_string(dimension.comparison.op)},
                    {"value", to_json(dimension.comparison.value)},
                    {"negated", dimension.is_negated},
                    {"label", to_label(dimension.comparison, dimension.is_negated)},
                    {"text", dimension.words},
                    {"group", dimension.group}});
  }
  return list;
}

boost::json::array unsupported_json(const std::vector<Unsupported>& unsupported) {
  boost::json::array list;
  for (const auto& [words, reason, suggestion] : unsupported) {
    list.push_back({{"words", words}, {"reason", reason}, {"suggestion", suggestion}});
  }
  return list;
}

boost::json::array ambiguities_json(const std::vector<Ambiguity>& ambiguities) {
  boost::json::array list;
  for (const auto& [words, candidates] : ambiguities) {
    boost::json::array names;
    for (const std::string& candidate : candidates) names.emplace_back(candidate);
    list.push_back({{"words", words}, {"candidates", std::move(names)}});
  }
  return list;
}

}  // namespace clarion
