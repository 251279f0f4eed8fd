#pragma once
// WhatsAppAccountClient: what AWS End User Messaging Social says of the linked number and its message templates.
//
// Source  model socialmessaging 2024-01-01, as published in @aws-sdk/client-socialmessaging 3.1069.0 (November 2026);
//         unknown members are ignored.
// Errors  as to_aws_error; what is looked for and absent is nullopt.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "aws/aws_reader.h"

namespace clarion {

struct WhatsAppNumber {
  std::string id;              // "phone-number-id-<32 hex>"
  std::string number;          // "+14255550100"
  std::string name;            // what recipients see
  std::string quality;         // "GREEN", "YELLOW", "RED"; Meta's words
  std::string business_id;     // "waba-<32 hex>"; empty: not said
  std::string meta_number_id;  // Meta's own id, which events carry
};

struct WhatsAppTemplateSummary {
  std::string name;
  std::string language;  // "en_US"
  std::string status;    // "APPROVED", "PENDING", "REJECTED", "PAUSED", ...
  std::string category;  // "MARKETING", "UTILITY", "AUTHENTICATION"
  std::string quality;
  std::string meta_id;
};

class WhatsAppAccountClient {
 public:
  // REQUIRES: a caller of the endpoint of AwsService::WhatsApp.
  explicit WhatsAppAccountClient(AwsReader::Deps deps) : reader_(deps) {}

  Task<Result<std::optional<WhatsAppNumber>>> find_number(std::string phone_number_id);
  // Every template of the business account, "waba-...".
  Task<Result<std::vector<WhatsAppTemplateSummary>>> list_templates(std::string business_id);
  // The whole definition as Meta's JSON text.
  Task<Result<std::optional<std::string>>> find_template(std::string business_id, std::string name,
                                                         std::string language);

 private:
  AwsReader reader_;
};

}  // namespace clarion
