#pragma once
// The operator's own prices: DIR/prices/sms.json, whatsapp.json and email.json, in the form of data/prices/*.json. A
// channel without a file keeps the built-in prices, which are examples.

#include <filesystem>
#include <memory>

#include "base/result.h"
#include "domain/price_table.h"

namespace clarion {

// Invalid names the file and what is wrong in it: a campaign must not be costed by half of what was meant.
[[nodiscard]] Result<std::shared_ptr<const PriceTable>> load_prices(const std::filesystem::path& data_dir);

}  // namespace clarion
