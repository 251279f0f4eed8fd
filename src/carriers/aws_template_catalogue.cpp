#include "carriers/aws_template_catalogue.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace clarion {
namespace {

constexpr Duration keep_for = std::chrono::seconds(60);

}  // namespace

Task<Result<std::shared_ptr<const ProviderTemplates>>> AwsTemplateCatalogue::current() {
  co_return co_await asio::co_spawn(deps_.executor, read(), asio::use_awaitable);
}

Task<Result<std::string>> AwsTemplateCatalogue::find_business() {
  if (business_id_.empty()) {
    const auto number = co_await deps_.client.find_number(phone_number_id_);
    if (!number) co_return std::unexpected(number.error());
    if (*number) business_id_ = (*number)->business_id;
  }
  if (business_id_.empty()) {
    co_return fail(ErrorKind::Unavailable,
                   "the WhatsApp Business Account of the number is not known; set WHATSAPP_BUSINESS_ACCOUNT_ID");
  }
  co_return business_id_;
}

Task<Result<std::shared_ptr<const ProviderTemplates>>> AwsTemplateCatalogue::read() {
  if (known_ && deps_.clock.now() < known_until_) co_return known_;
  auto business = co_await find_business();
  if (!business) co_return std::unexpected(business.error());
  auto listed = co_await deps_.client.list_templates(std::move(*business));
  if (!listed) co_return std::unexpected(listed.error());
  auto templates = std::make_shared<ProviderTemplates>();
  for (WhatsAppTemplateSummary& one : *listed) {
    templates->all[{std::move(one.name), std::move(one.language)}] = {std::move(one.status), std::move(one.quality)};
  }
  known_ = std::move(templates);
  known_until_ = deps_.clock.now() + keep_for;
  co_return known_;
}

}  // namespace clarion
