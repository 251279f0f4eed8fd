#include "audience/place_rules.h"

#include <unicode/locid.h>
#include <unicode/strenum.h>
#include <unicode/timezone.h>
#include <unicode/uloc.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <memory>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "base/text.h"

namespace clarion {
namespace {

struct TextHash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
};
using TextMap = std::unordered_map<std::string, std::string, TextHash, std::equal_to<>>;
using TextSet = std::unordered_set<std::string, TextHash, std::equal_to<>>;

// ICU keeps the names that zones had before they were renamed as canonical. IANA tz database, file "backward",
// 2024a.
constexpr std::array<std::pair<std::string_view, std::string_view>, 13> renamed_zones{{
    {"Africa/Asmera", "Africa/Asmara"},
    {"America/Buenos_Aires", "America/Argentina/Buenos_Aires"},
    {"America/Godthab", "America/Nuuk"},
    {"Asia/Calcutta", "Asia/Kolkata"},
    {"Asia/Katmandu", "Asia/Kathmandu"},
    {"Asia/Rangoon", "Asia/Yangon"},
    {"Asia/Saigon", "Asia/Ho_Chi_Minh"},
    {"Atlantic/Faeroe", "Atlantic/Faroe"},
    {"Europe/Kiev", "Europe/Kyiv"},
    {"Pacific/Enderbury", "Pacific/Kanton"},
    {"Pacific/Ponape", "Pacific/Pohnpei"},
    {"Pacific/Truk", "Pacific/Chuuk"},
    {"Africa/Timbuktu", "Africa/Bamako"},
}};

TextMap make_countries() {
  TextMap countries;
  for (const char* const* code = icu::Locale::getISOCountries(); *code != nullptr; ++code) {
    const icu::Locale locale("", *code);
    icu::UnicodeString name;
    locale.getDisplayCountry(icu::Locale::getEnglish(), name);
    std::string english;
    name.toUTF8String(english);
    countries.emplace(fold_text(*code), *code);
    countries.emplace(fold_text(locale.getISO3Country()), *code);
    countries.emplace(fold_text(english), *code);
  }
  countries.emplace("uk", "GB");
  return countries;
}

TextSet make_zones() {
  TextSet zones;
  UErrorCode status = U_ZERO_ERROR;
  const std::unique_ptr<icu::StringEnumeration> ids(icu::TimeZone::createEnumeration(status));
  while (U_SUCCESS(status)) {
    const icu::UnicodeString* id = ids->snext(status);
    if (id == nullptr) break;
    std::string name;
    id->toUTF8String(name);
    if (name.contains('/') || name == "UTC") zones.insert(std::move(name));
  }
  return zones;
}

// Whether two zones show the same local time in winter and in summer.
bool agree(const icu::TimeZone& a, const icu::TimeZone& b) {
  using namespace std::chrono;
  for (const auto day : {2026y / January / 15, 2026y / July / 15}) {
    const auto at = static_cast<UDate>(sys_time<milliseconds>{sys_days{day}}.time_since_epoch().count());
    std::array<std::int32_t, 4> offsets{};
    UErrorCode status = U_ZERO_ERROR;
    a.getOffset(at, 0, offsets[0], offsets[1], status);
    b.getOffset(at, 0, offsets[2], offsets[3], status);
    if (U_FAILURE(status) || offsets[0] + offsets[1] != offsets[2] + offsets[3]) return false;
  }
  return true;
}

std::string find_only_zone(const char* country) {
  UErrorCode status = U_ZERO_ERROR;
  const std::unique_ptr<icu::StringEnumeration> ids(
      icu::TimeZone::createTimeZoneIDEnumeration(UCAL_ZONE_TYPE_CANONICAL_LOCATION, country, nullptr, status));
  std::string name;
  std::unique_ptr<icu::TimeZone> first;
  while (U_SUCCESS(status)) {
    const icu::UnicodeString* id = ids->snext(status);
    if (id == nullptr) break;
    std::unique_ptr<icu::TimeZone> zone(icu::TimeZone::createTimeZone(*id));
    if (first == nullptr) {
      id->toUTF8String(name);
      first = std::move(zone);
    } else if (!agree(*first, *zone)) {
      return {};
    }
  }
  const auto* const renamed =
      std::ranges::find(renamed_zones, name, &std::pair<std::string_view, std::string_view>::first);
  return renamed == renamed_zones.end() || !is_time_zone(renamed->second) ? name : std::string(renamed->second);
}

TextMap make_zones_of_countries() {
  TextMap zones;
  for (const char* const* code = icu::Locale::getISOCountries(); *code != nullptr; ++code) {
    zones.emplace(*code, find_only_zone(*code));
  }
  return zones;
}

}  // namespace

std::optional<std::string> find_country(std::string_view text) {
  static const TextMap countries = make_countries();
  const auto found = countries.find(fold_text(text));
  if (found == countries.end()) return std::nullopt;
  return found->second;
}

bool is_time_zone(std::string_view name) {
  static const TextSet zones = make_zones();
  return zones.contains(name);
}

std::string_view time_zone_of_country(std::string_view country) {
  static const TextMap zones = make_zones_of_countries();
  const auto found = zones.find(country);
  return found == zones.end() ? std::string_view{} : std::string_view{found->second};
}

std::optional<std::string> find_language(std::string_view text) {
  if (text.empty() || text.size() > 64 || !is_ascii(text)) return std::nullopt;
  std::string tag(text);
  std::ranges::replace(tag, '_', '-');
  std::array<char, 128> locale{};
  std::int32_t parsed = 0;
  UErrorCode status = U_ZERO_ERROR;
  uloc_forLanguageTag(tag.c_str(), locale.data(), static_cast<std::int32_t>(locale.size()), &parsed, &status);
  if (U_FAILURE(status) || static_cast<std::size_t>(parsed) != tag.size()) return std::nullopt;
  std::array<char, 128> canonical{};
  const std::int32_t length =
      uloc_toLanguageTag(locale.data(), canonical.data(), static_cast<std::int32_t>(canonical.size()), 1, &status);
  if (U_FAILURE(status) || length <= 0 || canonical[0] == '\0') return std::nullopt;
  return std::string(canonical.data(), static_cast<std::size_t>(length));
}

}  // namespace clarion
