#pragma once
// ContentRenderer: a campaign's content as the engine's MessageRenderer.

#include <memory>
#include <utility>

#include "content/campaign_content.h"
#include "engine/campaign_engine.h"

namespace clarion {

class ContentRenderer final : public MessageRenderer {
 public:
  explicit ContentRenderer(std::shared_ptr<const CampaignContent> content) : content_(std::move(content)) {}
  [[nodiscard]] Result<MessageBody> render(Channel channel, std::string_view payload) const override {
    return content_->render(channel, payload);
  }

 private:
  std::shared_ptr<const CampaignContent> content_;
};

// For CampaignEngine::Deps::make_renderer. Invalid when the snapshot cannot be read; an empty one is that of an
// explicit list.
[[nodiscard]] Result<std::shared_ptr<const MessageRenderer>> make_content_renderer(
    const CampaignDefinition& definition);

}  // namespace clarion
