// clarion.db itself: files, locks, migrations, group commit, full disks.
#include "store/sqlite_database.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>

#include <array>
#include <atomic>
#include <fstream>
#include <future>

#include "contract/ledger_text.h"
#include "store/sqlite_campaign_store.h"
#include "store/sqlite_delivery_log.h"
#include "store/sqlite_delivery_store.h"
#include "store/sqlite_schema.h"
#include "store/sqlite_token_store.h"

namespace clarion::testing {
namespace {

std::unique_ptr<SqliteDatabase> open(const TempDirectory& directory, OpenMode mode = OpenMode::ReadWrite) {
  auto database = SqliteDatabase::open(directory.path(), mode);
  EXPECT_TRUE(database) << database.error().message << database.error().detail;
  return std::move(*database);
}

Result<void> execute(SqliteDatabase& database, std::string sql) {
  return run(database.write([sql = std::move(sql)](SqliteConnection& connection) -> Result<void> {
    connection.execute(sql.c_str());
    return {};
  }));
}

unsigned permissions_of(const std::filesystem::path& path) {
  struct stat found{};
  return ::stat(path.c_str(), &found) == 0 ? found.st_mode & 0777U : 0U;
}

TEST(SqliteDatabase, FilesArePrivate) {
  const TempDirectory parent;
  const auto directory = parent.path() / "deep" / "data";
  const auto database = SqliteDatabase::open(directory, OpenMode::ReadWrite);
  ASSERT_TRUE(database);
  ASSERT_TRUE(execute(**database, "CREATE TABLE t (x)"));
  EXPECT_EQ(permissions_of(directory), 0700U);
  for (const char* name : {"clarion.db", "clarion.db-wal", "clarion.db-shm", "clarion.lock"}) {
    EXPECT_EQ(permissions_of(directory / name), 0600U) << name;
  }
}

TEST(SqliteDatabase, AFileThatOthersCouldReadIsMadePrivate) {
  const TempDirectory directory;
  open(directory).reset();
  ASSERT_EQ(::chmod((directory.path() / "clarion.db").c_str(), 0644), 0);
  const auto database = open(directory);
  EXPECT_EQ(permissions_of(directory.path() / "clarion.db"), 0600U);
}

TEST(SqliteDatabase, WritesSurviveAPowerCut) {
  const TempDirectory directory;
  const auto database = open(directory);
  const auto settings = run(database->write([](SqliteConnection& connection) -> Result<std::string> {
    auto mode = connection.prepare("PRAGMA journal_mode");
    mode.step();
    auto synchronous = connection.prepare("PRAGMA synchronous");
    synchronous.step();
    return std::string(mode.text(0)) + " " + std::to_string(synchronous.integer(0));
  }));
  EXPECT_EQ(settings, "wal 2") << "2 is FULL";
}

TEST(SqliteDatabase, ASecondWriterIsToldWhoIsFirst) {
  const TempDirectory directory;
  auto first = open(directory);
  const auto second = SqliteDatabase::open(directory.path(), OpenMode::ReadWrite);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().kind, ErrorKind::Conflict);
  EXPECT_NE(second.error().message.find("process " + std::to_string(::getpid())), std::string::npos)
      << second.error().message;
  first.reset();
  EXPECT_TRUE(SqliteDatabase::open(directory.path(), OpenMode::ReadWrite));
}

TEST(SqliteDatabase, AReaderSeesWhatAWriterCommitsAndCannotWrite) {
  const TempDirectory directory;
  const auto writer = open(directory);
  const auto reader = open(directory, OpenMode::ReadOnly);
  SqliteCampaignStore writing(*writer);
  SqliteCampaignStore reading(*reader);
  EXPECT_TRUE(run(reading.list(0, 10))->empty());
  ASSERT_TRUE(run(writing.create(definition_of("one"), CampaignStatus::Running, at_second(0))));
  EXPECT_EQ(run(reading.list(0, 10))->size(), 1U);
  const auto refused = run(reading.create(definition_of("two"), CampaignStatus::Running, at_second(0)));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::Denied);
  const auto sly = run(reader->read([](SqliteConnection& connection) -> Result<void> {
    connection.execute("DELETE FROM campaign");
    return {};
  }));
  EXPECT_FALSE(sly);
  EXPECT_EQ(run(reading.list(0, 10))->size(), 1U);
}

