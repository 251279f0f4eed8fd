#include "engine/content_renderer.h"

namespace clarion {

Result<std::shared_ptr<const MessageRenderer>> make_content_renderer(const CampaignDefinition& definition) {
  auto content = CampaignContent::parse(definition.content.empty() ? "{}" : definition.content);
  if (!content) return std::unexpected(content.error());
  return std::make_shared<const ContentRenderer>(std::move(*content));
}

}  // namespace clarion
