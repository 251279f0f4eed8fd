#pragma once
// The country of a phone number, which says what a message to it costs, wherever its owner lives.

#include <string_view>

namespace clarion {

// ISO 3166-1 alpha-2, static; empty when the number tells none (not E.164, "+800..."). Where countries share a calling
// code the largest, but for +1 and +7, whose area codes tell them apart.
[[nodiscard]] std::string_view country_of_phone(std::string_view e164);

}  // namespace clarion
