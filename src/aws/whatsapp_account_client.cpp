#include "aws/whatsapp_account_client.h"

#include <utility>

#include "aws/json_object.h"
#include "base/percent.h"

namespace clarion {
namespace {

void append_query(std::string& query, std::string_view name, std::string_view value) {
  if (!query.empty()) query += '&';
  query.append(name).append(1, '=');
  append_percent_encoded(query, value);
}

}  // namespace

Task<Result<std::optional<WhatsAppNumber>>> WhatsAppAccountClient::find_number(std::string phone_number_id) {
  std::string query;
  append_query(query, "id", phone_number_id);
  const auto reply =
      co_await reader_.read("social-messaging:GetLinkedWhatsAppBusinessAccountPhoneNumber",
                            {.method = "GET", .path = "/v1/whatsapp/waba/phone/details", .query = query});
  if (!reply) {
    if (reply.error().kind == ErrorKind::NotFound) co_return std::nullopt;
    co_return std::unexpected(reply.error());
  }
  const auto* found = json_member(*reply, "phoneNumber");
  if (found == nullptr) co_return std::nullopt;
  co_return WhatsAppNumber{.id = json_text(*found, "phoneNumberId"),
                           .number = json_text(*found, "phoneNumber"),
                           .name = json_text(*found, "displayPhoneNumberName"),
                           .quality = json_text(*found, "qualityRating"),
                           .business_id = json_text(*reply, "linkedWhatsAppBusinessAccountId"),
                           .meta_number_id = json_text(*found, "metaPhoneNumberId")};
}

Task<Result<std::vector<WhatsAppTemplateSummary>>> WhatsAppAccountClient::list_templates(std::string business_id) {
  std::vector<WhatsAppTemplateSummary> templates;
  std::string next;
  do {
    std::string query;
    append_query(query, "id", business_id);
    append_query(query, "maxResults", "100");
    if (!next.empty()) append_query(query, "nextToken", next);
    const auto reply = co_await reader_.read("social-messaging:ListWhatsAppMessageTemplates",
                                             {.method = "GET", .path = "/v1/whatsapp/template/list", .query = query});
    if (!reply) co_return std::unexpected(reply.error());
    for (const auto& one : json_list(*reply, "templates")) {
      templates.push_back({.name = json_text(one, "templateName"),
                           .language = json_text(one, "templateLanguage"),
                           .status = json_text(one, "templateStatus"),
                           .category = json_text(one, "templateCategory"),
                           .quality = json_text(one, "templateQualityScore"),
                           .meta_id = json_text(one, "metaTemplateId")});
    }
    next = json_text(*reply, "nextToken");
  } while (!next.empty());
  co_return templates;
}

Task<Result<std::optional<std::string>>> WhatsAppAccountClient::find_template(std::string business_id, std::string name,
                                                                              std::string language) {
  std::string query;
  append_query(query, "id", business_id);
  append_query(query, "templateName", name);
  append_query(query, "templateLanguageCode", language);
  const auto reply = co_await reader_.read("social-messaging:GetWhatsAppMessageTemplate",
                                           {.method = "GET", .path = "/v1/whatsapp/template", .query = query});
  if (!reply) {
    if (reply.error().kind == ErrorKind::NotFound) co_return std::nullopt;
    co_return std::unexpected(reply.error());
  }
  std::string definition = json_text(*reply, "template");
  if (definition.empty()) co_return std::nullopt;
  co_return definition;
}

}  // namespace clarion
