#include "carriers/aws_email_sender.h"

#include <unicode/bytestream.h>
#include <unicode/idna.h>

#include <algorithm>
#include <memory>

#include "aws/send_failures.h"
#include "base/text.h"
#include "carriers/json_text.h"
#include "domain/mailbox.h"

namespace clarion {
namespace {

void append_content(std::string& out, std::string_view name, std::string_view data) {
  out.append(1, '"').append(name).append("\":{\"Data\":");
  append_json_string(out, data);
  out += R"(,"Charset":"UTF-8"})";
}

}  // namespace

SendFailure judge_unverified(SendFailure failure, std::string_view sender, std::string_view recipient) {
  const bool is_refused = failure.code == "MessageRejected" || failure.code == "MESSAGE_REJECTED";
  if (!is_refused || failure.detail.find("not verified") == std::string::npos) return failure;
  const std::string said = lower_case(failure.detail);
  const auto names = [&said](std::string_view mailbox) { return said.contains(lower_case(mailbox)); };
  if (names(recipient) && !names(address_in_mailbox(sender))) {
    failure.failure = FailureClass::Blocked;
    failure.detail = "The account is in the SES sandbox, and this recipient is not verified.";
  } else {
    failure.failure = FailureClass::ChannelStopped;
    failure.detail = "SES does not know the sender as verified in this region; verify it (SENDER_EMAIL), then resume.";
  }
  return failure;
}

Result<std::string> to_wire_mailbox(std::string_view mailbox) {
  const auto at = mailbox.rfind('@');
  if (at == std::string_view::npos || at == 0)
    return fail(ErrorKind::Invalid, "The mailbox needs the form name@domain.");
  if (!is_ascii(mailbox.substr(0, at))) {
    return fail(ErrorKind::Invalid, "The part before @ must be ASCII: SES cannot send to internationalised names.");
  }
  const std::string_view domain = mailbox.substr(at + 1);
  if (is_ascii(domain)) return std::string(mailbox);
  UErrorCode status = U_ZERO_ERROR;
  const std::unique_ptr<icu::IDNA> idna(icu::IDNA::createUTS46Instance(UIDNA_NONTRANSITIONAL_TO_ASCII, status));
  std::string ascii;
  icu::StringByteSink<std::string> sink(&ascii);
  icu::IDNAInfo info;
  if (U_SUCCESS(status)) idna->nameToASCII_UTF8(domain, sink, info, status);
  if (U_FAILURE(status) || info.hasErrors())
    return fail(ErrorKind::Invalid, "The part after @ is not a valid domain name.");
  return std::string(mailbox.substr(0, at + 1)) + ascii;
}

Task<SendOutcome> AwsEmailSender::send(const Message& message) {
  const auto& email = std::get<EmailBody>(message.body);
  const Result<std::string> mailbox = to_wire_mailbox(message.destination);
  if (!mailbox) {
    co_return std::unexpected(SendFailure{FailureClass::InvalidAddress, "InvalidMailbox", mailbox.error().message});
  }
  std::string tag = to_string(message.attempt);
  std::ranges::replace(tag, '.', '_');

  std::string body;
  body.reserve(1024 + email.text.size() + email.html.size());
  body += "{\"FromEmailAddress\":";
  append_json_string(body, settings_.from);
  body += ",\"Destination\":{\"ToAddresses\":[";
  append_json_string(body, *mailbox);
  body += "]},\"Content\":{\"Simple\":{";
  append_content(body, "Subject", email.subject);
  body += ",\"Body\":{";
  append_content(body, "Text", email.text);
  if (!email.html.empty()) {
    body += ',';
    append_content(body, "Html", email.html);
  }
  body += '}';
  if (!email.unsubscribe_url.empty()) {
    body += ",\"Headers\":[";
    append_email_header(body, "List-Unsubscribe", '<' + email.unsubscribe_url + '>');
    body += ',';
    append_email_header(body, "List-Unsubscribe-Post", "List-Unsubscribe=One-Click");
    body += ']';
  }
  body += R"(}},"EmailTags":[{"Name":"attempt","Value":)";
  append_json_string(body, tag);
  body += "}]";
  append_json_member(body, "ConfigurationSetName", settings_.configuration_set);
  append_json_member(body, "TenantName", settings_.tenant);
  body += '}';

  auto reply =
      co_await caller_.call({.path = "/v2/email/outbound-emails", .content_type = "application/json", .body = body});
  if (!reply) {
    co_return std::unexpected(
        judge_unverified(to_send_failure(email_failures(), reply.error()), settings_.from, *mailbox));
  }
  co_return read_accepted(reply->body, "MessageId", 1);
}

}  // namespace clarion
