#include "content/content_library.h"

#include <fmt/format.h>

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <array>
#include <stdexcept>

#include "content/campaign_content.h"
#include "content/json_reader.h"
#include "content/template_definition.h"
#include "embedded/demo_promotions_json.h"
#include "embedded/demo_templates_json.h"

namespace clarion {
namespace {

namespace json = boost::json;

std::string print_day(std::chrono::year_month_day day) {
  constexpr std::array<std::string_view, 12> months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                    "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  return fmt::format("{} {} {}", static_cast<unsigned>(day.day()), months[static_cast<unsigned>(day.month()) - 1],
                     static_cast<int>(day.year()));
}

Result<json::array> read_list(std::string_view what, std::string_view name, const JsonReader& reader) {
  const json::value* list = reader.find(name);
  if (list == nullptr || !list->is_array()) {
    return fail(ErrorKind::Invalid, fmt::format("{} must be a list ({}).", reader.path_of(name), what));
  }
  return list->get_array();
}

Result<std::optional<std::chrono::year_month_day>> read_day(const JsonReader& reader, std::string_view name) {
  auto text = reader.optional_text(name);
  if (!text) return std::unexpected(text.error());
  if (text->empty()) return std::nullopt;
  const auto time = text->size() == 10 ? parse_iso8601(*text) : std::nullopt;
  if (!time) {
    return fail(ErrorKind::Invalid,
                fmt::format("{} is \"{}\"; write a date like 2030-12-31.", reader.path_of(name), text->substr(0, 40)));
  }
  return std::chrono::year_month_day(std::chrono::floor<std::chrono::days>(*time));
}

Result<Promotion> read_promotion(const std::string& path, const json::value& value) {
  auto reader = JsonReader::open(path, value, {"sku", "product", "headline", "discount", "code", "ends_on", "link"});
  if (!reader) return std::unexpected(reader.error());
  Promotion promotion;
  for (const auto& [name, member] :
       {std::pair{"sku", &Promotion::sku}, std::pair{"product", &Promotion::product},
        std::pair{"headline", &Promotion::headline}, std::pair{"discount", &Promotion::discount},
        std::pair{"code", &Promotion::code}, std::pair{"link", &Promotion::link}}) {
    auto text = reader->required_text(name);
    if (!text) return std::unexpected(text.error());
    promotion.*member = std::move(*text);
  }
  auto day = read_day(*reader, "ends_on");
  if (!day) return std::unexpected(day.error());
  promotion.ends_on = *day;
  return promotion;
}

Result<NamedTemplate> read_named(const std::string& path, const json::value& value) {
  auto reader = JsonReader::open(path, value, {"name", "channel", "definition"});
  if (!reader) return std::unexpected(reader.error());
  auto name = reader->required_text("name");
  if (!name) return std::unexpected(name.error());
  auto channel_name = reader->required_text("channel");
  if (!channel_name) return std::unexpected(channel_name.error());
  const auto channel = parse_channel(*channel_name);
  if (!channel) {
    return fail(ErrorKind::Invalid, fmt::format("{} is \"{}\"; it must be sms, whatsapp or email.",
                                                reader->path_of("channel"), channel_name->substr(0, 40)));
  }
  const json::value* definition = reader->find("definition");
  if (definition == nullptr) {
    return fail(ErrorKind::Invalid, fmt::format("{} is missing.", reader->path_of("definition")));
  }
  if (auto compiled = read_template(*channel, *definition); !compiled) {
    return fail(ErrorKind::Invalid, fmt::format("{}: {}", path, compiled.error().message));
  }
  return NamedTemplate{.name = std::move(*name), .channel = *channel, .definition = json::serialize(*definition)};
}

}  // namespace

bool Promotion::is_running(WallTime now) const {
  return !ends_on || std::chrono::floor<std::chrono::days>(now) <= std::chrono::sys_days(*ends_on);
}

json::object promotion_variables(const Promotion& promotion) {
  json::object variables{{"sku", promotion.sku},           {"product", promotion.product},
                         {"headline", promotion.headline}, {"discount", promotion.discount},
                         {"code", promotion.code},         {"link", promotion.link}};
  if (promotion.ends_on) variables["ends_on"] = print_day(*promotion.ends_on);
  return variables;
}

std::string write_content(std::span<const NamedTemplate> templates, json::object variables) {
  json::object by_channel;
  for (const NamedTemplate& chosen : templates) {
    by_channel[to_string(chosen.channel)] = json::object{
        {"name", chosen.name}, {"version", chosen.version}, {"definition", json::parse(chosen.definition)}};
  }
  return json::serialize(json::object{{"templates", std::move(by_channel)}, {"variables", std::move(variables)}});
}

