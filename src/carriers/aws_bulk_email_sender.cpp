#include "carriers/aws_bulk_email_sender.h"

#include <boost/asio/this_coro.hpp>
#include <boost/json/parse.hpp>

#include <algorithm>
#include <utility>

#include "aws/json_object.h"
#include "base/alarm.h"
#include "carriers/json_text.h"

namespace clarion {
namespace {

using enum FailureClass;

// Model sesv2 2019-09-27, BulkEmailStatus (@aws-sdk/client-sesv2 3.1069.0, November 2026).
constexpr std::array<SendFailureRow, 15> rows{{
    {"ACCOUNT_THROTTLED", "", Throttled},
    {"TRANSIENT_FAILURE", "", ProviderBusy},
    {"MESSAGE_REJECTED", "not verified", ChannelStopped},  // unless it is the recipient's: judge_unverified
    {"MESSAGE_REJECTED", "", InvalidContent},
    {"INVALID_PARAMETER", "address", InvalidAddress},
    {"INVALID_PARAMETER", "", InvalidContent},
    {"FAILED", "", InvalidContent},
    {"ACCOUNT_DAILY_QUOTA_EXCEEDED", "", DailyQuotaUsedUp},
    {"ACCOUNT_SUSPENDED", "", SendingSuspended},
    {"ACCOUNT_SENDING_PAUSED", "", SendingSuspended},
    {"CONFIGURATION_SET_NOT_FOUND", "", ChannelStopped},
    {"CONFIGURATION_SET_SENDING_PAUSED", "", SendingSuspended},
    {"MAIL_FROM_DOMAIN_NOT_VERIFIED", "", ChannelStopped},
    {"INVALID_SENDING_POOL_NAME", "", ChannelStopped},
    {"TEMPLATE_NOT_FOUND", "", ChannelStopped},
}};

// TemplateData is limited to 262,144 characters; escapes make at most six of one.
constexpr std::size_t most_value_bytes = 40'000;
// Of a whole call, well below the 10 MB of a request.
constexpr std::size_t most_call_bytes = 4U << 20U;

std::string write_values(const EmailBody& email) {
  JsonObject values;
  values.text("subject", email.subject).text("text", email.text);
  if (!email.html.empty()) values.text("html", email.html);
  return values.str();
}

std::string write_entry(const Message& message, std::string_view mailbox) {
  const auto& email = std::get<EmailBody>(message.body);
  std::string tag = to_string(message.attempt);
  std::ranges::replace(tag, '.', '_');
  std::string entry = "{\"Destination\":{\"ToAddresses\":[";
  append_json_string(entry, mailbox);
  entry += R"(]},"ReplacementTags":[{"Name":"attempt","Value":)";
  append_json_string(entry, tag);
  entry += R"(}],"ReplacementEmailContent":{"ReplacementTemplate":{"ReplacementTemplateData":)";
  append_json_string(entry, write_values(email));
  entry += "}}";
  if (!email.unsubscribe_url.empty()) {
    entry += ",\"ReplacementHeaders\":[";
    append_email_header(entry, "List-Unsubscribe", '<' + email.unsubscribe_url + '>');
    entry += ',';
    append_email_header(entry, "List-Unsubscribe-Post", "List-Unsubscribe=One-Click");
    entry += ']';
  }
  entry += '}';
  return entry;
}

SendOutcome read_entry(const boost::json::value& entry) {
  AwsFailure failure;
  failure.status = 200;
  failure.code = json_text(entry, "Status");
  failure.message = json_text(entry, "Error");
  failure.body = failure.message;
  if (failure.code == "SUCCESS") {
    if (std::string id = json_text(entry, "MessageId"); !id.empty()) {
      return Accepted{.provider_id = std::move(id), .parts = 1, .cost = {}};
    }
    return std::unexpected(SendFailure{Ambiguous, "NoMessageId", "The entry names no message."});
  }
  SendFailure result = to_send_failure(bulk_entry_failures(), failure);
  // A status that no row knows proves nothing.
  const bool is_known = std::ranges::find(rows, failure.code, &SendFailureRow::code) != rows.end();
  if (!is_known) result.failure = Ambiguous;
  return std::unexpected(std::move(result));
}

}  // namespace

std::span<const SendFailureRow> bulk_entry_failures() {
  return rows;
}

// One call that gathers. Its first message leads: it waits for the others, sends, and hands out the outcomes.
struct AwsBulkEmailSender::Batch {
  Batch(Clock& clock, bool with_html) : is_full(clock), has_html(with_html) {}

