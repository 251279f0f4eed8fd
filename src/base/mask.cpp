#include "base/mask.h"

namespace clarion {

std::string mask_address(std::string_view address) {
  if (const auto at = address.rfind('@'); at != std::string_view::npos && at > 0) {
    return std::string(address.substr(0, 1)) + "**" + std::string(address.substr(at));
  }
  if (address.size() < 5) return "***";
  const std::size_t head = address.size() >= 10 ? 5 : 1;
  const std::size_t tail = 2;
  return std::string(address.substr(0, head)) + std::string(address.size() - head - tail, '*') +
         std::string(address.substr(address.size() - tail));
}

}  // namespace clarion
