#include "content/bound_template.h"

#include <fmt/format.h>

#include "content/payload.h"

namespace clarion {

Result<std::unique_ptr<const CampaignContent::BoundTemplate>> CampaignContent::BoundTemplate::bind(
    TemplateDefinition definition, const SharedVariables& shared) {
  auto bound = std::make_unique<BoundTemplate>();
  bound->definition = std::move(definition);
  for (const TemplateNames::Use& use : bound->definition.names.all()) {
    Slot slot;
    slot.contact = find_contact_variable(use.name);
    slot.is_unsubscribe = bound->definition.channel() == Channel::Email && use.name == unsubscribe_variable;
    if (const auto it = shared.find(use.name); it != shared.end() && !it->second.empty()) slot.otherwise = it->second;
    if (const auto it = bound->definition.fallbacks.find(use.name);
        !slot.otherwise && it != bound->definition.fallbacks.end()) {
      slot.otherwise = it->second;
      slot.is_fallback = true;
    }
    // A campaign without a promotion may leave promotion.* out where a section asks first; other unknown names are
    // typing errors.
    const bool can_be_absent = use.name.starts_with("promotion.") && !use.is_always_needed;
    if (!slot.contact && !slot.is_unsubscribe && !slot.otherwise && !can_be_absent) {
      return fail(
          ErrorKind::Invalid,
          fmt::format("The {} template uses {{{{{}}}}}, which is neither a contact field nor a variable of this "
                      "campaign; give it a value under variables or a fallback in the template.",
                      to_string(bound->definition.channel()), use.name));
    }
    bound->slots.push_back(std::move(slot));
  }
  return bound;
}

bool CampaignContent::Values::read(const BoundTemplate& bound, std::string_view payload) {
  count = bound.slots.size();
  FieldReader reader(payload);
  for (std::size_t i = 0; i < count; ++i) {
    const BoundTemplate::Slot& slot = bound.slots[i];
    views[i] = {};
    if (slot.contact) {
      const auto field = reader.next();
      if (!field) return false;
      if (!field->empty()) views[i] = *field;
    }
    if (views[i].empty() && slot.otherwise) views[i] = *slot.otherwise;
  }
  return reader.is_at_end();
}

}  // namespace clarion