TEST(SqliteDatabase, BesideTheOwnerTokensAreWrittenAndSeenAtOnce) {
  const TempDirectory directory;
  const auto owner = open(directory);
  const auto beside = open(directory, OpenMode::Beside);
  SqliteTokenStore of_owner(*owner);
  SqliteTokenStore of_other(*beside);
  ASSERT_TRUE(run(of_other.create({.id = "1", .name = "a", .scopes = ScopeSet::all(), .secret_hash = "h"})));
  EXPECT_EQ(run(of_owner.find("1"))->name, "a");
  ASSERT_TRUE(execute(*owner, "CREATE TABLE t (x)")) << "the owner goes on writing";
  EXPECT_EQ(run(of_other.revoke("a")), true);
  EXPECT_EQ(run(of_owner.find("1")).error().kind, ErrorKind::NotFound);
  const TempDirectory empty;
  EXPECT_EQ(SqliteDatabase::open(empty.path(), OpenMode::Beside).error().kind, ErrorKind::NotFound);
}

TEST(SqliteDatabase, ReadingWhereNothingIsYetSaysSo) {
  const TempDirectory directory;
  const auto reader = SqliteDatabase::open(directory.path(), OpenMode::ReadOnly);
  ASSERT_FALSE(reader);
  EXPECT_EQ(reader.error().kind, ErrorKind::NotFound);
  EXPECT_FALSE(std::filesystem::exists(directory.path() / "clarion.db"));
}

TEST(SqliteDatabase, AFileThatIsNoDatabaseIsLeftAlone) {
  const TempDirectory directory;
  std::ofstream(directory.path() / "clarion.db") << std::string(20'000, 'x');
  const auto opened = SqliteDatabase::open(directory.path(), OpenMode::ReadWrite);
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().kind, ErrorKind::Unavailable);
  EXPECT_NE(opened.error().message.find("damaged"), std::string::npos) << opened.error().message;
  EXPECT_EQ(std::filesystem::file_size(directory.path() / "clarion.db"), 20'000U);
}

TEST(SqliteDatabase, ADirectoryThatCannotBeMadeIsNamed) {
  const TempDirectory directory;
  std::ofstream(directory.path() / "file") << "x";
  const auto opened = SqliteDatabase::open(directory.path() / "file" / "data", OpenMode::ReadWrite);
  ASSERT_FALSE(opened);
  EXPECT_NE(opened.error().message.find("file/data"), std::string::npos) << opened.error().message;
}

TEST(SqliteSchema, AFailedStepLeavesTheSchemaBeforeIt) {
  const TempDirectory directory;
  open(directory).reset();
  SqliteConnection connection((directory.path() / "clarion.db").string(), SqliteConnection::Access::ReadWrite);
  std::vector<const char*> steps(schema_steps().begin(), schema_steps().end());
  const auto known = steps.size();
  steps.push_back("CREATE TABLE added (x)");
  steps.push_back("CREATE TABLE half (x); CREATE TABLE campaign (x)");
  EXPECT_THROW(static_cast<void>(migrate(connection, steps)), SqliteFault);
  auto version = connection.prepare("PRAGMA user_version");
  version.step();
  EXPECT_EQ(version.integer(0), static_cast<std::int64_t>(known) + 1);
  auto tables = connection.prepare("SELECT group_concat(name) FROM sqlite_schema WHERE name IN ('added', 'half')");
  tables.step();
  EXPECT_EQ(tables.text(0), "added");
}

TEST(SqliteSchema, ANewerFileIsRefusedWithBothNumbers) {
  const TempDirectory directory;
  ASSERT_TRUE(execute(*open(directory), "PRAGMA user_version = 9999"));
  for (const OpenMode mode : {OpenMode::ReadWrite, OpenMode::ReadOnly}) {
    const auto opened = SqliteDatabase::open(directory.path(), mode);
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().kind, ErrorKind::Conflict);
    EXPECT_NE(opened.error().message.find("newer Clarion (schema 9999"), std::string::npos) << opened.error().message;
  }
}

TEST(SqliteSchema, AReaderDoesNotUpgrade) {
  const TempDirectory directory;
  ASSERT_TRUE(execute(*open(directory), "PRAGMA user_version = 0"));
  const auto opened = SqliteDatabase::open(directory.path(), OpenMode::ReadOnly);
  ASSERT_FALSE(opened);
  EXPECT_NE(opened.error().message.find("older Clarion"), std::string::npos) << opened.error().message;
}

