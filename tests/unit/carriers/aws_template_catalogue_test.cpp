#include "carriers/aws_template_catalogue.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>

#include "fakes/fixed_credentials.h"
#include "fakes/manual_clock.h"
#include "fakes/scripted_transport.h"

namespace clarion {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;

class AwsTemplateCatalogueTest : public ::testing::Test {
 protected:
  Result<std::shared_ptr<const ProviderTemplates>> read(AwsTemplateCatalogue& catalogue) {
    auto future = asio::co_spawn(context_, catalogue.current(), asio::use_future);
    clock_.advance(30s);
    return future.get();
  }
  void answer(std::string body, int status = 200) {
    transport_.answers.push_back(HttpReply{status, {}, std::move(body)});
  }
  AwsTemplateCatalogue make(std::string business_id) {
    return {{client_, clock_, context_.get_executor()}, std::move(business_id), "phone-number-id-1"};
  }

  asio::io_context context_;
  testing::ManualClock clock_{context_};
  testing::ScriptedTransport transport_;
  testing::FixedCredentials credentials_;
  AwsCaller caller_{{transport_, credentials_, clock_}, {{true, "h", 443}, "", "us-east-1", "s"}, 10s};
  WhatsAppAccountClient client_{{.caller = caller_, .clock = clock_}};
};

constexpr const char* two_templates =
    R"({"templates":[{"templateName":"welcome","templateLanguage":"en_US","templateStatus":"APPROVED","templateQualityScore":"GREEN"},
        {"templateName":"sale","templateLanguage":"en_US","templateStatus":"PAUSED"}]})";

TEST_F(AwsTemplateCatalogueTest, SaysWhyATemplateCannotBeSent) {
  auto catalogue = make("waba-1");
  answer(two_templates);
  const auto templates = read(catalogue);
  ASSERT_TRUE(templates) << templates.error().message;
  EXPECT_EQ((*templates)->find_problem("welcome", "en_US"), std::nullopt);
  EXPECT_EQ((*templates)->all.at({"welcome", "en_US"}).quality, "GREEN");
  EXPECT_EQ((*templates)->all.at({"sale", "en_US"}).quality, "");
  EXPECT_THAT(*(*templates)->find_problem("sale", "en_US"), HasSubstr("is PAUSED, not APPROVED"));
  EXPECT_THAT(*(*templates)->find_problem("welcome", "de"), HasSubstr("does not exist in language 'de'"));
}

TEST_F(AwsTemplateCatalogueTest, AsksOnceAMinute) {
  auto catalogue = make("waba-1");
  answer(two_templates);
  answer(R"({"templates":[]})");
  ASSERT_TRUE(read(catalogue));
  ASSERT_TRUE(read(catalogue));
  EXPECT_EQ(transport_.requests.size(), 1U);
  clock_.advance(61s);
  EXPECT_TRUE((*read(catalogue))->all.empty());
  EXPECT_EQ(transport_.requests.size(), 2U);
}

TEST_F(AwsTemplateCatalogueTest, FindsTheAccountOfTheNumber) {
  auto catalogue = make("");
  answer(R"({"phoneNumber":{"phoneNumberId":"phone-number-id-1","phoneNumber":"+1","wabaId":"w"},)"
         R"("linkedWhatsAppBusinessAccountId":"waba-9"})");
  answer(two_templates);
  ASSERT_TRUE(read(catalogue));
  EXPECT_THAT(transport_.requests.at(1), HasSubstr("waba-9"));
}

TEST_F(AwsTemplateCatalogueTest, AnOutageIsAnErrorAndNotAnEmptyCatalogue) {
  auto catalogue = make("waba-1");
  for (int i = 0; i < 3; ++i) answer("", 500);
  EXPECT_EQ(read(catalogue).error().kind, ErrorKind::Unavailable);
}

}  // namespace
}  // namespace clarion
