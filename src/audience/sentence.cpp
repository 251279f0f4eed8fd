#include "audience/sentence.h"

#include <fmt/format.h>

#include <boost/json/object.hpp>

#include <algorithm>
#include <array>

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

void report(std::string_view text, const std::vector<Token>& tokens, const std::vector<Item>& items,
            const Rejection& rejection, ParsedSentence& parsed) {
  Unsupported report;
  report.first = items[rejection.first].first;
  report.last = items[rejection.last - 1].last;
  // In "bought no laptops" the verb stands before the negation and belongs to what follows it.
  for (std::size_t i = rejection.first; i < rejection.last; ++i) {
    report.first = std::min(report.first, items[i].first);
    report.last = std::max(report.last, items[i].last);
  }
  const std::size_t begin = tokens[report.first].begin;
  report.words = text.substr(begin, tokens[report.last - 1].end - begin);
  switch (rejection.why) {
    case Rejection::Why::Idle:
      report.reason = "nothing that it could apply to stands beside it";
      report.suggestion = "name a condition beside it, such as \"not in Pune\"";
      break;
    case Rejection::Why::Negation:
      report.reason = "it leaves people out, and not every word of it was understood";
      report.suggestion = "say whom to leave out with words that are understood, such as \"except people over 60\"";
      break;
    case Rejection::Why::Impossible:
      report.reason = "together with what stands before it, it is true of nobody";
      report.suggestion =
          "name the people twice when both groups are meant, such as \"people over 60 and people under 25\"";
      break;
  }
  for (std::size_t i = report.first; i < report.last; ++i) parsed.words[i].use = WordUse::Reported;
  std::erase_if(parsed.unsupported, [&](const Unsupported& within) {
    const bool is_within = within.first >= report.first && within.last <= report.last;
    // The advice for a single word is worth more than a general one.
    if (is_within && rejection.why == Rejection::Why::Negation) report.suggestion = within.suggestion;
    return is_within;
  });
  parsed.unsupported.push_back(std::move(report));
}

// "people who" promises a condition that does not come, so it means not everybody.
void report_unfinished(const std::vector<Token>& tokens, ParsedSentence& parsed) {
  constexpr std::array<std::string_view, 7> openers{"who", "that", "which", "whose", "whom", "where", "with"};
  std::size_t last = tokens.size();
  while (last > 0 && tokens[last - 1].kind == Token::Kind::Mark) --last;
  if (last == 0 || parsed.words[last - 1].use != WordUse::Filler) return;
  if (std::ranges::find(openers, tokens[last - 1].plain) == openers.end()) return;
  parsed.words[last - 1].use = WordUse::Reported;
  parsed.unsupported.push_back({.words = std::string(tokens[last - 1].text),
                                .reason = "the sentence ends where a condition should follow",
                                .suggestion = "finish it, such as \"who bought laptops\", or leave the word out",
                                .first = last - 1,
                                .last = last});
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
    return fail(ErrorKind::Invalid, fmt::format("query must be at most {} bytes, not {}; say it in fewer words",
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
  for (const Rejection& rejection : tree.rejections) report(text, tokens, items, rejection, parsed);
  report_unfinished(tokens, parsed);
  std::ranges::sort(parsed.unsupported, {}, &Unsupported::first);
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
  for (const Unsupported& each : unsupported) {
    list.push_back({{"words", each.words}, {"reason", each.reason}, {"suggestion", each.suggestion}});
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