TEST(SqliteStatement, AnEmptyTextIsNotNull) {
  const TempDirectory directory;
  const auto database = open(directory);
  const auto kind = run(database->write([](SqliteConnection& connection) -> Result<std::string> {
    auto query = connection.prepare("SELECT typeof(?)");
    query.bind(std::string_view()).step();
    return std::string(query.text(0));
  }));
  EXPECT_EQ(kind, "text");
}

TEST(SqliteErrors, SayWhatToDo) {
  const auto kind_of = [](int code) { return to_error(SqliteFault(code, "x")).kind; };
  for (const int code : {SQLITE_FULL, SQLITE_IOERR_WRITE, SQLITE_BUSY, SQLITE_CORRUPT, SQLITE_READONLY, SQLITE_CANTOPEN,
                         SQLITE_NOTADB, SQLITE_NOMEM}) {
    EXPECT_EQ(kind_of(code), ErrorKind::Unavailable) << code;
  }
  EXPECT_EQ(kind_of(SQLITE_CONSTRAINT), ErrorKind::Internal);
  EXPECT_EQ(kind_of(SQLITE_TOOBIG), ErrorKind::Invalid);
}

// Holds the writer until release(): what is asked of it meanwhile shares the next transaction. It has begun when the
// constructor returns, so that none of that can be in the same one.
class HeldWriter {
 public:
  HeldWriter(SqliteDatabase& database, asio::io_context& context) {
    asio::co_spawn(
        context,
        [this, &database]() -> Task<void> {
          co_await database.write([this](SqliteConnection&) -> Result<void> {
            begun_.set_value();
            released_.get_future().wait();
            return {};
          });
        },
        asio::detached);
    context.poll();
    begun_.get_future().wait();
  }
  void release() { released_.set_value(); }

 private:
  std::promise<void> begun_;
  std::promise<void> released_;
};

// Two jobs wait while a third holds the writer: they share a transaction, and one's failure is not the other's.
TEST(SqliteDatabase, JobsThatWaitTogetherSucceedAndFailAlone) {
  const TempDirectory directory;
  const auto database = open(directory);
  ASSERT_TRUE(execute(*database, "CREATE TABLE t (x UNIQUE)"));
  asio::io_context context;
  std::string outcomes;
  const auto insert = [&](int value, bool refuse) -> Task<void> {
    const auto done = co_await database->write([value, refuse](SqliteConnection& connection) -> Result<void> {
      connection.prepare("INSERT INTO t VALUES (?)").bind(value).run();
      if (refuse) return fail(ErrorKind::Conflict, "refused");
      return {};
    });
    outcomes += std::to_string(value) + (done ? " done; " : " " + std::string(to_string(done.error().kind)) + "; ");
  };
  HeldWriter writer(*database, context);
  asio::co_spawn(context, insert(1, false), asio::detached);
  asio::co_spawn(context, insert(2, true), asio::detached);
  asio::co_spawn(context, insert(1, false), asio::detached);
  asio::co_spawn(context, insert(3, false), asio::detached);
  context.poll();
  writer.release();
  context.run();
  EXPECT_EQ(outcomes, "1 done; 2 conflict; 1 internal; 3 done; ");
  const auto kept = run(database->read([](SqliteConnection& connection) -> Result<std::string> {
    auto all = connection.prepare("SELECT group_concat(x) FROM (SELECT x FROM t ORDER BY x)");
    all.step();
    return std::string(all.text(0));
  }));
  EXPECT_EQ(kept, "1,3");
}

TEST(SqliteDatabase, WhatIsQueuedIsWrittenBeforeItCloses) {
  const TempDirectory directory;
  asio::io_context context;
  int done = 0;
  {
    const auto database = open(directory);
    ASSERT_TRUE(execute(*database, "CREATE TABLE t (x)"));
    for (int i = 0; i < 200; ++i) {
      asio::co_spawn(
          context,
          [&]() -> Task<void> {
            const auto written = co_await database->write([](SqliteConnection& connection) -> Result<void> {
              connection.execute("INSERT INTO t VALUES (1)");
              return {};
            });
            if (written) ++done;
          },
          asio::detached);
    }
    context.poll();
  }
  context.run();
  EXPECT_EQ(done, 200);
}

