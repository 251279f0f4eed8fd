// The book of a campaign's budget in DynamoDB.
#include <gtest/gtest.h>

#include "contract/dynamo_service.h"
#include "store/dynamo_budget_ledger.h"

namespace clarion::testing {
namespace {

using namespace std::chrono_literals;

class DynamoBudgetLedgerTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!DynamoService::is_wanted()) GTEST_SKIP() << "needs CLARION_TEST_DYNAMO";
    tables_ = DynamoService::shared().make_tables();
  }
  struct Process {
    Process(const DynamoTableNames& tables, Clock& clock, const std::string& name, const std::string& instance)
        : database(DynamoService::shared().open(tables, clock)), worker(*database, name, instance) {
      EXPECT_TRUE(run(database->run(worker.keep_alive())));
    }
    std::unique_ptr<DynamoDatabase> database;
    DynamoWorker worker;
    DynamoBudgetLedger budgets{*database, worker};
  };
  static std::string text_of(const Result<BudgetBook>& book) {
    if (!book) return book.error().message;
    std::string text = std::to_string(book->version) + ": " + std::to_string(book->before.micros);
    for (const BudgetShare& share : book->shares) {
      text += ", " + share.worker + " " + std::to_string(share.spent.micros) + "+" + std::to_string(share.held.micros) +
              (share.is_alive ? "" : " dead");
    }
    return text;
  }
  static constexpr CampaignNumber number{7};
  DynamoTableNames tables_;
  SteppedClock clock_;
};

TEST_F(DynamoBudgetLedgerTest, KeepsABookAndRefusesWhoeverIsLate) {
  Process one(tables_, clock_, "one:/data", "a1");
  Process two(tables_, clock_, "two:/data", "b1");
  EXPECT_EQ(text_of(run(one.budgets.read(number))), "0: 0");
  BudgetBook book{.version = 0,
                  .before = Money{5},
                  .shares = {{.worker = one.budgets.worker(), .spent = Money{1}, .held = Money{20}}}};
  EXPECT_TRUE(run(one.budgets.write(number, book)).value());
  EXPECT_FALSE(run(two.budgets.write(number, book)).value()) << "there is a book already";
  book = run(two.budgets.read(number)).value();
  EXPECT_EQ(text_of(book), "1: 5, one:/data#a1 1+20");
  book.shares.push_back({.worker = two.budgets.worker(), .spent = Money{0}, .held = Money{30}});
  EXPECT_TRUE(run(two.budgets.write(number, book)).value());
  EXPECT_FALSE(run(one.budgets.write(number, book)).value());
  EXPECT_EQ(text_of(run(one.budgets.read(number))), "2: 5, one:/data#a1 1+20, two:/data#b1 0+30");
  EXPECT_EQ(text_of(run(one.budgets.read(CampaignNumber{8}))), "0: 0");
}

TEST_F(DynamoBudgetLedgerTest, SaysWhoHasEnded) {
  Process one(tables_, clock_, "one", "a1");
  Process two(tables_, clock_, "two", "b1");
  BudgetBook book;
  for (Process* process : {&one, &two}) {
    book.shares.push_back({.worker = process->budgets.worker(), .spent = Money{}, .held = Money{1}});
  }
  ASSERT_TRUE(run(one.budgets.write(number, book)).value());
  EXPECT_EQ(text_of(run(one.budgets.read(number))), "1: 0, one#a1 0+1, two#b1 0+1");
  // One that is started again has another instance: the one before it has ended.
  Process again(tables_, clock_, "two", "b2");
  clock_.advance(2s);
  EXPECT_EQ(text_of(run(one.budgets.read(number))), "1: 0, one#a1 0+1, two#b1 0+1 dead");
  // One that is silent for the length of a lease has ended too.
  book = run(one.budgets.read(number)).value();
  book.shares[1].worker = again.budgets.worker();
  ASSERT_TRUE(run(one.budgets.write(number, book)).value());
  EXPECT_EQ(text_of(run(one.budgets.read(number))), "2: 0, one#a1 0+1, two#b2 0+1");
  clock_.advance(31s);
  EXPECT_EQ(text_of(run(one.budgets.read(number))), "2: 0, one#a1 0+1, two#b2 0+1 dead");
}

}  // namespace
}  // namespace clarion::testing
