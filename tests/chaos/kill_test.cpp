// kill -9 at random moments of a campaign, against a carrier that counts.

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <thread>

#include "base/hash.h"
#include "chaos/chaos_worker.h"
#include "store/sqlite_campaign_store.h"
#include "store/sqlite_delivery_log.h"
#include "support/carrier_stand_in.h"

namespace clarion::testing {
namespace {

using namespace std::chrono_literals;

constexpr int kills = 200;

template <class T>
T run(Task<T> task) {
  asio::io_context context;
  std::optional<T> result;
  asio::co_spawn(context, std::move(task), [&](const std::exception_ptr& error, T value) {
    if (error) std::rethrow_exception(error);
    result.emplace(std::move(value));
  });
  context.run();
  return std::move(*result);
}

// A program with a pipe from its standard output and to its standard input; ends with this.
class Process {
 public:
  explicit Process(std::vector<std::string> arguments) {
    int out[2];
    int in[2];
    if (pipe(out) != 0 || pipe(in) != 0) throw std::runtime_error("no pipe");
    std::vector<char*> argv;
    for (std::string& argument : arguments) argv.push_back(argument.data());
    argv.push_back(nullptr);
    pid_ = fork();
    if (pid_ == 0) {
      dup2(out[1], STDOUT_FILENO);
      dup2(in[0], STDIN_FILENO);
      for (const int fd : {out[0], out[1], in[0], in[1]}) close(fd);
      execv(argv[0], argv.data());
      _exit(127);
    }
    close(out[1]);
    close(in[0]);
    out_ = out[0];
    in_ = in[1];
  }
  ~Process() {
    if (pid_ > 0) end_by_kill();
    close(out_);
    close(in_);
  }
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  // The first line it prints; empty when it ends, or the time does, before.
  std::string read_line(std::chrono::milliseconds limit) {
    const auto deadline = std::chrono::steady_clock::now() + limit;
    std::string line;
    for (char c = 0; std::chrono::steady_clock::now() < deadline;) {
      pollfd waiting{.fd = out_, .events = POLLIN, .revents = 0};
      if (poll(&waiting, 1, 50) <= 0) continue;
      if (read(out_, &c, 1) != 1) return "";
      if (c == '\n') return line;
      line += c;
    }
    return "";
  }
  void end_by_kill() {
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
    pid_ = -1;
  }
  // Its exit code; -1 when it had to be killed at the limit.
  int wait_for(std::chrono::milliseconds limit) {
    const auto deadline = std::chrono::steady_clock::now() + limit;
    int status = 0;
    while (waitpid(pid_, &status, WNOHANG) == 0) {
      if (std::chrono::steady_clock::now() > deadline) {
        end_by_kill();
        return -1;
      }
      std::this_thread::sleep_for(20ms);
    }
    pid_ = -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }

 private:
  pid_t pid_ = -1;
  int out_ = -1;
  int in_ = -1;
};

class KillTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (std::filesystem::temp_directory_path() / "clarion-chaos-XXXXXX").string();
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    directory_ = pattern;
    carrier_ = std::make_unique<Process>(std::vector<std::string>{CLARION_CARRIER_STAND_IN, "4", "1"});
    port_ = static_cast<std::uint16_t>(std::atoi(carrier_->read_line(10s).c_str()));
    ASSERT_NE(port_, 0);
  }
  void TearDown() override {
    carrier_.reset();
    std::filesystem::remove_all(directory_);
  }

