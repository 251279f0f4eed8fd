#include "app/price_files.h"

#include <fmt/format.h>

#include <fstream>
#include <iterator>
#include <string>

namespace clarion {

Result<std::shared_ptr<const PriceTable>> load_prices(const std::filesystem::path& data_dir) {
  auto prices = std::make_shared<PriceTable>(PriceTable::built_in());
  for (const Channel channel : all_channels) {
    const auto path = data_dir / "prices" / fmt::format("{}.json", to_string(channel));
    std::error_code error;
    if (!std::filesystem::exists(path, error)) continue;
    std::ifstream file(path, std::ios::binary);
    const std::string document{std::istreambuf_iterator<char>(file), {}};
    if (!file) return fail(ErrorKind::Invalid, fmt::format("cannot read the prices in {}", path.string()));
    const auto parsed = PriceTable::parse(document);
    if (!parsed) return fail(ErrorKind::Invalid, fmt::format("{}: {}", path.string(), parsed.error().message));
    if (!parsed->has(channel)) {
      return fail(ErrorKind::Invalid, fmt::format("{} must hold the prices of {}", path.string(), to_string(channel)));
    }
    prices->replace(*parsed);
  }
  return prices;
}

}  // namespace clarion
