#pragma once
// A template bound to one campaign's variables: for each name it is known where the value comes from.

#include <array>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "content/campaign_content.h"
#include "content/contact_variables.h"

namespace clarion {

using SharedVariables = std::map<std::string, std::string, std::less<>>;

struct CampaignContent::BoundTemplate {
  struct Slot {
    std::optional<ContactVariable> contact;  // the contact's field
    bool is_unsubscribe = false;             // the rendered unsubscribe link
    std::optional<std::string> otherwise;    // the campaign's variable or the fallback
    bool is_fallback = false;                // `otherwise` is the template's own
  };
  TemplateDefinition definition;
  std::vector<Slot> slots;  // by slot of definition.names

  // Invalid when a name can have no value for anybody.
  static Result<std::unique_ptr<const BoundTemplate>> bind(TemplateDefinition definition,
                                                           const SharedVariables& shared);
};

// The values of one message, by slot; a view without data() is missing.
struct CampaignContent::Values {
  std::array<std::string_view, TemplateNames::max_names> views{};
  std::size_t count = 0;
  std::string unsubscribe_url;

  [[nodiscard]] std::span<const std::string_view> all() const { return std::span(views).first(count); }
  // False when `payload` does not fit the template. REQUIRES: `bound` and `payload` outlive the values.
  [[nodiscard]] bool read(const BoundTemplate& bound, std::string_view payload);
};

}  // namespace clarion
