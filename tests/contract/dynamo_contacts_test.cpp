// Contacts in DynamoDB, over the emulator.
#include "store/dynamo_contacts.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <set>

#include "contract/dynamo_service.h"

namespace clarion::testing {
namespace {

class DynamoContactsTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!DynamoService::is_wanted()) GTEST_SKIP() << "CLARION_TEST_DYNAMO is not set; ctest's DynamoContracts sets it";
    database_ = DynamoService::shared().open(DynamoService::shared().make_tables(), clock_);
    contacts_.emplace(*database_);
  }
  static DynamoContacts::Row contact(std::string id, std::string_view name = "Ana") {
    std::string json = fmt::format(R"({{"id":"{}","first_name":"{}"}})", id, name);
    return {std::move(id), std::move(json)};
  }
  std::multiset<std::string> all() {
    std::multiset<std::string> seen;
    const auto read = run(contacts_->visit([&seen](std::string_view, std::string_view json) { seen.emplace(json); }));
    EXPECT_TRUE(read);
    return seen;
  }

  SteppedClock clock_;
  std::unique_ptr<DynamoDatabase> database_;
  std::optional<DynamoContacts> contacts_;
};

TEST_F(DynamoContactsTest, EveryContactIsThereOnceWithItsLatestValues) {
  EXPECT_TRUE(all().empty());
  std::vector<DynamoContacts::Row> many;
  for (int i = 0; i < 137; ++i) many.push_back(contact("C-" + std::to_string(i)));
  ASSERT_TRUE(run(contacts_->put(many)));
  ASSERT_TRUE(run(contacts_->put({contact("C-5", "old"), contact("C-5", "Jo"), contact(std::string(900, 'x'))})));
  const auto seen = all();
  EXPECT_EQ(seen.size(), 138U);
  int jo = 0;
  for (const std::string& json : seen) {
    EXPECT_EQ(json.find("old"), std::string::npos);
    if (json.find("\"Jo\"") != std::string::npos) ++jo;
  }
  EXPECT_EQ(jo, 1);
}

TEST_F(DynamoContactsTest, TheMarkerChangesWithEveryImportAndIsNoContact) {
  EXPECT_EQ(run(contacts_->version()), 0);
  ASSERT_TRUE(run(contacts_->mark_changed()));
  const auto first = run(contacts_->version()).value();
  clock_.advance(std::chrono::milliseconds(5));
  ASSERT_TRUE(run(contacts_->mark_changed()));
  EXPECT_GT(run(contacts_->version()).value(), first);
  EXPECT_TRUE(all().empty());
}

}  // namespace
}  // namespace clarion::testing
