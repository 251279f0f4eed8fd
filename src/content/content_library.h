#pragma once
// ContentLibrary: named templates, shared variables and promotions, and the content of a campaign made from them.
//
// templates.json   {"variables": {"brand": "..."}, "templates": [{"name": "promotion", "channel": "sms", "definition":
// {...}}]} promotions.json  {"promotions": [{"sku", "product", "headline", "discount", "code", "ends_on": "2030-12-31",
// "link"}]} Choice           a running promotion of the product brings the templates "promotion", otherwise "news" is
// used.

#include <boost/json/object.hpp>

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "domain/channel.h"

namespace clarion {

struct NamedTemplate {
  std::string name;
  Channel channel{};
  std::int32_t version = 1;
  std::string definition;  // JSON as template_definition.h reads it
};

struct Promotion {
  std::string sku;
  std::string product;
  std::string headline;
  std::string discount;  // "20%", "60 USD"
  std::string code;
  std::string link;
  std::optional<std::chrono::year_month_day> ends_on;  // the last day, UTC; none: open

  [[nodiscard]] bool is_running(WallTime now) const;
};

// The variables promotion.*: {"sku", "product", "headline", "discount", "code", "link", "ends_on": "31 Dec 2030"}.
[[nodiscard]] boost::json::object promotion_variables(const Promotion& promotion);
// What CampaignDefinition.content holds. REQUIRES: at most one template a channel, definitions that parse_template
// takes.
[[nodiscard]] std::string write_content(std::span<const NamedTemplate> templates, boost::json::object variables);

class ContentLibrary {
 public:
  // Invalid names the entry and the rule; every template is compiled, every name and SKU unique.
  static Result<ContentLibrary> parse(std::string_view templates_json, std::string_view promotions_json);
  // The one that is compiled in from data/demo, so that a campaign needs no set-up.
  static ContentLibrary built_in();

  [[nodiscard]] const std::vector<NamedTemplate>& templates() const { return templates_; }
  [[nodiscard]] const std::vector<Promotion>& promotions() const { return promotions_; }
  [[nodiscard]] const boost::json::object& variables() const { return variables_; }
  // nullptr when the product has no promotion or it has ended.
  [[nodiscard]] const Promotion* find_promotion(std::string_view sku, WallTime now) const;
  // The templates of that name, one a channel.
  [[nodiscard]] std::vector<NamedTemplate> find_templates(std::string_view name) const;
  // Content for a campaign about `sku`, which may be empty or unknown. It always parses as CampaignContent.
  [[nodiscard]] std::string default_content(std::string_view sku, WallTime now) const;

 private:
  Result<void> read_templates(std::string_view json);
  Result<void> read_promotions(std::string_view json);

  std::vector<NamedTemplate> templates_;
  std::vector<Promotion> promotions_;
  boost::json::object variables_;
};

}  // namespace clarion
