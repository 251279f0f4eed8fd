#include "engine/template_approval.h"

#include "content/campaign_content.h"

namespace clarion {

Task<Result<std::optional<std::string>>> find_template_obstacle(TemplateCatalogue& catalogue, std::string content) {
  const auto parsed = CampaignContent::parse(content.empty() ? "{}" : content);
  // What cannot be read is refused by whoever renders it.
  if (!parsed || (*parsed)->whatsapp_template() == nullptr) co_return std::nullopt;
  const WhatsAppTemplate& whatsapp = *(*parsed)->whatsapp_template();
  const auto templates = co_await catalogue.current();
  if (!templates) co_return std::unexpected(templates.error());
  co_return (*templates)->find_problem(whatsapp.template_name, whatsapp.language);
}

}  // namespace clarion
