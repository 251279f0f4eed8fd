#include "audience/filter_text.h"

#include <fmt/format.h>

#include <cstdint>
#include <utility>

#include "audience/filter_value.h"

namespace clarion {
namespace {

std::string sql_quote(std::string_view text) {
  std::string quoted = "'";
  for (const char c : text) {
    if (c == '\'') quoted += '\'';
    quoted += c;
  }
  return quoted + "'";
}

struct SqlValue {
  std::string operator()(const std::string& text) const { return sql_quote(text); }
  std::string operator()(double number) const { return number_text(number); }
  std::string operator()(bool flag) const { return flag ? "TRUE" : "FALSE"; }
  std::string operator()(WallTime time) const { return fmt::format("TIMESTAMP '{}'", format_iso8601(time)); }
  std::string operator()(DaysAgo ago) const { return fmt::format("NOW() - INTERVAL '{} days'", ago.days); }
  std::string operator()(const std::vector<std::string>& texts) const {
    std::string list = "(";
    for (const std::string& text : texts) {
      if (list.size() > 1) list += ", ";
      list += sql_quote(text);
    }
    return list + ")";
  }
};

std::string comparison_sql(const Comparison& comparison) {
  const std::string_view field = to_string(comparison.field);
  const bool is_list = type_of(comparison.field) == FieldType::TextList;
  const std::string value = std::visit(SqlValue{}, comparison.value);
  switch (comparison.op) {
    case Operator::In: return fmt::format("{} {} {}", field, is_list ? "OVERLAPS" : "IN", value);
    case Operator::Contains:
      return is_list ? fmt::format("{} IN {}", value, field) : fmt::format("{} CONTAINS {}", field, value);
    case Operator::Exists: {
      const auto* const wanted = std::get_if<bool>(&comparison.value);
      const bool is_present = wanted == nullptr || *wanted;
      return fmt::format("{} IS {}{}", field, is_present ? "NOT " : "", is_list ? "EMPTY" : "NULL");
    }
    default: break;
  }
  return fmt::format("{} {} {}", field, to_string(comparison.op), value);
}

std::string bracketed(const Filter& filter, bool needs_brackets) {
  return needs_brackets ? "(" + to_sql(filter) + ")" : to_sql(filter);
}

bool is_list_of(const Filter& filter) {
  return filter.kind == Filter::Kind::And || filter.kind == Filter::Kind::Or;
}

struct LabelValue {
  std::string operator()(const std::string& text) const { return text; }
  std::string operator()(double number) const { return number_text(number); }
  std::string operator()(bool flag) const { return flag ? "yes" : "no"; }
  std::string operator()(WallTime time) const { return format_iso8601(time).substr(0, 10); }
  std::string operator()(DaysAgo ago) const { return fmt::format("{} days ago", ago.days); }
  std::string operator()(const std::vector<std::string>& texts) const {
    std::string list;
    for (std::size_t i = 0; i < texts.size(); ++i) {
      if (i > 0) list += i + 1 == texts.size() ? " or " : ", ";
      list += texts[i];
    }
    return list;
  }
};

std::string_view words_of(Operator op, FieldType type) {
  const bool is_time = type == FieldType::Time;
  switch (op) {
    case Operator::Equal:
    case Operator::In: return "is";
    case Operator::NotEqual: return "is not";
    case Operator::Less: return is_time ? "before" : "below";
    case Operator::LessOrEqual: return is_time ? "at or before" : "at most";
    case Operator::Greater: return is_time ? "after" : "above";
    case Operator::GreaterOrEqual: return is_time ? "at or after" : "at least";
    case Operator::Contains: return "contains";
    case Operator::Exists: return "";
  }
  return "";
}

std::string existence_label(const Comparison& comparison) {
  const auto* const wanted = std::get_if<bool>(&comparison.value);
  const bool is_present = wanted == nullptr || *wanted;
  if (comparison.field == Field::CartSkus) return is_present ? "Cart has items" : "Cart is empty";
  return fmt::format("{} {}", label_of(comparison.field), is_present ? "is known" : "is not known");
}

std::string plain_label(const Comparison& comparison) {
  const FieldType type = type_of(comparison.field);
  const std::string value = std::visit(LabelValue{}, comparison.value);
  if (comparison.op == Operator::Exists) return existence_label(comparison);
  if (type == FieldType::TextList) return fmt::format("{} {}", label_of(comparison.field), value);
  if (type == FieldType::Flag) return fmt::format("{}: {}", label_of(comparison.field), value);
  return fmt::format("{} {} {}", label_of(comparison.field), words_of(comparison.op, type), value);
}

}  // namespace

std::string to_sql(const Filter& filter) {
  switch (filter.kind) {
    case Filter::Kind::Everyone: return "TRUE";
    case Filter::Kind::Compare: return comparison_sql(filter.comparison);
    case Filter::Kind::Not: {
      const Filter& child = filter.children.front();
      return "NOT " + bracketed(child, child.kind != Filter::Kind::Everyone);
    }
    case Filter::Kind::And:
    case Filter::Kind::Or: break;
  }
  std::string sql;
  for (const Filter& child : filter.children) {
    if (!sql.empty()) sql += filter.kind == Filter::Kind::And ? " AND " : " OR ";
    sql += bracketed(child, is_list_of(child));
  }
  return sql;
}

std::string to_label(const Comparison& comparison, bool is_negated) {
  if (!is_negated) return plain_label(comparison);
  const bool is_text = type_of(comparison.field) == FieldType::Text;
  if (is_text && (comparison.op == Operator::Equal || comparison.op == Operator::In)) {
    return fmt::format("{} is not {}", label_of(comparison.field), std::visit(LabelValue{}, comparison.value));
  }
  return "Not: " + plain_label(comparison);
}

}  // namespace clarion
