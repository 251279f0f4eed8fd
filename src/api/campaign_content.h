#pragma once
// The content of a campaign to be made: saved and built-in templates, promotion and variables in one snapshot.

#include <boost/json.hpp>

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "api/json_body.h"
#include "api/resources.h"
#include "content/content_library.h"

namespace clarion {

// A template as it is shown: saved ones win over built-in ones of the same name and channel.
struct ShownTemplate {
  NamedTemplate named;
  bool is_saved = false;
  std::optional<WallTime> created_at;
};

struct ContentRequest {
  std::map<Channel, std::string> templates;  // channel -> name; empty: chosen by the product
  std::string sku;                           // whose promotion fills promotion.*; may be empty
  boost::json::object variables;             // win over the library's
};

// The members templates, sku and variables.
[[nodiscard]] ContentRequest read_content_request(MemberReader& reader);

// NotFound when there is no such template.
[[nodiscard]] Task<Result<ShownTemplate>> find_template(Api api, Channel channel, std::string name);
// Every saved version, the newest first, and the one that comes with the program last; empty when there is none.
[[nodiscard]] Task<Result<std::vector<ShownTemplate>>> list_template_versions(Api api, Channel channel,
                                                                              std::string name);
// The latest version of each, by name and channel.
[[nodiscard]] Task<Result<std::vector<ShownTemplate>>> list_all_templates(Api api);
// The snapshot for CampaignDefinition::content, checked. Invalid or NotFound names the template and the rule.
[[nodiscard]] Task<Result<std::string>> make_campaign_content(Api api, ContentRequest request);
// Library's variables, the promotion of `sku`, and `own`, which wins.
[[nodiscard]] boost::json::object campaign_variables(const ApiContext& context, std::string_view sku,
                                                     const boost::json::object& own);

}  // namespace clarion
