#pragma once
// Addresses as logs may show them: enough to recognise one's own, too little to contact anybody.

#include <string>
#include <string_view>

namespace clarion {

// "+14255550156" -> "+1425*****56"; "ana@example.com" -> "a**@example.com"; shorter than 5 characters -> "***".
[[nodiscard]] std::string mask_address(std::string_view address);

}  // namespace clarion
