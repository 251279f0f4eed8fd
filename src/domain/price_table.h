#pragma once
// PriceTable: what one message costs, per channel, country and WhatsApp category; dated data with its source.
//
// Units    Money for one SMS part, one WhatsApp message, one email; USD only.
// Data     data/prices/*.json, one document a channel; built in, and replaceable by the operator's own.
// Threads  immutable after parse() and replace().

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "domain/channel.h"
#include "domain/money.h"

namespace clarion {

// Meta's categories of template messages; the other two channels have one price only.
enum class MessageCategory : std::uint8_t { Marketing, Utility, Authentication };
inline constexpr std::size_t message_category_count = 3;
[[nodiscard]] std::string_view to_string(MessageCategory category);  // "marketing", "utility", "authentication"

struct PriceRow {
  Channel channel{};
  MessageCategory category = MessageCategory::Marketing;
  std::string country;      // ISO 3166-1 alpha-2, or "*" for every country that has no row
  Money unit_price;         // the provider's fee for every message included
  bool is_example = false;  // a figure that the operator has to replace by their own
  std::string source;       // page or document
  std::string date;         // when the figure held, YYYY-MM-DD
};

struct Price {
  Money amount;
  const PriceRow* row = nullptr;  // never null; lives as long as the table
};

class PriceTable {
 public:
  // Reads one channel's document. Invalid names the path of what is wrong: unknown member, missing default row,
  // negative or absurd price (above 10 USD), a country or date that is none, currency other than USD, two rows for one
  // key.
  [[nodiscard]] static Result<PriceTable> parse(std::string_view json);
  // The tables of data/prices/ as of the build; every channel has a price.
  [[nodiscard]] static const PriceTable& built_in();

  // Takes over every channel that `other` has.
  void replace(const PriceTable& other);
  [[nodiscard]] bool has(Channel channel) const;
  // The price of `units` parts or messages to `country`, of a phone number its own (phone_country.h) (may be empty or
  // unknown: the default row). REQUIRES: has(channel); units >= 0.
  [[nodiscard]] Price price(Channel channel, std::string_view country, std::int32_t units,
                            MessageCategory category = MessageCategory::Marketing) const;
  // Every row, default first, by channel, category and country.
  [[nodiscard]] std::vector<const PriceRow*> rows() const;

 private:
  using Rows = std::vector<PriceRow>;  // sorted by country; "*" sorts first
  PerChannel<std::array<Rows, message_category_count>> rows_;
};

}  // namespace clarion
