// What WhatsApp would not deliver is not begun: a template that lost its approval since the campaign was made, and one
// of which nobody can say.
#include <gmock/gmock.h>

#include "engine/template_approval.h"
#include "unit/engine/engine_fixture.h"

namespace clarion::testing {
namespace {

using ::testing::HasSubstr;

class GivenCatalogue final : public TemplateCatalogue {
 public:
  Result<std::shared_ptr<const ProviderTemplates>> answer = approved("APPROVED");
  int asked = 0;
  static std::shared_ptr<const ProviderTemplates> approved(std::string status) {
    ProviderTemplates templates;
    templates.all[{"sale", "en_US"}] = {.status = std::move(status), .quality = ""};
    return std::make_shared<const ProviderTemplates>(std::move(templates));
  }
  Task<Result<std::shared_ptr<const ProviderTemplates>>> current() override {
    ++asked;
    co_return answer;
  }
};

class CampaignApproval : public EngineTest {
 protected:
  CampaignApproval() {
    find_obstacle_ = [this](const CampaignDefinition& definition) {
      return find_template_obstacle(catalogue_, definition.content);
    };
  }
  static CampaignDefinition with_template() {
    CampaignDefinition made = definition(100);
    made.content =
        R"({"templates":{"whatsapp":{"name":"s","version":1,"definition":{"template_name":"sale","language":"en_US"}}}})";
    return made;
  }
  CampaignDefinition in_an_hour() {
    CampaignDefinition made = with_template();
    made.start_at = clock_.wall_now() + 1h;
    return made;
  }

  GivenCatalogue catalogue_;
};

TEST_F(CampaignApproval, AScheduledCampaignWhoseTemplateWasPausedSinceDoesNotStart) {
  ASSERT_TRUE(start(in_an_hour(), planned(3, Channel::WhatsApp)));
  catalogue_.answer = GivenCatalogue::approved("PAUSED");
  EXPECT_EQ(text(wait(2h)), "paused w3 s0 a0 f0 k0 ?0");
  EXPECT_THAT(progress().campaign.status_reason, HasSubstr("the WhatsApp template 'sale' (en_US) is PAUSED"));
  ASSERT_TRUE(run(engine().resume("camp")));
  EXPECT_EQ(text(wait(10s)), "paused w3 s0 a0 f0 k0 ?0") << "nothing has changed";
  catalogue_.answer = GivenCatalogue::approved("APPROVED");
  ASSERT_TRUE(run(engine().resume("camp")));
  EXPECT_EQ(text(wait(10s)), "completed w0 s0 a3 f0 k0 ?0");
}

TEST_F(CampaignApproval, WhileNobodyCanSayItWaitsWithTheReasonAndBeginsByItself) {
  catalogue_.answer = std::unexpected(Error{ErrorKind::Unavailable, "AWS could not be asked"});
  ASSERT_TRUE(start(in_an_hour(), planned(3, Channel::WhatsApp)));
  clock_.advance(1h + 5min);
  EXPECT_EQ(state(), "running w3 s0 a0 f0 k0 ?0");
  EXPECT_THAT(progress().campaign.status_reason, HasSubstr("AWS could not be asked"));
  EXPECT_LE(catalogue_.asked, 22) << "each quarter of a minute";
  catalogue_.answer = GivenCatalogue::approved("APPROVED");
  EXPECT_EQ(text(wait(20s)), "completed w0 s0 a3 f0 k0 ?0");
  EXPECT_EQ(progress().campaign.status_reason, "");
}

TEST_F(CampaignApproval, WhoeverWaitsCanBePausedAndCancelled) {
  catalogue_.answer = std::unexpected(Error{ErrorKind::Unavailable, "AWS could not be asked"});
  ASSERT_TRUE(start(with_template(), planned(3, Channel::WhatsApp)));
  ASSERT_TRUE(run(engine().pause("camp", "lunch")));
  EXPECT_EQ(state(), "paused w3 s0 a0 f0 k0 ?0");
  ASSERT_TRUE(run(engine().resume("camp")));
  ASSERT_TRUE(run(engine().cancel("camp")));
  EXPECT_EQ(state(), "cancelled w0 s0 a0 f0 k3 ?0");
}

TEST_F(CampaignApproval, WhoeverSendsNothingByWhatsAppIsNotHeldUp) {
  catalogue_.answer = std::unexpected(Error{ErrorKind::Unavailable, "AWS could not be asked"});
  ASSERT_TRUE(start(with_template(), planned(3, Channel::Email)));
  EXPECT_EQ(text(wait(10s)), "completed w0 s0 a3 f0 k0 ?0");
  ASSERT_TRUE(start(definition(100, "list"), planned(3, Channel::WhatsApp)));
  EXPECT_EQ(text(wait(10s, "list")), "completed w0 s0 a3 f0 k0 ?0") << "it names no template";
  EXPECT_EQ(catalogue_.asked, 0);
}

}  // namespace
}  // namespace clarion::testing
