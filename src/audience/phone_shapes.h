#pragma once
// PhoneShapes: recognises numbers that are already valid E.164 in nanoseconds instead of libphonenumber's 10 us.
//
// The tables are made from libphonenumber's own metadata, country by country when first needed. A yes is exactly
// libphonenumber's: parsing would change nothing and the number is valid. Where that is not certain the answer is no,
// and libphonenumber has to be asked.
// Threads  safe from any thread.

#include <string_view>

namespace clarion {

[[nodiscard]] bool is_certainly_valid_e164(std::string_view text);

}  // namespace clarion
