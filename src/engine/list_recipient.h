#pragma once
// ListRecipient: one entry of eligible_users, read strictly; what is wrong becomes a reason, never an exception to the
// rule that every entry ends in the ledger.

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "domain/channel.h"
#include "domain/message.h"

namespace clarion {

// A code for the ledger and a sentence for people.
struct ListProblem {
  std::string reason;
  std::string sentence;
};

struct ListRecipient {
  std::string customer_id;             // may be empty
  std::optional<Channel> channel;      // as selected by the caller
  std::string phone;                   // as written; may be empty
  std::string email;                   // as written; may be empty
  PerChannel<bool> has_content;        // a message for this channel can be made
  std::optional<ListProblem> problem;  // why nothing can be sent, whatever else there is
  // Why the caller selected the channel, as a query of ours answers it ("reason", "probability"); kept with the
  // delivery.
  std::string sentence;
  double probability = 1;
  const boost::json::object* json = nullptr;  // null when the entry is not an object
};

// {"customer_id", "selected_channel", "phone" | "email",
//  SMS: "message"; email: "subject", "message", "message_html", "unsubscribe_url";
//  WhatsApp: "template_name", "template_language", "template_header", "template_parameters", "template_buttons"}
// Lifetime: the result refers to `entry`.
[[nodiscard]] ListRecipient read_list_recipient(const boost::json::value& entry);
// The message for one channel, with line breaks taken out of what must be one line. The problem is "invalid_content"
// or "invalid_<member>".
[[nodiscard]] std::expected<MessageBody, ListProblem> make_list_message(const boost::json::object& entry,
                                                                        Channel channel);

}  // namespace clarion
