#include "support/events_queue.h"

#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "support/http_client.h"

namespace clarion::testing {
namespace {

namespace json = boost::json;

// A test's own names in the emulator's only account.
constexpr const char* dead_arn = "arn:aws:sqs:us-east-1:000000000000:dead";
constexpr const char* queue_arn = "arn:aws:sqs:us-east-1:000000000000:events";

std::string text_between(const std::string& text, const std::string& open, const std::string& close) {
  const auto from = text.find(open);
  if (from == std::string::npos) return {};
  const auto begin = from + open.size();
  return text.substr(begin, text.find(close, begin) - begin);
}

}  // namespace

json::object call_sqs(const QueueEmulator& emulator, const std::string& operation, const json::object& input) {
  const HttpReply reply =
      http_request(emulator.port(), "POST", "/", json::serialize(input),
                   {{"X-Amz-Target", "AmazonSQS." + operation}, {"Content-Type", "application/x-amz-json-1.0"}});
  EXPECT_EQ(reply.status, 200) << operation << " " << reply.body;
  boost::system::error_code error;
  const auto document = json::parse(reply.body, error);
  return !error && document.is_object() ? document.get_object() : json::object();
}

WorkQueue make_work_queue(const QueueEmulator& emulator) {
  const auto make = [&](const json::object& input) {
    return std::string(call_sqs(emulator, "CreateQueue", input).at("QueueUrl").as_string().c_str());
  };
  WorkQueue made;
  made.aside_url = make({{"QueueName", "aside"}});
  const json::object attributes{
      {"VisibilityTimeout", "120"},
      {"RedrivePolicy", R"({"deadLetterTargetArn":"arn:aws:sqs:us-east-1:000000000000:aside","maxReceiveCount":5})"}};
  made.url = make({{"QueueName", "work"}, {"Attributes", attributes}});
  return made;
}

std::int64_t messages_in(const QueueEmulator& emulator, const std::string& url) {
  const json::object reply = call_sqs(emulator, "GetQueueAttributes", {{"QueueUrl", url}, {"AttributeNames", {"All"}}});
  std::int64_t sum = 0;
  for (const char* name :
       {"ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible", "ApproximateNumberOfMessagesDelayed"}) {
    sum += std::stoll(reply.at("Attributes").at(name).as_string().c_str());
  }
  return sum;
}

EventsQueue::EventsQueue(const QueueEmulator& emulator, int most_receives, int lease_seconds) : emulator_(emulator) {
  dead_url_ = call("CreateQueue", {{"QueueName", "dead"}}).at("QueueUrl").as_string().c_str();
  const json::object redrive{{"deadLetterTargetArn", dead_arn}, {"maxReceiveCount", most_receives}};
  url_ = call("CreateQueue",
              {{"QueueName", "events"},
               {"Attributes",
                {{"VisibilityTimeout", std::to_string(lease_seconds)}, {"RedrivePolicy", json::serialize(redrive)}}}})
             .at("QueueUrl")
             .as_string()
             .c_str();
  topic_arn_ =
      text_between(publish_call("Action=CreateTopic&Version=2010-03-31&Name=events"), "<TopicArn>", "</TopicArn>");
  EXPECT_FALSE(topic_arn_.empty());
  const std::string subscribed = publish_call(
      "Action=Subscribe&Version=2010-03-31&Protocol=sqs&TopicArn=" + topic_arn_ + "&Endpoint=" + queue_arn);
  EXPECT_FALSE(text_between(subscribed, "<SubscriptionArn>", "</SubscriptionArn>").empty()) << subscribed;
}

void EventsQueue::send(const std::string& body) const {
  std::ignore = call("SendMessage", {{"QueueUrl", url_}, {"MessageBody", body}});
}

std::int64_t EventsQueue::take_dead(std::int64_t count) const {
  std::int64_t taken = 0;
  for (int silent = 0; taken < count && silent < 6;) {
    const json::object reply =
        call("ReceiveMessage", {{"QueueUrl", dead_url_}, {"MaxNumberOfMessages", 10}, {"WaitTimeSeconds", 5}});
    const auto* messages = reply.if_contains("Messages");
    const std::size_t came = messages == nullptr ? 0 : messages->as_array().size();
    silent = came == 0 ? silent + 1 : 0;
    taken += static_cast<std::int64_t>(came);
  }
  return taken;
}

std::string EventsQueue::publish_call(const std::string& form) const {
  const HttpReply reply =
      http_request(emulator_.port(), "POST", "/", form, {{"Content-Type", "application/x-www-form-urlencoded"}});
  EXPECT_EQ(reply.status, 200) << reply.body;
  return reply.body;
}

}  // namespace clarion::testing
