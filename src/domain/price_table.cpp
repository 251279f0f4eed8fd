#include "domain/price_table.h"

#include <fmt/format.h>

#include <boost/json.hpp>

#include <algorithm>
#include <cstdlib>
#include <optional>

#include "base/clock.h"
#include "base/log.h"
#include "embedded/prices_email.h"
#include "embedded/prices_sms.h"
#include "embedded/prices_whatsapp.h"

namespace clarion {
namespace {

namespace json = boost::json;

constexpr std::array<std::string_view, message_category_count> category_names{"marketing", "utility", "authentication"};
// Dearer than any route in the world: a price above it is a slip of the decimal point.
constexpr double max_unit_usd = 10;

std::size_t index_of(MessageCategory category) {
  return static_cast<std::size_t>(category);
}

std::optional<MessageCategory> parse_category(std::string_view name) {
  for (std::size_t i = 0; i < category_names.size(); ++i) {
    if (category_names[i] == name) return static_cast<MessageCategory>(i);
  }
  return std::nullopt;
}

bool is_country(std::string_view text) {
  return text == "*" || (text.size() == 2 && text[0] >= 'A' && text[0] <= 'Z' && text[1] >= 'A' && text[1] <= 'Z');
}

bool is_date(std::string_view text) {
  return text.size() == 10 && parse_iso8601(text).has_value();
}

std::unexpected<Error> invalid(std::string_view path, std::string_view rule) {
  return fail(ErrorKind::Invalid, fmt::format("price table: {} {}", path, rule));
}

Result<void> check_members(const json::object& object, std::string_view path,
                           std::initializer_list<std::string_view> known) {
  for (const auto& member : object) {
    const std::string_view name = member.key();
    if (std::ranges::find(known, name) == known.end()) {
      // A long one is not quoted, because cutting it could cut a character in two.
      return invalid(path, fmt::format("has the unknown member \"{}\"", name.size() <= 40 ? name : "(a long name)"));
    }
  }
  return {};
}

Result<std::string> read_text(const json::object& object, std::string_view path, std::string_view name) {
  const json::value* value = object.if_contains(name);
  if (value == nullptr || !value->is_string() || value->get_string().empty()) {
    return invalid(fmt::format("{}.{}", path, name), "must be a text that is not empty");
  }
  return std::string(value->get_string());
}

Result<double> read_usd(const json::object& object, std::string_view path, std::string_view name) {
  const json::value* value = object.if_contains(name);
  const std::string where = fmt::format("{}.{}", path, name);
  if (value == nullptr || !value->is_number()) return invalid(where, "must be a number of US dollars");
  const double usd = value->to_number<double>();
  if (!(usd >= 0 && usd <= max_unit_usd)) {
    return invalid(where, fmt::format("is {}; a price must be between 0 and {} US dollars", usd, max_unit_usd));
  }
  return usd;
}

struct DocumentHead {
  Channel channel{};
  double fee_usd = 0;
  std::string source;
  std::string date;
};

Result<DocumentHead> read_head(const json::object& document) {
  if (auto known =
          check_members(document, "$", {"channel", "unit", "currency", "date", "source", "note", "fee_usd", "rows"});
      !known) {
    return std::unexpected(known.error());
  }
  DocumentHead head;
  const auto channel = read_text(document, "$", "channel");
  if (!channel) return std::unexpected(channel.error());
  const auto parsed = parse_channel(*channel);
  if (!parsed) return invalid("$.channel", "must be \"sms\", \"whatsapp\" or \"email\"");
  head.channel = *parsed;
  const auto unit = read_text(document, "$", "unit");
  if (!unit) return std::unexpected(unit.error());
  if (*unit != (head.channel == Channel::Sms ? "part" : "message")) {
    return invalid("$.unit", "must be \"part\" for sms and \"message\" for the other channels");
  }
  const auto currency = read_text(document, "$", "currency");
  if (!currency) return std::unexpected(currency.error());
  if (*currency != "USD") return invalid("$.currency", "must be \"USD\"; convert the figures first");
  auto source = read_text(document, "$", "source");
  if (!source) return std::unexpected(source.error());
  head.source = std::move(*source);
  auto date = read_text(document, "$", "date");
  if (!date) return std::unexpected(date.error());
  if (!is_date(*date)) return invalid("$.date", "must be a date as 2026-11-22");
  head.date = std::move(*date);
  if (document.contains("fee_usd")) {
    const auto fee = read_usd(document, "$", "fee_usd");
    if (!fee) return std::unexpected(fee.error());
    head.fee_usd = *fee;
  }
  return head;
}

Result<PriceRow> read_row(const json::value& value, std::string_view path, const DocumentHead& head) {
  if (!value.is_object()) return invalid(path, "must be an object");
  const json::object& object = value.get_object();
  if (auto known = check_members(object, path, {"country", "category", "usd", "example", "source", "date"}); !known) {
    return std::unexpected(known.error());
  }
  PriceRow row{.channel = head.channel, .country = {}, .unit_price = {}, .source = head.source, .date = head.date};
  auto country = read_text(object, path, "country");
  if (!country) return std::unexpected(country.error());
  if (!is_country(*country)) {
    return invalid(fmt::format("{}.country", path), "must be two capital letters (ISO 3166-1) or \"*\"");
  }
  row.country = std::move(*country);
  if (head.channel == Channel::WhatsApp) {
    const auto name = read_text(object, path, "category");
    if (!name) return std::unexpected(name.error());
    const auto category = parse_category(*name);
    if (!category) {
      return invalid(fmt::format("{}.category", path), "must be \"marketing\", \"utility\" or \"authentication\"");
    }
    row.category = *category;
  } else if (object.contains("category")) {
    return invalid(fmt::format("{}.category", path), "is for whatsapp only");
  }
  const auto usd = read_usd(object, path, "usd");
  if (!usd) return std::unexpected(usd.error());
  row.unit_price = Money::from_usd(*usd + head.fee_usd);
  if (const json::value* example = object.if_contains("example")) {
    if (!example->is_bool()) return invalid(fmt::format("{}.example", path), "must be true or false");
    row.is_example = example->get_bool();
  }
  if (object.contains("source")) {
    auto source = read_text(object, path, "source");
    if (!source) return std::unexpected(source.error());
    row.source = std::move(*source);
  }
  if (object.contains("date")) {
    auto date = read_text(object, path, "date");
    if (!date) return std::unexpected(date.error());
    if (!is_date(*date)) return invalid(fmt::format("{}.date", path), "must be a date as 2026-11-22");
    row.date = std::move(*date);
  }
  return row;
}

}  // namespace

std::string_view to_string(MessageCategory category) {
  return category_names[index_of(category)];
}

Result<PriceTable> PriceTable::parse(std::string_view text) {
  boost::system::error_code error;
  const json::value value = json::parse(text, error);
  if (error) return invalid("$", fmt::format("is no JSON document in UTF-8 ({})", error.message()));
  if (!value.is_object()) return invalid("$", "must be an object");
  const json::object& document = value.get_object();
  const auto head = read_head(document);
  if (!head) return std::unexpected(head.error());
  const json::value* rows = document.if_contains("rows");
  if (rows == nullptr || !rows->is_array()) return invalid("$.rows", "must be an array of prices");

  PriceTable table;
  auto& by_category = table.rows_[head->channel];
  std::size_t number = 0;
  for (const json::value& entry : rows->get_array()) {
    auto row = read_row(entry, fmt::format("$.rows[{}]", number++), *head);
    if (!row) return std::unexpected(row.error());
    by_category[index_of(row->category)].push_back(std::move(*row));
  }
  for (std::size_t i = 0; i < by_category.size(); ++i) {
    Rows& group = by_category[i];
    if (head->channel != Channel::WhatsApp && i > 0) continue;
    std::ranges::sort(group, {}, &PriceRow::country);
    if (group.empty() || group.front().country != "*") {
      return invalid("$.rows", fmt::format("needs a row with country \"*\" for {}: what a country without a row costs",
                                           head->channel == Channel::WhatsApp ? category_names[i] : "every country"));
    }
    const auto twice = std::ranges::adjacent_find(group, {}, &PriceRow::country);
    if (twice != group.end()) {
      return invalid("$.rows", fmt::format("has two prices for country \"{}\"", twice->country));
    }
  }
  return table;
}

const PriceTable& PriceTable::built_in() {
  static const PriceTable table = [] {
    PriceTable all;
    for (const std::string_view document : {embedded::prices_sms, embedded::prices_whatsapp, embedded::prices_email}) {
      const auto parsed = parse(document);
      // Cannot happen in a build that passed its tests; going on without prices would make every budget wrong.
      if (!parsed) {
        log_error("built_in_prices_broken", {{"message", std::string_view(parsed.error().message)}});
        std::abort();
      }
      all.replace(*parsed);
    }
    return all;
  }();
  return table;
}

void PriceTable::replace(const PriceTable& other) {
  for (const Channel channel : all_channels) {
    if (other.has(channel)) rows_[channel] = other.rows_[channel];
  }
}

bool PriceTable::has(Channel channel) const {
  return !rows_[channel][0].empty();
}

Price PriceTable::price(Channel channel, std::string_view country, std::int32_t units, MessageCategory category) const {
  const Rows& group = rows_[channel][channel == Channel::WhatsApp ? index_of(category) : 0];
  const auto found = std::ranges::lower_bound(group, country, {}, &PriceRow::country);
  const PriceRow& row = found != group.end() && found->country == country ? *found : group.front();
  return Price{row.unit_price * units, &row};
}

std::vector<const PriceRow*> PriceTable::rows() const {
  std::vector<const PriceRow*> all;
  for (const Channel channel : all_channels) {
    for (const Rows& group : rows_[channel]) {
      for (const PriceRow& row : group) all.push_back(&row);
    }
  }
  return all;
}

}  // namespace clarion
