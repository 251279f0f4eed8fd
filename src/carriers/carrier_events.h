#pragma once
// What AWS publishes about messages, as CarrierEvents: told apart by shape, each carrier's in a file of its own. Pure.
//
//   ses_events.h       email: deliveries, bounces, complaints, opens, clicks and the rest of event publishing
//   sms_events.h       SMS: delivery records, and what people write back
//   whatsapp_events.h  WhatsApp: Meta's statuses, and what people write back
//
// Match   by the attempt id, which travels outwards with every message and comes back (EmailTags, Context,
//         biz_opaque_callback_data); the carrier's own message id is kept beside it.
// Errors  Invalid: not understood, in words that hold nothing of the input.

#include <boost/json/value.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "ports/event_source.h"

namespace clarion {

struct ReadEvents {
  std::vector<CarrierEvent> events;
  std::vector<OptIn> opt_ins = {};
  std::size_t informative = 0;  // understood, and nothing to apply
};

// `body` is a message of the events queue, with whatever envelopes it has; `received_at` stands where neither the
// carrier nor an envelope names a time.
[[nodiscard]] Result<ReadEvents> read_carrier_events(std::string_view body, WallTime received_at);

// The delivery that one of our attempt ids names.
[[nodiscard]] std::optional<DeliveryId> delivery_of_attempt(std::string_view attempt_id);
// What somebody wrote back: that they did, or said stop. Their words are not kept.
[[nodiscard]] CarrierEvent written_back(Channel channel, bool is_stop);
// The time when it lies in this century, which is when a carrier may have meant it.
[[nodiscard]] std::optional<WallTime> believable(std::optional<WallTime> time);
// A carrier's words as a ledger may keep them: at most 120 characters; empty when they might name somebody, as
// everything with an @ or five digits in a row might.
[[nodiscard]] std::string harmless_words(std::string_view words);
// "14255550156" and "+14255550156" -> "+14255550156"; empty for what is no number of 7 to 15 digits.
[[nodiscard]] std::string phone_of(std::string_view digits);
// "Ana <ana@example.com>" and "ana@example.com" -> "ana@example.com"; empty for what is no mailbox.
[[nodiscard]] std::string mailbox_of_event(std::string_view text);

}  // namespace clarion