  [[nodiscard]] std::unique_ptr<Process> worker(const std::string& campaign) const {
    return std::make_unique<Process>(
        std::vector<std::string>{CLARION_CHAOS_WORKER, directory_, std::to_string(port_), campaign});
  }
  // The campaign as the ledger has it now; nullopt before it exists.
  struct Snapshot {
    Campaign campaign;
    StateCounts counts;
  };
  [[nodiscard]] std::optional<Snapshot> look(const std::string& id) const {
    auto database = SqliteDatabase::open(directory_, OpenMode::ReadOnly);
    if (!database) return std::nullopt;
    SqliteCampaignStore campaigns(**database);
    auto found = run(campaigns.find(id));
    if (!found) return std::nullopt;
    const auto counts = run(campaigns.counts(found->number));
    return Snapshot{std::move(*found), counts.value().total()};
  }
  // Holds the ledger's rows of a campaign against what the carrier counted.
  void compare(const Snapshot& snapshot) const {
    const auto counted = ask_counts(port_);
    auto database = SqliteDatabase::open(directory_, OpenMode::ReadOnly);
    ASSERT_TRUE(database);
    SqliteDeliveryLog log(**database);
    DeliveryQuery query;
    query.campaign = snapshot.campaign.number;
    query.limit = chaos_recipients + 1;
    const auto rows = run(log.list(query));
    ASSERT_TRUE(rows);
    ASSERT_EQ(rows->size(), static_cast<std::size_t>(chaos_recipients));
    for (const Delivery& row : *rows) {
      const auto found = counted.find(row.contact_id);
      const int arrived = found == counted.end() ? 0 : found->second;
      EXPECT_LE(arrived, 1) << row.contact_id << " was written to twice";
      if (row.state == DeliveryState::Accepted) EXPECT_EQ(arrived, 1) << row.contact_id << " accepted, never arrived";
      if (row.state == DeliveryState::Waiting || row.state == DeliveryState::Failed) {
        EXPECT_EQ(arrived, 0) << row.contact_id << " arrived, but is " << to_string(row.state);
      }
    }
  }

  std::string directory_;
  std::unique_ptr<Process> carrier_;
  std::uint16_t port_ = 0;
};

TEST_F(KillTest, AtTwoHundredMomentsNobodyIsWrittenToTwiceAndNobodyIsForgotten) {
  const char* asked = std::getenv("CLARION_CHAOS_SEED");
  const std::uint64_t seed =
      asked != nullptr ? std::strtoull(asked, nullptr, 10) : static_cast<std::uint64_t>(std::time(nullptr));
  fmt::print("CLARION_CHAOS_SEED={}\n", seed);
  SeededRandom random(seed);

  int campaign_number = 1;
  std::string campaign = "chaos-1";
  std::int64_t doubt_before = 0;
  std::int64_t most_doubt = 0;
  std::int64_t all_doubt = 0;
  for (int i = 0; i < kills; ++i) {
    auto process = worker(campaign);
    // A quarter of them while it starts, takes the fence and plans; the rest while it sends.
    if (random.below(4) != 0) {
      ASSERT_EQ(process->read_line(20s), "ready") << "kill " << i;
      std::this_thread::sleep_for(std::chrono::microseconds(random.below(70'000)));
    } else {
      std::this_thread::sleep_for(std::chrono::microseconds(random.below(40'000)));
    }
    process->end_by_kill();

    const auto snapshot = look(campaign);
    if (!snapshot) continue;  // killed before it was made
    ASSERT_TRUE(snapshot->counts.adds_up()) << "kill " << i;
    if (snapshot->campaign.is_planned) ASSERT_EQ(snapshot->counts.planned, chaos_recipients) << "kill " << i;
    // What is in Sending now becomes in doubt at the next start.
    const std::int64_t doubt = snapshot->counts.in_doubt + snapshot->counts.sending;
    EXPECT_LE(doubt - doubt_before, chaos_bound()) << "kill " << i;
    most_doubt = std::max(most_doubt, doubt - doubt_before);
    doubt_before = doubt;
    if (i % 20 == 0 && snapshot->campaign.is_planned) compare(*snapshot);
    if (snapshot->campaign.status == CampaignStatus::Completed) {
      compare(*snapshot);
      all_doubt += doubt;
      doubt_before = 0;
      campaign = "chaos-" + std::to_string(++campaign_number);
    }
    if (HasFatalFailure()) return;
  }

  EXPECT_EQ(worker(campaign)->wait_for(120s), 0);
  const auto end = look(campaign);
  ASSERT_TRUE(end);
  EXPECT_EQ(end->campaign.status, CampaignStatus::Completed);
  EXPECT_EQ(end->counts.accepted + end->counts.in_doubt, chaos_recipients);
  compare(*end);
  for (const auto& [contact, count] : ask_counts(port_)) EXPECT_EQ(count, 1) << contact;
  fmt::print("{} kills, {} campaigns: {} in doubt in all, at most {} by one kill (bound {})\n", kills, campaign_number,
             all_doubt + end->counts.in_doubt, most_doubt, chaos_bound());
}

}  // namespace
}  // namespace clarion::testing
