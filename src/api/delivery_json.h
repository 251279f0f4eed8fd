#pragma once
// Deliveries and rendered messages as JSON and CSV.

#include <boost/json.hpp>

#include <string>
#include <string_view>

#include "audience/contact_table.h"
#include "domain/message.h"
#include "ports/delivery_store.h"

namespace clarion {

// What a reason means, in a sentence with a remedy; null when there is none.
[[nodiscard]] boost::json::value explain_reason(DeliveryState state, std::string_view reason);
// One ledger row without its events and why; the person's name is that of the contact, as it is now.
[[nodiscard]] boost::json::object delivery_to_json(const Delivery& delivery, const ContactTable& contacts);
// What was said of it later, by time: [{"kind", "at", "detail"}].
[[nodiscard]] boost::json::array events_to_json(const Delivery& delivery);
[[nodiscard]] boost::json::object message_to_json(const MessageBody& body);

// RFC 4180, with cells that a spreadsheet would run as a formula set behind an apostrophe.
[[nodiscard]] std::string delivery_csv_header();
void append_delivery_csv(std::string& out, const Delivery& delivery);

}  // namespace clarion
