#pragma once
// AwsTemplateCatalogue: the message templates of the WhatsApp Business Account that is linked to AWS.
//
// Account  as configured; otherwise that of the sending number.
// Threads  everything runs on the executor given; current() may be called from any.

#include <boost/asio/any_io_executor.hpp>

#include <chrono>
#include <string>

#include "aws/whatsapp_account_client.h"
#include "base/clock.h"
#include "ports/template_catalogue.h"

namespace clarion {

class AwsTemplateCatalogue final : public TemplateCatalogue {
 public:
  struct Deps {
    WhatsAppAccountClient& client;
    Clock& clock;
    asio::any_io_executor executor;  // of the client
  };
  // `business_id` may be empty.
  AwsTemplateCatalogue(Deps deps, std::string business_id, std::string phone_number_id)
      : deps_(std::move(deps)), business_id_(std::move(business_id)), phone_number_id_(std::move(phone_number_id)) {}

  Task<Result<std::shared_ptr<const ProviderTemplates>>> current() override;

 private:
  Task<Result<std::shared_ptr<const ProviderTemplates>>> read();
  Task<Result<std::string>> find_business();

  Deps deps_;
  std::string business_id_;
  std::string phone_number_id_;
  std::shared_ptr<const ProviderTemplates> known_;
  TimePoint known_until_{};
};

}  // namespace clarion
