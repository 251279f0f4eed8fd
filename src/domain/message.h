#pragma once
// Message: one rendered message, ready for one carrier.

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "domain/channel.h"
#include "domain/delivery.h"

namespace clarion {

struct SmsBody {
  std::string text;                  // UTF-8
  std::string dlt_template_id = {};  // under which this text is registered in India; empty: as the sender is set up
};

struct WhatsAppParameter {
  std::string name;   // empty for a positional parameter
  std::string value;  // UTF-8
  bool operator==(const WhatsAppParameter&) const = default;
};

// One "components" entry of Meta's template message.
struct WhatsAppComponent {
  enum class Kind : std::uint8_t { Header, Body, Button };
  Kind kind = Kind::Body;
  std::int32_t button_index = 0;  // buttons only
  std::string button_type;        // buttons only: "url", "quick_reply"
  std::vector<WhatsAppParameter> parameters;
  bool operator==(const WhatsAppComponent&) const = default;
};

struct WhatsAppBody {
  std::string template_name;
  std::string language = "en_US";
  std::vector<WhatsAppComponent> components;
};

struct EmailBody {
  std::string subject;
  std::string text;             // UTF-8, never empty
  std::string html;             // may be empty
  std::string unsubscribe_url;  // List-Unsubscribe (RFC 8058); may be empty
};

using MessageBody = std::variant<SmsBody, WhatsAppBody, EmailBody>;  // index = index_of(Channel)

struct Message {
  AttemptId attempt;
  std::string contact_id;
  std::string destination;  // E.164 or mailbox
  std::int32_t parts = 1;   // what the channel's bucket charges: SMS parts, otherwise 1
  MessageBody body;

  [[nodiscard]] Channel channel() const { return static_cast<Channel>(body.index()); }
};

}  // namespace clarion