class FullDisk : public ::testing::Test {
 protected:
  void limit_pages(int spare) {
    const auto pages = run(database_->write([](SqliteConnection& connection) -> Result<std::int64_t> {
      auto count = connection.prepare("PRAGMA page_count");
      count.step();
      return count.integer(0);
    }));
    ASSERT_TRUE(execute(*database_, "PRAGMA max_page_count = " + std::to_string(*pages + spare)));
  }
  std::string states(CampaignNumber campaign) {
    DeliveryQuery query;
    query.campaign = campaign;
    query.limit = 1000;
    std::string text;
    const auto all = run(log_.list(query)).value();
    for (const Delivery& one : all) text += std::string(to_string(one.state)) + " ";
    return text;
  }

  TempDirectory directory_;
  std::unique_ptr<SqliteDatabase> database_ = open(directory_);
  SqliteCampaignStore campaigns_{*database_};
  SqliteDeliveryStore deliveries_{*database_};
  SqliteDeliveryLog log_{*database_};
};

TEST_F(FullDisk, APlanThatDoesNotFitLeavesNothingHalfDone) {
  const auto campaign = run(campaigns_.create(definition_of("one"), CampaignStatus::Running, at_second(0))).value();
  ASSERT_TRUE(run(deliveries_.append_plan(campaign.number, {waiting_row("c0")})));
  limit_pages(2);
  std::vector<PlannedDelivery> large(500, waiting_row("large"));
  for (auto& row : large) row.payload = std::string(1000, 'p');
  const auto full = run(deliveries_.append_plan(campaign.number, large));
  ASSERT_FALSE(full);
  EXPECT_EQ(full.error().kind, ErrorKind::Unavailable);
  EXPECT_NE(full.error().message.find("disk"), std::string::npos) << full.error().message;
  EXPECT_EQ(states(campaign.number), "waiting ");
  EXPECT_EQ(run(campaigns_.counts(campaign.number))->total().planned, 1);
  // With room again it goes on from where it was, though what was remembered had run ahead.
  ASSERT_TRUE(execute(*database_, "PRAGMA max_page_count = 1000000"));
  ASSERT_TRUE(run(deliveries_.append_plan(campaign.number, {waiting_row("c1")})));
  ASSERT_TRUE(run(deliveries_.complete_plan(campaign.number, Money{})));
  EXPECT_EQ(run(log_.find(make_delivery_id(campaign.number, 1)))->contact_id, "c1");
  const auto fence = run(deliveries_.take_fence(campaign.number, at_second(1))).value();
  const auto claimed =
      run(deliveries_.claim(ClaimRequest{campaign.number, Channel::Sms, fence, 10, at_second(2)})).value();
  EXPECT_EQ(claimed.claimed.size(), 2U);
}

TEST_F(FullDisk, AClaimOnAReadOnlyFileHandsNothingOut) {
  const auto campaign = run(campaigns_.create(definition_of("one"), CampaignStatus::Running, at_second(0))).value();
  ASSERT_TRUE(run(deliveries_.append_plan(campaign.number, {waiting_row("c0"), waiting_row("c1")})));
  ASSERT_TRUE(run(deliveries_.complete_plan(campaign.number, Money{})));
  const auto fence = run(deliveries_.take_fence(campaign.number, at_second(1))).value();
  ASSERT_TRUE(execute(*database_, "PRAGMA query_only = ON"));
  const auto refused = run(deliveries_.claim(ClaimRequest{campaign.number, Channel::Sms, fence, 10, at_second(2)}));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::Unavailable);
  EXPECT_NE(refused.error().message.find("permissions"), std::string::npos) << refused.error().message;
  EXPECT_EQ(states(campaign.number), "waiting waiting ");
  EXPECT_EQ(run(campaigns_.counts(campaign.number))->total().waiting, 2);
}

TEST_F(FullDisk, AFaultInOneJobDoesNotMisleadTheNextOfItsTransaction) {
  const auto campaign = run(campaigns_.create(definition_of("one"), CampaignStatus::Running, at_second(0))).value();
  ASSERT_TRUE(run(deliveries_.append_plan(campaign.number, {waiting_row("c0"), waiting_row("c1")})));
  ASSERT_TRUE(run(deliveries_.complete_plan(campaign.number, Money{})));
  const auto fence = run(deliveries_.take_fence(campaign.number, at_second(1))).value();
  // A claim that does all its work but then meets a refusing trigger, in one transaction with a claim of all rows.
  ASSERT_TRUE(execute(*database_,
                      "CREATE TRIGGER refuse BEFORE UPDATE ON delivery_count WHEN new.sending = 1 "
                      "BEGIN SELECT raise(ABORT, 'refused'); END"));
  asio::io_context context;
  std::string outcomes;
  HeldWriter writer(*database_, context);
  for (const std::size_t limit : {1U, 2U}) {
    asio::co_spawn(
        context,
        [&, limit]() -> Task<void> {
          const auto reply =
              co_await deliveries_.claim(ClaimRequest{campaign.number, Channel::Sms, fence, limit, at_second(2)});
          outcomes += reply ? std::to_string(reply->claimed.size()) + " " : "refused ";
        },
        asio::detached);
  }
  context.poll();
  writer.release();
  context.run();
  EXPECT_EQ(outcomes, "refused 2 ");
  EXPECT_EQ(run(campaigns_.counts(campaign.number))->total().sending, 2);
}