  std::vector<std::string> entries;
  std::size_t bytes = 0;
  // What stands until the call has an outcome: nothing was sent.
  std::vector<SendOutcome> outcomes;
  SendFailure pending{NotConnected, "Cancelled", "Clarion stopped before the message was sent."};
  bool is_done = false;
  Alarm is_full;
  WaitList waiting;
  bool has_html;
};

AwsBulkEmailSender::AwsBulkEmailSender(AwsCaller& caller, Clock& clock, AwsEmailSettings settings,
                                       const LiveQuota* live)
    : caller_(caller), clock_(clock), settings_(std::move(settings)), single_(caller, settings_, live) {}

void AwsBulkEmailSender::close(const std::shared_ptr<Batch>& batch) {
  auto& open = open_[batch->has_html ? 1 : 0];
  if (open == batch) open.reset();
}

Task<SendOutcome> AwsBulkEmailSender::send(const Message& message) {
  const auto& email = std::get<EmailBody>(message.body);
  const Result<std::string> mailbox = to_wire_mailbox(message.destination);
  const bool is_large = email.subject.size() + email.text.size() + email.html.size() > most_value_bytes;
  if (!mailbox || is_large) co_return co_await single_.send(message);

  auto& open = open_[email.html.empty() ? 0 : 1];
  std::string entry = write_entry(message, *mailbox);
  if (open && open->bytes + entry.size() > most_call_bytes) {
    open->is_full.ring();
    open.reset();
  }
  const bool leads = !open;
  if (leads) open = std::make_shared<Batch>(clock_, !email.html.empty());
  const std::shared_ptr<Batch> batch = open;
  const std::size_t position = batch->entries.size();
  batch->bytes += entry.size();
  batch->entries.push_back(std::move(entry));
  if (std::ssize(batch->entries) >= settings_.bulk_size) {
    batch->is_full.ring();
    close(batch);
  }
  if (leads) {
    co_await lead(batch);
  } else {
    while (!batch->is_done) co_await batch->waiting.wait();
  }
  SendOutcome outcome = position < batch->outcomes.size() ? batch->outcomes[position] : std::unexpected(batch->pending);
  if (!outcome) outcome = std::unexpected(judge_unverified(std::move(outcome.error()), settings_.from, *mailbox));
  co_return outcome;
}

Task<void> AwsBulkEmailSender::lead(std::shared_ptr<Batch> batch) {
  // Also when cancelled: the others wait for this one alone.
  struct Done {
    AwsBulkEmailSender& sender;
    std::shared_ptr<Batch> batch;
    Done(AwsBulkEmailSender& owner, std::shared_ptr<Batch> led) : sender(owner), batch(std::move(led)) {}
    Done(const Done&) = delete;
    Done& operator=(const Done&) = delete;
    ~Done() {
      sender.close(batch);
      batch->is_done = true;
      batch->waiting.wake_all();
    }
  };
  const Done done(*this, batch);
  co_await batch->is_full.sleep_until(clock_.now() + linger);
  close(batch);
  // Looked at before anything could leave us: later a cancelled call is in doubt.
  if ((co_await asio::this_coro::cancellation_state).cancelled() != asio::cancellation_type::none) co_return;
  const std::string body = write_request(*batch);
  batch->pending = {Ambiguous, "Cancelled", "Clarion stopped before the answer came."};
  const auto reply = co_await caller_.call(
      {.path = "/v2/email/outbound-bulk-emails", .content_type = "application/json", .body = body});
  if (!reply) {
    batch->pending = to_send_failure(email_failures(), reply.error());
    co_return;
  }
  batch->pending = {Ambiguous, "NoResult", "The reply says nothing of this message."};
  boost::system::error_code error;
  const auto json = boost::json::parse(reply->body, error);
  if (error) co_return;
  for (const auto& entry : json_list(json, "BulkEmailEntryResults")) batch->outcomes.push_back(read_entry(entry));
}

std::string AwsBulkEmailSender::write_request(const Batch& batch) const {
  std::string body;
  body.reserve(batch.bytes + 1024);
  body += "{\"FromEmailAddress\":";
  append_json_string(body, settings_.from);
  body += R"(,"DefaultContent":{"Template":{"TemplateContent":{"Subject":"{{subject}}","Text":"{{text}}")";
  if (batch.has_html) body += R"(,"Html":"{{html}}")";
  body += R"(},"TemplateData":"{}"}},"BulkEmailEntries":[)";
  for (std::size_t i = 0; i < batch.entries.size(); ++i) {
    if (i > 0) body += ',';
    body += batch.entries[i];
  }
  body += ']';
  append_json_member(body, "ConfigurationSetName", settings_.configuration_set);
  append_json_member(body, "TenantName", settings_.tenant);
  body += '}';
  return body;
}

}  // namespace clarion
