// Lines of CloudWatch's Embedded Metric Format.

#include "app/emf_reporter.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>
#include <boost/json.hpp>

#include "base/task_group.h"
#include "fakes/manual_clock.h"

namespace clarion::testing {
namespace {

namespace json = boost::json;
using namespace std::chrono_literals;

class EmfReporterTest : public ::testing::Test {
 protected:
  asio::io_context context_;
  ManualClock clock_{context_};
  SendMetrics metrics_;
  std::vector<std::string> lines_;
  EmfReporter reporter_{metrics_, clock_, "production", [this](std::string_view line) { lines_.emplace_back(line); }};

  void accept(Channel channel, int count) {
    for (int i = 0; i < count; ++i) metrics_.on_answer(channel, Accepted{}, 12500us);
    PerChannel<SendCounts> ends;
    ends[channel].accepted = static_cast<std::uint64_t>(count);
    metrics_.on_recorded(ends);
  }
};

TEST_F(EmfReporterTest, ALineIsOneObjectThatCloudWatchUnderstands) {
  accept(Channel::Sms, 2);
  metrics_.on_answer(Channel::Sms, std::unexpected(SendFailure{FailureClass::Throttled, "", ""}), 1ms);
  reporter_.report();
  ASSERT_EQ(lines_.size(), 1U);
  EXPECT_EQ(lines_[0],
            R"({"Accepted":2,"Failed":0,"Skipped":0,"InDoubt":0,"Throttled":1,"SendLatency":[12.5,12.5,1],)"
            R"("environment":"production","channel":"sms","_aws":{"Timestamp":1793613600000,"CloudWatchMetrics":[)"
            R"({"Namespace":"Clarion","Dimensions":[["environment","channel"]],"Metrics":[)"
            R"({"Name":"Accepted","Unit":"Count"},{"Name":"Failed","Unit":"Count"},{"Name":"Skipped","Unit":"Count"},)"
            R"({"Name":"InDoubt","Unit":"Count"},{"Name":"Throttled","Unit":"Count"},)"
            R"({"Name":"SendLatency","Unit":"Milliseconds"}]}]}})"
            "\n");
}

TEST_F(EmfReporterTest, EachReportSaysWhatIsNewAndNothingOfAQuietChannel) {
  accept(Channel::Email, 3);
  reporter_.report();
  reporter_.report();
  ASSERT_EQ(lines_.size(), 1U);
  accept(Channel::Email, 4);
  reporter_.report();
  ASSERT_EQ(lines_.size(), 2U);
  EXPECT_EQ(json::parse(lines_[1]).at("Accepted"), 4);
  EXPECT_EQ(json::parse(lines_[1]).at("SendLatency").as_array().size(), 4U);
}

TEST_F(EmfReporterTest, AMetricHasAtMostAHundredValues) {
  accept(Channel::Email, 1000);
  reporter_.report();
  EXPECT_EQ(json::parse(lines_.at(0)).at("SendLatency").as_array().size(), 100U);
  EXPECT_EQ(json::parse(lines_[0]).at("Accepted"), 1000) << "counts are exact";
}

TEST_F(EmfReporterTest, ReportsEveryMinute) {
  TaskGroup group;
  group.spawn(context_.get_executor(), reporter_.run());
  accept(Channel::Sms, 1);
  clock_.advance(59s);
  EXPECT_EQ(lines_.size(), 0U);
  clock_.advance(1s);
  EXPECT_EQ(lines_.size(), 1U);
  accept(Channel::Sms, 1);
  clock_.advance(60s);
  EXPECT_EQ(lines_.size(), 2U);
  group.cancel();
  clock_.settle();
  EXPECT_EQ(group.size(), 0U);
}

}  // namespace
}  // namespace clarion::testing