Result<ContentLibrary> ContentLibrary::parse(std::string_view templates_json, std::string_view promotions_json) {
  ContentLibrary library;
  if (auto read = library.read_templates(templates_json); !read) return std::unexpected(read.error());
  if (auto read = library.read_promotions(promotions_json); !read) return std::unexpected(read.error());
  // Both kinds of default content must work for every channel they have a template for.
  std::vector<std::string> skus{""};
  for (const Promotion& promotion : library.promotions_) skus.push_back(promotion.sku);
  for (const std::string& sku : skus) {
    if (auto content = CampaignContent::parse(library.default_content(sku, WallTime{})); !content) {
      return fail(ErrorKind::Invalid, fmt::format("The default content{}{} is not usable: {}",
                                                  sku.empty() ? "" : " for ", sku, content.error().message));
    }
  }
  return library;
}

Result<void> ContentLibrary::read_templates(std::string_view text) {
  auto document = parse_json("templates.json", text);
  if (!document) return std::unexpected(document.error());
  auto reader = JsonReader::open("templates.json", *document, {"variables", "templates"});
  if (!reader) return std::unexpected(reader.error());
  if (const json::value* variables = reader->find("variables")) {
    if (!variables->is_object()) {
      return fail(ErrorKind::Invalid, fmt::format("{} must be an object.", reader->path_of("variables")));
    }
    variables_ = variables->get_object();
  }
  auto list = read_list("of templates", "templates", *reader);
  if (!list) return std::unexpected(list.error());
  for (std::size_t i = 0; i < list->size(); ++i) {
    const std::string path = fmt::format("{}[{}]", reader->path_of("templates"), i);
    auto named = read_named(path, (*list)[i]);
    if (!named) return std::unexpected(named.error());
    const bool is_taken = std::ranges::any_of(templates_, [&](const NamedTemplate& other) {
      return other.name == named->name && other.channel == named->channel;
    });
    if (is_taken) {
      return fail(ErrorKind::Invalid, fmt::format("{} is a second {} template named \"{}\".", path,
                                                  to_string(named->channel), named->name));
    }
    templates_.push_back(std::move(*named));
  }
  return {};
}

Result<void> ContentLibrary::read_promotions(std::string_view text) {
  auto document = parse_json("promotions.json", text);
  if (!document) return std::unexpected(document.error());
  auto reader = JsonReader::open("promotions.json", *document, {"promotions"});
  if (!reader) return std::unexpected(reader.error());
  auto list = read_list("of promotions", "promotions", *reader);
  if (!list) return std::unexpected(list.error());
  for (std::size_t i = 0; i < list->size(); ++i) {
    const std::string path = fmt::format("{}[{}]", reader->path_of("promotions"), i);
    auto promotion = read_promotion(path, (*list)[i]);
    if (!promotion) return std::unexpected(promotion.error());
    if (std::ranges::find(promotions_, promotion->sku, &Promotion::sku) != promotions_.end()) {
      return fail(ErrorKind::Invalid, fmt::format("{} is a second promotion of \"{}\".", path, promotion->sku));
    }
    promotions_.push_back(std::move(*promotion));
  }
  return {};
}

ContentLibrary ContentLibrary::built_in() {
  auto library = parse(embedded::demo_templates_json, embedded::demo_promotions_json);
  if (!library) throw std::logic_error("the compiled-in templates are broken: " + library.error().message);
  return std::move(*library);
}

const Promotion* ContentLibrary::find_promotion(std::string_view sku, WallTime now) const {
  const auto it = std::ranges::find(promotions_, sku, &Promotion::sku);
  return it != promotions_.end() && it->is_running(now) ? &*it : nullptr;
}

std::vector<NamedTemplate> ContentLibrary::find_templates(std::string_view name) const {
  std::vector<NamedTemplate> found;
  std::ranges::copy_if(templates_, std::back_inserter(found),
                       [&](const NamedTemplate& candidate) { return candidate.name == name; });
  return found;
}

std::string ContentLibrary::default_content(std::string_view sku, WallTime now) const {
  json::object variables = variables_;
  const Promotion* promotion = find_promotion(sku, now);
  if (promotion != nullptr) variables["promotion"] = promotion_variables(*promotion);
  return write_content(find_templates(promotion != nullptr ? "promotion" : "news"), std::move(variables));
}

}  // namespace clarion
