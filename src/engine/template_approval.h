#pragma once
// Whether the provider would deliver a campaign's WhatsApp template: for CampaignEngine::Deps::find_obstacle.

#include <optional>
#include <string>

#include "domain/campaign.h"
#include "ports/template_catalogue.h"

namespace clarion {

// One sentence when it would not. An explicit list has no template of its own: each of its messages was looked at when
// it was planned. Errors of the catalogue.
[[nodiscard]] Task<Result<std::optional<std::string>>> find_template_obstacle(TemplateCatalogue& catalogue,
                                                                              std::string content);

}  // namespace clarion
