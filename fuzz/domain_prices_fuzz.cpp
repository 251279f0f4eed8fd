// Price documents from any bytes: never a crash; what is accepted has a default price for every country and category.

#include <cstdlib>

#include "domain/price_table.h"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* bytes, std::size_t size) {
  using namespace clarion;
  const auto table = PriceTable::parse(std::string_view(reinterpret_cast<const char*>(bytes), size));
  if (!table) {
    if (table.error().message.empty()) std::abort();
    return 0;
  }
  for (const Channel channel : all_channels) {
    if (!table->has(channel)) continue;
    for (const char* country : {"", "US", "??"}) {
      const Price price = table->price(channel, country, 3);
      if (price.row == nullptr || price.amount.micros < 0) std::abort();
    }
  }
  if (table->rows().empty()) std::abort();
  return 0;
}
