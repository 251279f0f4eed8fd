#include "audience/phone_shapes.h"

#include <phonenumbers/phonemetadata.pb.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "audience/digit_pattern.h"

// libphonenumber's table, exported by the library but declared in a header that is not installed (metadata.h).
namespace i18n::phonenumbers {
int metadata_size();
const void* metadata_get();
}  // namespace i18n::phonenumbers

namespace clarion {
namespace {

using i18n::phonenumbers::PhoneMetadata;
using i18n::phonenumbers::PhoneMetadataCollection;
using i18n::phonenumbers::PhoneNumberDesc;

// One region's numbers. Pattern 0 is what all of them look like, the rest are the kinds of numbers.
struct RegionShape {
  DigitPattern kinds;
  std::vector<std::uint32_t> lengths;  // per pattern, bit n: n digits are possible; 0: any
  std::optional<DigitPattern> leading;

  // As PhoneNumberUtil::GetNumberTypeHelper: some kind is known.
  [[nodiscard]] bool is_known(std::string_view national) const {
    const std::uint32_t matched = kinds.match(national);
    const auto holds = [&](std::size_t i) {
      return (matched >> i & 1U) != 0 && (lengths[i] == 0 || (lengths[i] >> national.size() & 1U) != 0);
    };
    if (!holds(0)) return false;
    for (std::size_t i = 1; i < lengths.size(); ++i) {
      if (holds(i)) return true;
    }
    return false;
  }
  [[nodiscard]] bool leads(std::string_view national) const {
    return leading && leading->match_any_prefix(national) != 0;
  }
};

struct CountryShape {
  std::vector<RegionShape> regions;
  std::optional<DigitPattern> national_prefix;
  bool is_usable = false;

  // Whatever region libphonenumber would pick, it would know the number there: it picks one whose leading digits
  // match, or else one that has none and knows the number.
  [[nodiscard]] bool is_valid(std::string_view national) const {
    if (!is_usable || (national_prefix && national_prefix->match_any_prefix(national) != 0)) return false;
    if (regions.size() == 1) return regions[0].is_known(national);
    bool is_known_somewhere = false;
    for (const RegionShape& region : regions) {
      const bool is_known = region.is_known(national);
      if (region.leads(national) && !is_known) return false;
      is_known_somewhere = is_known_somewhere || (is_known && (!region.leading || region.leads(national)));
    }
    return is_known_somewhere;
  }
};

std::optional<RegionShape> make_region(const PhoneMetadata& metadata) {
  std::vector<std::string_view> patterns;
  std::vector<std::uint32_t> lengths;
  for (const PhoneNumberDesc* desc :
       {&metadata.general_desc(), &metadata.premium_rate(), &metadata.toll_free(), &metadata.shared_cost(),
        &metadata.voip(), &metadata.personal_number(), &metadata.pager(), &metadata.uan(), &metadata.voicemail(),
        &metadata.fixed_line(), &metadata.mobile()}) {
    if (desc->national_number_pattern().empty()) {
      // Only the first pattern has a fixed place.
      if (patterns.empty()) return std::nullopt;
      continue;
    }
    std::uint32_t possible = 0;
    for (const int length : desc->possible_length()) {
      // -1 says that there are no numbers of this kind; bit 31 stands for a length that never occurs.
      possible |= 1U << static_cast<unsigned>(length < 0 || length > 30 ? 31 : length);
    }
    patterns.push_back(desc->national_number_pattern());
    lengths.push_back(possible);
  }
  auto kinds = DigitPattern::compile(patterns);
  if (!kinds) return std::nullopt;
  RegionShape shape{std::move(*kinds), std::move(lengths), std::nullopt};
  if (!metadata.leading_digits().empty()) {
    const std::string& leading = metadata.leading_digits();
    shape.leading = DigitPattern::compile({leading});
    if (!shape.leading) return std::nullopt;
  }
  return shape;
}

class ShapeCatalogue {
 public:
  ShapeCatalogue() {
    if (!metadata_.ParseFromArray(i18n::phonenumbers::metadata_get(), i18n::phonenumbers::metadata_size())) return;
    for (const PhoneMetadata& region : metadata_.metadata()) {
      const int code = region.country_code();
      if (code > 0 && code < 1000) regions_[static_cast<std::size_t>(code)].push_back(&region);
    }
  }

  [[nodiscard]] bool is_country_code(std::size_t code) const { return !regions_[code].empty(); }

  const CountryShape& shape_of(std::size_t code) {
    const CountryShape* known = shapes_[code].load(std::memory_order_acquire);
    if (known != nullptr) return *known;
    const std::scoped_lock lock(mutex_);
    if (owned_[code] == nullptr) {
      owned_[code] = make_country(regions_[code]);
      shapes_[code].store(owned_[code].get(), std::memory_order_release);
    }
    return *owned_[code];
  }

 private:
  static std::unique_ptr<const CountryShape> make_country(const std::vector<const PhoneMetadata*>& regions) {
    auto shape = std::make_unique<CountryShape>();
    const PhoneMetadata* main = regions.front();
    for (const PhoneMetadata* region : regions) {
      auto made = make_region(*region);
      if (!made) return shape;
      shape->regions.push_back(std::move(*made));
      if (region->main_country_for_code()) main = region;
    }
    if (regions.size() > 1 && !main->main_country_for_code()) return shape;
    if (!main->national_prefix_for_parsing().empty()) {
      const std::string& prefix = main->national_prefix_for_parsing();
      shape->national_prefix = DigitPattern::compile({prefix});
      if (!shape->national_prefix) return shape;
    }
    shape->is_usable = true;
    return shape;
  }

  PhoneMetadataCollection metadata_;
  std::array<std::vector<const PhoneMetadata*>, 1000> regions_;
  std::array<std::atomic<const CountryShape*>, 1000> shapes_{};
  std::array<std::unique_ptr<const CountryShape>, 1000> owned_;
  std::mutex mutex_;
};

}  // namespace

bool is_certainly_valid_e164(std::string_view text) {
  static ShapeCatalogue catalogue;
  if (text.size() < 6 || text.size() > 16 || text[0] != '+' || text[1] == '0') return false;
  if (!std::all_of(text.begin() + 1, text.end(), [](char c) { return c >= '0' && c <= '9'; })) return false;
  std::size_t code = 0;
  for (std::size_t digits = 1; digits <= 3; ++digits) {
    code = code * 10 + static_cast<std::size_t>(text[digits] - '0');
    if (!catalogue.is_country_code(code)) continue;
    const std::string_view national = text.substr(digits + 1);
    // Numbers that begin with 0 are told apart by a flag in libphonenumber.
    return national.front() != '0' && catalogue.shape_of(code).is_valid(national);
  }
  return false;
}

}  // namespace clarion
