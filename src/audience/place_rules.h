#pragma once
// Countries, time zones and languages as standards name them, from ICU's data.
//
// Threads  safe from any thread; the tables are built at first use.

#include <optional>
#include <string>
#include <string_view>

namespace clarion {

// ISO 3166-1 alpha-2 in upper case from alpha-2, alpha-3 or the English name in any case ("de", "DEU", "Germany";
// "UK" is GB); nullopt when it is none.
[[nodiscard]] std::optional<std::string> find_country(std::string_view text);

// True for an IANA time zone that says a place ("Asia/Kolkata") or "UTC".
[[nodiscard]] bool is_time_zone(std::string_view name);

// The time zone of a country when the clocks of the whole country agree; empty otherwise. `country` is alpha-2.
[[nodiscard]] std::string_view time_zone_of_country(std::string_view country);

// The canonical BCP 47 tag ("en_us" -> "en-US"); nullopt when it is not well-formed.
[[nodiscard]] std::optional<std::string> find_language(std::string_view text);

}  // namespace clarion
