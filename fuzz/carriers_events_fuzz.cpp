// Messages of the events queue. No input may crash a reader; what is read holds nothing that a ledger or a log may not
// hold; what is refused is said without the input; the same text inside an envelope of SNS means the same.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "base/json_string.h"
#include "base/text.h"
#include "carriers/carrier_events.h"
#include "carriers/opt_out_words.h"

namespace {

using namespace clarion;

constexpr WallTime now{std::chrono::seconds(1'800'000'000)};

void require(bool holds) {
  if (!holds) std::abort();
}

bool has_long_number(std::string_view text) {
  int digits = 0;
  for (const char c : text) {
    digits = c >= '0' && c <= '9' ? digits + 1 : 0;
    if (digits > 9) return true;
  }
  return false;
}

void check(const CarrierEvent& event) {
  require(event.detail.size() <= 400 && !event.detail.contains('@') && !has_long_number(event.detail));
  require(is_valid_utf8(event.detail) && !event.detail.contains('\n'));
  require(event.address.empty() || event.address.contains('@') || event.address.starts_with('+'));
  require(!event.address.contains(' ') && event.address.size() <= 320);
  require(event.at > WallTime{} && event.at < now + std::chrono::years(200));
  require(!event.is_permanent || event.kind == DeliveryEventKind::Bounced);
  require(!event.delivery || parse_delivery_id(to_string(*event.delivery)) == event.delivery);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(data, data + size);
  static_cast<void>(is_opt_out(text));
  static_cast<void>(is_opt_out_payload(text));
  require(!harmless_words(text).contains('@'));
  const auto read = read_carrier_events(text, now);
  if (!read) {
    require(read.error().kind == ErrorKind::Invalid && read.error().message.size() < 200);
    return 0;
  }
  require(!read->events.empty() || read->informative > 0);
  for (const CarrierEvent& event : read->events) check(event);
  std::string envelope = R"({"Type":"Notification","TopicArn":"arn","Message":)";
  append_json_string(envelope, text);
  envelope += '}';
  const auto inside = read_carrier_events(envelope, now);
  // What stands in three envelopes already does not fit into a fourth.
  require(!inside || (inside->events.size() == read->events.size() && inside->informative == read->informative));
  return 0;
}
