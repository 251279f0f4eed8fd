#include "audience/filter_json.h"

#include <fmt/format.h>
#include <simdjson.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>

#include "audience/filter_value.h"
#include "base/hash.h"
#include "base/text.h"

namespace clarion {
namespace {

namespace json = boost::json;

constexpr std::size_t max_document_bytes = 1U << 20U;
constexpr int max_levels = 16;
constexpr int max_comparisons = 1000;
constexpr std::size_t max_list_values = 10'000;
constexpr std::size_t max_text_bytes = 1000;
constexpr std::int64_t max_days_ago = 36'500;

std::unexpected<Error> invalid(std::string_view path, std::string_view what) {
  return fail(ErrorKind::Invalid, fmt::format("{} {}", path, what));
}

// What a value looks like, short enough for an error message.
std::string quote(const json::value& value) {
  std::string text = json::serialize(value);
  constexpr std::size_t longest = 60;
  if (text.size() <= longest) return text;
  std::size_t cut = longest;
  while (cut > 0 && (static_cast<unsigned char>(text[cut]) & 0xc0U) == 0x80U) --cut;
  return text.substr(0, cut) + "…";
}

// Boost.JSON keeps the last of two members with one name; simdjson shows both.
Result<void> refuse_repeated_members(const simdjson::dom::element& element, const std::string& path) {
  if (element.is_array()) {
    std::size_t index = 0;
    for (const auto child : simdjson::dom::array(element)) {
      if (auto checked = refuse_repeated_members(child, fmt::format("{}[{}]", path, index++)); !checked) return checked;
    }
  } else if (element.is_object()) {
    std::vector<std::string_view> seen;
    for (const auto [key, value] : simdjson::dom::object(element)) {
      if (std::ranges::find(seen, key) != seen.end()) {
        return invalid(path, fmt::format("has the member \"{}\" twice", key));
      }
      // A filter has at most three members; more of them are refused when the tree is read.
      if (seen.size() < 8) seen.push_back(key);
      if (auto checked = refuse_repeated_members(value, fmt::format("{}.{}", path, key)); !checked) return checked;
    }
  }
  return {};
}

class TreeReader {
 public:
  Result<Filter> read(const json::value& value, const std::string& path, int level) {
    if (level > max_levels) return invalid(path, fmt::format("is nested deeper than {} levels", max_levels));
    const auto* const object = value.if_object();
    if (object == nullptr) return invalid(path, fmt::format("must be an object, not {}", quote(value)));
    if (object->contains("field")) return read_comparison(*object, path);
    if (object->size() != 1) {
      return invalid(path, "must have either field, operator and value, or exactly one of and, or, not, everyone");
    }
    const auto& member = *object->begin();
    if (member.key() == "everyone") return read_everyone(member.value(), path);
    if (member.key() == "not") {
      auto child = read(member.value(), path + ".not", level + 1);
      if (!child) return child;
      return negate(std::move(*child));
    }
    if (member.key() == "and") return read_children(Filter::Kind::And, member.value(), path + ".and", level);
    if (member.key() == "or") return read_children(Filter::Kind::Or, member.value(), path + ".or", level);
    return invalid(path, fmt::format("has the unknown member {}; use field, and, or, not or everyone",
                                     quote(json::value(member.key()))));
  }

 private:
  static Result<Filter> read_everyone(const json::value& value, const std::string& path) {
    if (value != json::value(true)) return invalid(path + ".everyone", "must be true");
    return Filter{};
  }

  Result<Filter> read_children(Filter::Kind kind, const json::value& value, const std::string& path, int level) {
    const auto* const array = value.if_array();
    if (array == nullptr) return invalid(path, fmt::format("must be a list of filters, not {}", quote(value)));
    if (array->empty()) return invalid(path, "must have at least one filter");
    if (array->size() > static_cast<std::size_t>(max_comparisons)) return too_many(path);
    Filter filter{.kind = kind, .comparison = {}, .children = {}};
    for (std::size_t i = 0; i < array->size(); ++i) {
      auto child = read((*array)[i], fmt::format("{}[{}]", path, i), level + 1);
      if (!child) return child;
      filter.children.push_back(std::move(*child));
    }
    return filter;
  }