TEST_F(FullDisk, ACommitThatFailsUndoesEveryJobOfItsTransaction) {
  const auto campaign = run(campaigns_.create(definition_of("one"), CampaignStatus::Running, at_second(0))).value();
  ASSERT_TRUE(run(deliveries_.append_plan(campaign.number, {waiting_row("c0"), waiting_row("c1")})));
  ASSERT_TRUE(run(deliveries_.complete_plan(campaign.number, Money{})));
  const auto fence = run(deliveries_.take_fence(campaign.number, at_second(1))).value();
  const ClaimRequest request{campaign.number, Channel::Sms, fence, 10, at_second(2)};
  asio::io_context context;
  std::string outcomes;
  HeldWriter writer(*database_, context);
  asio::co_spawn(
      context,
      [&]() -> Task<void> {
        const auto reply = co_await deliveries_.claim(request);
        outcomes += reply ? "claimed " : "claim refused ";
      },
      asio::detached);
  asio::co_spawn(
      context,
      [&]() -> Task<void> {
        const auto done = co_await database_->write([](SqliteConnection& connection) -> Result<void> {
          connection.execute(
              "PRAGMA defer_foreign_keys = ON; INSERT INTO delivery_count VALUES (999, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, "
              "0)");
          return {};
        });
        outcomes += done ? "stored " : "refused at commit ";
      },
      asio::detached);
  context.poll();
  writer.release();
  context.run();
  EXPECT_EQ(outcomes, "claim refused refused at commit ");
  EXPECT_EQ(states(campaign.number), "waiting waiting ");
  const auto again = run(deliveries_.claim(request)).value();
  ASSERT_EQ(again.claimed.size(), 2U);
  EXPECT_EQ(again.claimed[0].attempt.attempt, 1);
}

// A process that is killed between two commits leaves whole transactions only.
TEST(SqliteDatabase, AKilledProcessLeavesWholeTransactions) {
  const TempDirectory directory;
  std::array<int, 2> pipe{};
  ASSERT_EQ(::pipe(pipe.data()), 0);
  const auto child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    auto database = SqliteDatabase::open(directory.path(), OpenMode::ReadWrite);
    SqliteCampaignStore campaigns(**database);
    SqliteDeliveryStore deliveries(**database);
    const auto campaign = run(campaigns.create(definition_of("one"), CampaignStatus::Running, at_second(0))).value();
    while (true) {
      if (!run(deliveries.append_plan(campaign.number, std::vector(100, waiting_row("c"))))) ::_exit(1);
      if (::write(pipe[1], "x", 1) != 1) ::_exit(1);
    }
  }
  std::array<char, 20> told{};
  std::size_t commits = 0;
  while (commits < told.size()) {
    const auto length = ::read(pipe[0], told.data(), told.size() - commits);
    ASSERT_GT(length, 0);
    commits += static_cast<std::size_t>(length);
  }
  ::kill(child, SIGKILL);
  int status = 0;
  ::waitpid(child, &status, 0);
  ::close(pipe[0]);
  ::close(pipe[1]);
  const auto database = open(directory);
  SqliteCampaignStore campaigns(*database);
  const auto campaign = run(campaigns.find("one")).value();
  const auto counts = run(campaigns.counts(campaign.number))->total();
  EXPECT_GE(counts.planned, static_cast<std::int64_t>(commits) * 100);
  const auto rows = run(database->read([](SqliteConnection& connection) -> Result<std::int64_t> {
    auto count = connection.prepare("SELECT (SELECT count(*) FROM delivery) + (SELECT count(*) FROM delivery_plan)");
    count.step();
    return count.integer(0);
  }));
  EXPECT_EQ(*rows, counts.planned * 2);
  EXPECT_TRUE(counts.adds_up());
}

}  // namespace
}  // namespace clarion::testing
