#include "decision/local_time.h"

#include <unicode/basictz.h>
#include <unicode/strenum.h>
#include <unicode/timezone.h>
#include <unicode/tztrans.h>
#include <unicode/unistr.h>

#include <boost/unordered/unordered_flat_map.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <vector>

#include "base/hash.h"

namespace clarion {
namespace {

constexpr double minute_ms = 60'000;
constexpr double day_ms = 1440 * minute_ms;

using Zone = std::unique_ptr<icu::BasicTimeZone>;

icu::UnicodeString to_icu(std::string_view text) {
  return icu::UnicodeString::fromUTF8(icu::StringPiece(text.data(), static_cast<std::int32_t>(text.size())));
}

// nullptr when there is no such zone.
Zone open_zone(const icu::UnicodeString& id) {
  const std::unique_ptr<icu::TimeZone> zone(icu::TimeZone::createTimeZone(id));
  if (!zone || *zone == icu::TimeZone::getUnknown()) return nullptr;
  const auto* basic = dynamic_cast<const icu::BasicTimeZone*>(zone.get());
  return Zone(basic != nullptr ? basic->clone() : nullptr);
}

Zone open_zone(std::string_view name) {
  // ICU reads "GMT+3" and three-letter abbreviations as zones too; an IANA name has neither form.
  if (name.empty() || name.size() > 64) return nullptr;
  return open_zone(to_icu(name));
}

std::vector<Zone> open_zones_of(std::string_view country) {
  std::vector<Zone> zones;
  if (country.size() != 2) return zones;
  UErrorCode status = U_ZERO_ERROR;
  const std::string region(country);
  const std::unique_ptr<icu::StringEnumeration> ids(
      icu::TimeZone::createTimeZoneIDEnumeration(UCAL_ZONE_TYPE_CANONICAL_LOCATION, region.c_str(), nullptr, status));
  if (U_FAILURE(status) || !ids) return zones;
  while (const icu::UnicodeString* id = ids->snext(status)) {
    if (Zone zone = open_zone(*id)) zones.push_back(std::move(zone));
  }
  return zones;
}

double to_ms(WallTime time) {
  return static_cast<double>(time.time_since_epoch().count());
}

WallTime from_ms(double ms) {
  return WallTime(std::chrono::milliseconds(static_cast<std::int64_t>(std::llround(ms))));
}

double to_local(const icu::BasicTimeZone& zone, double utc) {
  std::int32_t raw = 0;
  std::int32_t daylight = 0;
  UErrorCode status = U_ZERO_ERROR;
  zone.getOffset(utc, false, raw, daylight, status);
  return utc + raw + daylight;
}

// A time that the clock skips is the moment of the change, one that it shows twice the second of the two.
double to_utc(const icu::BasicTimeZone& zone, double local) {
  std::int32_t raw = 0;
  std::int32_t daylight = 0;
  UErrorCode status = U_ZERO_ERROR;
  zone.getOffsetFromLocal(local, UCAL_TZ_LOCAL_FORMER, UCAL_TZ_LOCAL_LATTER, raw, daylight, status);
  const double utc = local - raw - daylight;
  icu::TimeZoneTransition change;
  if (to_local(zone, utc) != local && zone.getPreviousTransition(utc, true, change)) return change.getTime();
  return utc;
}

std::optional<double> quiet_until_in(const icu::BasicTimeZone& zone, const QuietHours& quiet, double utc) {
  const double local = to_local(zone, utc);
  const double midnight = std::floor(local / day_ms) * day_ms;
  const double minute = (local - midnight) / minute_ms;
  const bool crosses = quiet.start_minute > quiet.end_minute;
  const bool is_after_start = minute >= quiet.start_minute;
  const bool is_before_end = minute < quiet.end_minute;
  if (crosses ? !(is_after_start || is_before_end) : !(is_after_start && is_before_end)) return std::nullopt;
  const double end = midnight + (crosses && is_after_start ? day_ms : 0) + quiet.end_minute * minute_ms;
  return to_utc(zone, end);
}

// The first instant from `utc` on that is quiet in none of the zones; the latest end found when there is none within
// a few days, because zones all around the globe leave no common waking hour.
std::optional<double> quiet_until_in_all(const std::vector<Zone>& zones, const QuietHours& quiet, double utc) {
  double time = utc;
  for (int round = 0; round < 16; ++round) {
    const double before = time;
    for (const Zone& zone : zones) {
      if (const auto end = quiet_until_in(*zone, quiet, time)) time = *end;
    }
    if (time == before) break;
  }
  if (time == utc) return std::nullopt;
  return time;
}

// The first instant after `utc` at which quiet hours begin in one of the zones. Where the clock shows that time twice
// it is the first, where it skips it the one before the change: never too late.
double next_quiet_start(const std::vector<Zone>& zones, const QuietHours& quiet, double utc) {
  double first = std::numeric_limits<double>::infinity();
  if (quiet.start_minute == quiet.end_minute) return first;
  for (const Zone& zone : zones) {
    const double local = to_local(*zone, utc);
    double start = std::floor(local / day_ms) * day_ms + quiet.start_minute * minute_ms;
    if (start <= local) start += day_ms;
    std::int32_t raw = 0;
    std::int32_t daylight = 0;
    UErrorCode status = U_ZERO_ERROR;
    zone->getOffsetFromLocal(start, UCAL_TZ_LOCAL_LATTER, UCAL_TZ_LOCAL_FORMER, raw, daylight, status);
    first = std::min(first, start - raw - daylight);
  }
  return first;
}

// A stretch of time with one answer.
struct Stretch {
  double from = 0;
  double until = 0;  // not included
  bool is_quiet = false;
};

struct Place {
  std::vector<Zone> zones;  // never empty
  Stretch stretch;          // of the latest question
  std::array<std::optional<WallTime>, 24> next_hour;
};

}  // namespace

struct LocalTimes::State {
  WallTime now;
  QuietHours quiet;
  std::string fallback_zone;
  boost::unordered_flat_map<std::uint64_t, std::unique_ptr<Place>> places;