  Result<Filter> read_comparison(const json::object& object, const std::string& path) {
    if (++comparisons_ > max_comparisons) return too_many(path);
    for (const auto& member : object) {
      if (member.key() != "field" && member.key() != "operator" && member.key() != "value") {
        return invalid(path, fmt::format("has the unknown member {}; a comparison has field, operator and value",
                                         quote(json::value(member.key()))));
      }
    }
    const auto* const field_name = object.at("field").if_string();
    const auto field = field_name == nullptr ? std::nullopt : find_field(*field_name);
    if (!field) return invalid(path + ".field", fmt::format("{} is not a known field", quote(object.at("field"))));
    const auto* const operator_value = object.if_contains("operator");
    if (operator_value == nullptr) return invalid(path, "needs an operator");
    const auto* const operator_name = operator_value->if_string();
    const auto op = operator_name == nullptr ? std::nullopt : find_operator(*operator_name);
    if (!op) {
      return invalid(path + ".operator",
                     fmt::format("{} is not one of =, !=, <, <=, >, >=, in, contains, exists", quote(*operator_value)));
    }
    const auto* const value = object.if_contains("value");
    if (value == nullptr) return invalid(path, "needs a value");
    auto read = read_value(type_of(*field), *op, *value, path + ".value");
    if (!read) return std::unexpected(read.error());
    Comparison comparison{.field = *field, .op = *op, .value = std::move(*read)};
    if (auto checked = check_comparison(comparison, path); !checked) {
      Error error = checked.error();
      if (error.message.contains(".value must be ")) error.message += fmt::format(", not {}", quote(*value));
      return std::unexpected(error);
    }
    return Filter{.kind = Filter::Kind::Compare, .comparison = std::move(comparison), .children = {}};
  }

  // The value as its JSON type says; whether it suits the field is check_comparison's to say.
  static Result<FilterValue> read_value(FieldType type, Operator op, const json::value& value,
                                        const std::string& path) {
    if (const auto* const flag = value.if_bool()) return FilterValue(*flag);
    if (value.is_number()) {
      const auto number = value.to_number<double>();
      if (!std::isfinite(number)) return invalid(path, "must be a finite number");
      return FilterValue(to_filter_number(number));
    }
    if (const auto* const text = value.if_string()) {
      if (text->size() > max_text_bytes) return invalid(path, fmt::format("is longer than {} bytes", max_text_bytes));
      if (type != FieldType::Time || op == Operator::Exists) return FilterValue(std::string(*text));
      const auto time = parse_iso8601(*text);
      if (!time)
        return invalid(path, fmt::format("must be a time such as \"2026-06-01T00:00:00Z\", not {}", quote(value)));
      return FilterValue(*time);
    }
    if (const auto* const object = value.if_object()) return read_days_ago(*object, path);
    if (const auto* const array = value.if_array()) return read_texts(*array, path);
    return invalid(path, "must not be null");
  }

  static Result<FilterValue> read_days_ago(const json::object& object, const std::string& path) {
    if (object.size() != 1 || !object.contains("days_ago")) {
      return invalid(path, fmt::format("must be {{\"days_ago\": 90}} when it is an object, not {}", quote(object)));
    }
    const auto* const days = object.at("days_ago").if_int64();
    if (days == nullptr || *days < 0 || *days > max_days_ago) {
      return invalid(path + ".days_ago", fmt::format("must be a whole number from 0 to {}, not {}", max_days_ago,
                                                     quote(object.at("days_ago"))));
    }
    return FilterValue(DaysAgo{static_cast<std::int32_t>(*days)});
  }

  static Result<FilterValue> read_texts(const json::array& array, const std::string& path) {
    if (array.size() > max_list_values) {
      return invalid(path, fmt::format("has {} values, more than {}", array.size(), max_list_values));
    }
    std::vector<std::string> texts;
    texts.reserve(array.size());
    for (const json::value& value : array) {
      const auto* const text = value.if_string();
      const std::string place = fmt::format("{}[{}]", path, texts.size());
      if (text == nullptr) return invalid(place, fmt::format("must be a text, not {}", quote(value)));
      if (text->size() > max_text_bytes) return invalid(place, fmt::format("is longer than {} bytes", max_text_bytes));
      texts.emplace_back(*text);
    }
    return FilterValue(std::move(texts));
  }

  static std::unexpected<Error> too_many(const std::string& path) {
    return invalid(path, fmt::format("has more than {} comparisons", max_comparisons));
  }

