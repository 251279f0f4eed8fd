// Contract of WorkQueue: the one of tests and the one in SQS behave alike. SQS by an emulator, when CLARION_TEST_DYNAMO
// asks for emulators.
#include <gtest/gtest.h>

#include <boost/asio/use_future.hpp>

#include <set>

#include "aws/aws_reader.h"
#include "contract/dynamo_service.h"
#include "fakes/memory_work_queue.h"
#include "store/sqs_work_queue.h"

namespace clarion::testing {
namespace {

using namespace std::chrono_literals;

class WorkQueueSet {
 public:
  virtual ~WorkQueueSet() = default;
  virtual WorkQueue& queue() = 0;

  template <class T>
  T run(Task<T> task) {
    auto future = asio::co_spawn(context_, std::move(task), asio::use_future);
    context_.restart();
    // Not until there is nothing left to do: connections that are kept have something to do.
    while (future.wait_for(0s) != std::future_status::ready) context_.run_one();
    return future.get();
  }

 protected:
  asio::io_context context_{1};
};

// Time that passes while somebody waits for it.
class WaitedClock final : public Clock {
 public:
  [[nodiscard]] TimePoint now() const override { return now_; }
  [[nodiscard]] WallTime wall_now() const override { return WallTime{} + std::chrono::hours(500'000); }
  Task<void> sleep_until(TimePoint deadline) override {
    now_ = std::max(now_, deadline);
    co_return;
  }

 private:
  TimePoint now_{1h};
};

class MemorySet final : public WorkQueueSet {
 public:
  WorkQueue& queue() override { return queue_; }

 private:
  WaitedClock clock_;
  MemoryWorkQueue queue_{clock_};
};

class SqsSet final : public WorkQueueSet {
 public:
  explicit SqsSet(int holding_seconds = 30) {
    static const QueueEmulator emulator;
    static int queues = 0;
    const std::string name = "work-" + std::to_string(++queues);
    caller_.emplace(AwsCaller::Deps{http_, credentials_, clock_},
                    AwsEndpoint{{false, "127.0.0.1", emulator.port()}, "", "us-east-1", "sqs"}, 5s);
    const AwsReader::Deps deps{.caller = *caller_, .clock = clock_};
    create(deps, name + "-aside", R"({"VisibilityTimeout":"1"})");
    create(deps, name,
           R"({"VisibilityTimeout":")" + std::to_string(holding_seconds) +
               R"(","RedrivePolicy":"{\"deadLetterTargetArn\":\"arn:aws:sqs:us-east-1:000000000000:)" + name +
               R"(-aside\",\"maxReceiveCount\":2}"})");
    client_.emplace(deps, run(find_queue_url(deps, name)).value());
    aside_.emplace(deps, run(find_queue_url(deps, name + "-aside")).value());
    queue_.emplace(*client_);
  }
  ~SqsSet() override {
    run([](HttpClient& http) -> Task<bool> {
      co_await http.close();
      co_return true;
    }(http_));
  }
  SqsSet(const SqsSet&) = delete;
  SqsSet& operator=(const SqsSet&) = delete;

  WorkQueue& queue() override { return *queue_; }
  SqsClient& client() { return *client_; }
  SqsClient& aside() { return *aside_; }

 private:
  void create(const AwsReader::Deps& deps, const std::string& name, const std::string& attributes) {
    AwsReader reader(deps);
    const std::string body = R"({"QueueName":")" + name + R"(","Attributes":)" + attributes + "}";
    const auto made = run(
        reader.read("sqs:CreateQueue",
                    {.target = "AmazonSQS.CreateQueue", .content_type = "application/x-amz-json-1.0", .body = body}));
    EXPECT_TRUE(made) << made.error().message;
  }

  SystemClock clock_;
  HttpClient http_{context_.get_executor(), clock_, {}};
  FixedCredentials credentials_;
  std::optional<AwsCaller> caller_;
  std::optional<SqsClient> client_;
  std::optional<SqsClient> aside_;
  std::optional<SqsWorkQueue> queue_;
};

struct QueueKind {
  std::string name;
  std::function<std::unique_ptr<WorkQueueSet>()> make;
};
std::vector<QueueKind> all_queues() {
  std::vector<QueueKind> kinds{{"Memory", [] { return std::make_unique<MemorySet>(); }}};
  if (DynamoService::is_wanted()) kinds.push_back({"Sqs", [] { return std::make_unique<SqsSet>(); }});
  return kinds;
}

class WorkQueueContract : public ::testing::TestWithParam<QueueKind> {
 protected:
  static Announcement chunk(std::uint32_t number, std::chrono::seconds delay = 0s) {
    return {.work = {.campaign = CampaignNumber{7}, .channel = Channel::Email, .chunk = number}, .delay = delay};
  }
  void announce(std::vector<Announcement> all) {
    const auto announced = set_->run(queue().announce(std::move(all)));
    ASSERT_TRUE(announced) << announced.error().message;
  }
  std::vector<HeldReference> receive(std::size_t most = 10, std::chrono::seconds wait = 0s) {
    return set_->run(queue().receive(most, wait)).value();
  }
  // "waiting 1 held 2 delayed 0"
  std::string depth() {
    const auto depth = set_->run(queue().depth()).value();
    return "waiting " + std::to_string(depth.waiting) + " held " + std::to_string(depth.held) + " delayed " +
           std::to_string(depth.delayed);
  }
  WorkQueue& queue() { return set_->queue(); }