  Place& find(std::string_view zone, std::string_view country) {
    const std::uint64_t key = hash64(zone, hash64(country));
    const auto [entry, is_new] = places.try_emplace(key);
    if (is_new) entry->second = open(zone, country);
    return *entry->second;
  }

  std::unique_ptr<Place> open(std::string_view name, std::string_view country) const {
    auto place = std::make_unique<Place>();
    if (Zone zone = open_zone(name)) {
      place->zones.push_back(std::move(zone));
      return place;
    }
    place->zones = open_zones_of(country);
    if (!place->zones.empty()) return place;
    Zone fallback = open_zone(fallback_zone);
    if (!fallback) fallback = open_zone(std::string_view("Etc/UTC"));
    place->zones.push_back(std::move(fallback));
    return place;
  }
};

LocalTimes::LocalTimes(WallTime now, QuietHours quiet, std::string fallback_zone)
    : state_(std::make_unique<State>(State{now, quiet, std::move(fallback_zone), {}})) {}
LocalTimes::~LocalTimes() = default;
LocalTimes::LocalTimes(LocalTimes&&) noexcept = default;
LocalTimes& LocalTimes::operator=(LocalTimes&&) noexcept = default;

std::optional<WallTime> LocalTimes::quiet_until(std::string_view zone, std::string_view country, WallTime at) {
  Place& place = state_->find(zone, country);
  const double time = to_ms(at);
  Stretch& stretch = place.stretch;
  if (time < stretch.from || time >= stretch.until) {
    const auto end = quiet_until_in_all(place.zones, state_->quiet, time);
    stretch = {time, end ? *end : next_quiet_start(place.zones, state_->quiet, time), end.has_value()};
  }
  if (!stretch.is_quiet) return std::nullopt;
  return from_ms(stretch.until);
}

std::optional<WallTime> LocalTimes::quiet_until(std::string_view zone, std::string_view country) {
  return quiet_until(zone, country, state_->now);
}

WallTime LocalTimes::next_hour(std::string_view zone, std::string_view country, std::int32_t hour) {
  Place& place = state_->find(zone, country);
  auto& cached = place.next_hour[static_cast<std::size_t>(hour)];
  if (cached) return *cached;
  const icu::BasicTimeZone& first = *place.zones.front();
  const double local = to_local(first, to_ms(state_->now));
  const double midnight = std::floor(local / day_ms) * day_ms;
  const double start = midnight + hour * 60 * minute_ms;
  const bool is_now = local >= start && local < start + 60 * minute_ms;
  const double wanted = is_now ? to_ms(state_->now) : to_utc(first, local < start ? start : start + day_ms);
  cached = from_ms(quiet_until_in_all(place.zones, state_->quiet, wanted).value_or(wanted));
  return *cached;
}

}  // namespace clarion