  int comparisons_ = 0;
};

std::string quote_text(std::string_view text) {
  return json::serialize(json::string_view(text.data(), text.size()));
}

struct ValueText {
  std::string operator()(const std::string& text) const { return quote_text(text); }
  std::string operator()(double number) const { return std::isfinite(number) ? number_text(number) : "null"; }
  std::string operator()(bool flag) const { return flag ? "true" : "false"; }
  std::string operator()(WallTime time) const { return quote_text(format_iso8601(time)); }
  std::string operator()(DaysAgo ago) const { return fmt::format("{{\"days_ago\":{}}}", ago.days); }
  std::string operator()(const std::vector<std::string>& texts) const {
    std::string list = "[";
    for (const std::string& text : texts) {
      if (list.size() > 1) list += ',';
      list += quote_text(text);
    }
    return list + "]";
  }
};

// The tree as it stands, in the one spelling there is.
std::string print(const Filter& filter) {
  switch (filter.kind) {
    case Filter::Kind::Everyone: return "{\"everyone\":true}";
    case Filter::Kind::Compare:
      return fmt::format("{{\"field\":\"{}\",\"operator\":\"{}\",\"value\":{}}}", to_string(filter.comparison.field),
                         to_string(filter.comparison.op), std::visit(ValueText{}, filter.comparison.value));
    case Filter::Kind::Not: return fmt::format("{{\"not\":{}}}", print(filter.children.front()));
    case Filter::Kind::And:
    case Filter::Kind::Or: break;
  }
  std::string list;
  for (const Filter& child : filter.children) {
    if (!list.empty()) list += ',';
    list += print(child);
  }
  return fmt::format("{{\"{}\":[{}]}}", filter.kind == Filter::Kind::And ? "and" : "or", list);
}

Filter fold_values(Filter filter) {
  if (auto* const text = std::get_if<std::string>(&filter.comparison.value)) *text = fold_text(*text);
  if (auto* const texts = std::get_if<std::vector<std::string>>(&filter.comparison.value)) {
    for (std::string& text : *texts) text = fold_text(text);
  }
  for (Filter& child : filter.children) child = fold_values(std::move(child));
  return filter;
}

Filter normalise_comparison(Comparison comparison) {
  auto* const texts = std::get_if<std::vector<std::string>>(&comparison.value);
  if (comparison.op == Operator::In && texts != nullptr) {
    std::ranges::sort(*texts);
    texts->erase(std::ranges::unique(*texts).begin(), texts->end());
    if (texts->size() == 1) {
      const bool is_list = type_of(comparison.field) == FieldType::TextList;
      std::string only = std::move(texts->front());
      return compare(comparison.field, is_list ? Operator::Contains : Operator::Equal, std::move(only));
    }
  }
  return compare(comparison.field, comparison.op, std::move(comparison.value));
}

// The values of a comparison that asks for one of several: city = 'a', city IN (…), 'a' IN tags, tags OVERLAPS (…).
std::optional<std::vector<std::string>> wanted_values(const Filter& filter) {
  if (filter.kind != Filter::Kind::Compare) return std::nullopt;
  const auto& [field, op, value] = filter.comparison;
  const bool is_list = type_of(field) == FieldType::TextList;
  if (op == Operator::In) {
    const auto* const texts = std::get_if<std::vector<std::string>>(&value);
    return texts == nullptr ? std::nullopt : std::optional(*texts);
  }
  const auto* const text = std::get_if<std::string>(&value);
  const bool is_one = is_list ? op == Operator::Contains : type_of(field) == FieldType::Text && op == Operator::Equal;
  if (text == nullptr || !is_one) return std::nullopt;
  return std::vector{*text};
}

using PrintedFilter = std::pair<std::string, Filter>;

// city = 'a' OR city = 'b' is city IN ('a', 'b').
void merge_values(std::vector<PrintedFilter>& children) {
  std::map<Field, std::vector<std::string>> values;
  std::map<Field, int> counts;
  for (const auto& [text, child] : children) {
    const auto wanted = wanted_values(child);
    if (!wanted) continue;
    auto& all = values[child.comparison.field];
    all.insert(all.end(), wanted->begin(), wanted->end());
    ++counts[child.comparison.field];
  }
  std::erase_if(children, [&](const PrintedFilter& child) {
    return wanted_values(child.second) && counts[child.second.comparison.field] > 1;
  });
  for (auto& [field, all] : values) {
    if (counts[field] < 2) continue;
    Filter merged = normalise_comparison({.field = field, .op = Operator::In, .value = std::move(all)});
    std::string text = print(merged);
    children.emplace_back(std::move(text), std::move(merged));
  }
}

bool is_nobody(const Filter& filter) {
  return filter.kind == Filter::Kind::Not && filter.children.front().kind == Filter::Kind::Everyone;
}

Filter normalise_children(const Filter& filter) {
  const bool is_and = filter.kind == Filter::Kind::And;
  std::vector<PrintedFilter> kept;
  for (const Filter& child : filter.children) {
    Filter clean = normalise(child);
    // Everyone changes nothing in an And and decides an Or; nobody the other way round.
    const bool is_everyone = clean.kind == Filter::Kind::Everyone;
    if (is_everyone || is_nobody(clean)) {
      if (is_everyone == is_and) continue;
      return clean;
    }
    if (clean.kind == filter.kind) {
      for (Filter& grandchild : clean.children) {
        std::string text = print(grandchild);
        kept.emplace_back(std::move(text), std::move(grandchild));
      }
    } else {
      std::string text = print(clean);
      kept.emplace_back(std::move(text), std::move(clean));
    }
  }
  if (kept.empty()) return is_and ? Filter{} : negate(Filter{});
  if (!is_and) merge_values(kept);
  std::ranges::sort(kept, {}, &PrintedFilter::first);
  std::vector<Filter> children;
  for (std::size_t i = 0; i < kept.size(); ++i) {
    if (i == 0 || kept[i].first != kept[i - 1].first) children.push_back(std::move(kept[i].second));
  }
  return is_and ? all_of(std::move(children)) : any_of(std::move(children));
}

}  // namespace

Result<Filter> parse_filter(std::string_view text) {
  if (text.size() > max_document_bytes) {
    return fail(ErrorKind::Invalid,
                fmt::format("filters must be at most {} bytes, not {}", max_document_bytes, text.size()));
  }
  if (!is_valid_utf8(text)) return fail(ErrorKind::Invalid, "filters must be UTF-8 text");
  boost::system::error_code error;
  json::parse_options options;
  options.max_depth = 64;
  const json::value document = json::parse(text, error, {}, options);
  if (error) {
    const bool is_deep = error == json::error::too_deep;
    return fail(ErrorKind::Invalid,
                is_deep ? fmt::format("filters is nested deeper than {} levels", max_levels)
                        : "filters must be valid JSON; check quotes, commas and brackets",
                error.message());
  }
  auto filter = parse_filter(document);
  if (!filter) return filter;
  simdjson::dom::parser parser;
  simdjson::dom::element root;
  if (parser.parse(text.data(), text.size()).get(root) != simdjson::SUCCESS) {
    return fail(ErrorKind::Invalid, "filters must be valid JSON; check quotes, commas and brackets");
  }
  if (auto checked = refuse_repeated_members(root, "filters"); !checked) return std::unexpected(checked.error());
  return filter;
}

Result<Filter> parse_filter(const json::value& document, std::string_view path) {
  return TreeReader{}.read(document, std::string(path), 1);
}

Filter normalise(const Filter& filter) {
  switch (filter.kind) {
    case Filter::Kind::Everyone: return {};
    case Filter::Kind::Compare: return normalise_comparison(filter.comparison);
    case Filter::Kind::Not: {
      Filter child = normalise(filter.children.front());
      if (child.kind == Filter::Kind::Not) return std::move(child.children.front());
      return negate(std::move(child));
    }
    case Filter::Kind::And:
    case Filter::Kind::Or: return normalise_children(filter);
  }
  return {};
}

std::string to_json_text(const Filter& filter) {
  return print(normalise(filter));
}

json::value to_json(const Filter& filter) {
  return json::parse(to_json_text(filter), {}, {.max_depth = 256});
}

json::value to_json(const FilterValue& value) {
  return json::parse(std::visit(ValueText{}, value));
}

std::string segment_id(const Filter& filter) {
  const std::string criteria = print(normalise(fold_values(filter)));
  return fmt::format("seg-{:016x}{:016x}", hash64(criteria, 1), hash64(criteria, 2));
}

}  // namespace clarion