  std::unique_ptr<WorkQueueSet> set_ = GetParam().make();
};

TEST_P(WorkQueueContract, WhatIsAnnouncedIsReceivedOnceWhileItIsHeld) {
  std::vector<Announcement> all;
  for (std::uint32_t i = 0; i < 23; ++i) all.push_back(chunk(i));
  announce(all);
  std::set<std::uint32_t> chunks;
  for (int i = 0; i < 6; ++i) {
    const auto received = receive();
    EXPECT_LE(received.size(), WorkQueue::most_at_once);
    for (const HeldReference& one : received) {
      EXPECT_EQ(one.work.campaign, CampaignNumber{7});
      EXPECT_EQ(one.work.channel, Channel::Email);
      EXPECT_TRUE(chunks.insert(one.work.chunk).second) << one.work.chunk;
    }
  }
  EXPECT_EQ(chunks.size(), 23U);
  EXPECT_EQ(depth(), "waiting 0 held 23 delayed 0");
}

TEST_P(WorkQueueContract, NoMoreIsGivenThanWasAskedFor) {
  announce({chunk(0), chunk(1), chunk(2)});
  EXPECT_EQ(receive(2).size(), 2U);
}

TEST_P(WorkQueueContract, WhatIsDelayedIsWaitedFor) {
  announce({chunk(1, 1s)});
  EXPECT_TRUE(receive().empty());
  EXPECT_EQ(depth(), "waiting 0 held 0 delayed 1");
  EXPECT_EQ(receive(10, 5s).size(), 1U);
}

TEST_P(WorkQueueContract, MoreThanTheLongestDelayIsTheLongest) {
  announce({chunk(1, 24h)});
  EXPECT_EQ(depth(), "waiting 0 held 0 delayed 1");
}

TEST_P(WorkQueueContract, WhatIsAnnouncedTwiceIsReceivedTwice) {
  announce({chunk(1), chunk(1)});
  EXPECT_EQ(receive().size() + receive().size(), 2U);
}

TEST_P(WorkQueueContract, WhatIsFinishedNeverComesAgain) {
  announce({chunk(1), chunk(2)});
  const auto received = receive();
  ASSERT_EQ(received.size(), 2U);
  ASSERT_TRUE(set_->run(queue().finish({received[0].receipt})));
  EXPECT_EQ(depth(), "waiting 0 held 1 delayed 0");
}

TEST_P(WorkQueueContract, WhatIsGivenBackComesAtOnceWithANewReceipt) {
  announce({chunk(1)});
  const auto received = receive();
  ASSERT_EQ(received.size(), 1U);
  ASSERT_TRUE(set_->run(queue().give_back({received[0].receipt})));
  const auto again = receive(10, 1s);
  ASSERT_EQ(again.size(), 1U);
  EXPECT_EQ(again[0].work, received[0].work);
  EXPECT_NE(again[0].receipt, received[0].receipt);
}

TEST_P(WorkQueueContract, ExtendingSaysOfEachWhetherItIsStillHeld) {
  announce({chunk(1)});
  const auto received = receive();
  ASSERT_EQ(received.size(), 1U);
  const auto extended = set_->run(queue().extend({"no-such-receipt", received[0].receipt}));
  ASSERT_EQ(extended.size(), 2U);
  ASSERT_FALSE(extended[0]);
  EXPECT_EQ(extended[0].error().kind, ErrorKind::Conflict) << extended[0].error().message;
  EXPECT_TRUE(extended[1]) << extended[1].error().message;
}

INSTANTIATE_TEST_SUITE_P(Queues, WorkQueueContract, ::testing::ValuesIn(all_queues()),
                         [](const auto& info) { return info.param.name; });

TEST(SqsWorkQueue, AMessageThatIsNoReferenceIsNotGivenAndIsPutAsideAfterTooManyReceipts) {
  if (!DynamoService::is_wanted()) GTEST_SKIP() << "needs CLARION_TEST_DYNAMO";
  SqsSet set(1);
  ASSERT_TRUE(set.run(set.client().send({{.body = "{\"campaign\":-1,\"channel\":\"sms\",\"chunk\":0}"}})).at(0));
  EXPECT_TRUE(set.run(set.queue().receive(10, 0s))->empty());
  EXPECT_EQ(set.run(set.client().get_queue())->in_flight, 1) << "it is left to the queue";
  EXPECT_EQ(set.run(set.aside().get_queue())->waiting, 0);
  // Each receipt waits until nobody holds it any more; the third finds that it has come twice.
  EXPECT_TRUE(set.run(set.queue().receive(10, 2s))->empty());
  EXPECT_TRUE(set.run(set.queue().receive(10, 2s))->empty());
  EXPECT_EQ(set.run(set.aside().get_queue())->waiting, 1);
}

TEST(SqsWorkQueue, ReadsWhatItWritesAndNothingElse) {
  const WorkReference work{.campaign = CampaignNumber{4'000'000'000U}, .channel = Channel::WhatsApp, .chunk = 17};
  EXPECT_EQ(body_of(work), R"({"campaign":4000000000,"channel":"whatsapp","chunk":17})");
  EXPECT_EQ(read_reference(body_of(work)), work);
  for (const char* body : {"", "no json", "[]", "{}", R"({"campaign":1,"channel":"pigeon","chunk":1})",
                           R"({"campaign":"1","channel":"sms","chunk":1})", R"({"campaign":1,"channel":"sms"})",
                           R"({"campaign":1,"channel":"sms","chunk":4294967296})",
                           R"({"campaign":1,"channel":"sms","chunk":-1})", R"({"campaign":1,"channel":7,"chunk":1})"}) {
    EXPECT_FALSE(read_reference(body)) << body;
  }
}

}  // namespace
}  // namespace clarion::testing
