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
};

struct CountryShape {
  std::vector<RegionShape> regions;
  std::optional<DigitPattern> beginnings;  // of its numbers
  std::uint32_t national_prefixes = 0;     // which of the beginnings libphonenumber would take off
  std::vector<std::uint32_t> leads;        // per region, which beginning it has; 0: none

  // libphonenumber picks a region whose beginning the number has, or else one without a beginning that knows it.
  // Only where all it could pick agree is its answer certain.
  [[nodiscard]] PhoneJudgement judge(std::string_view national) const {
    if (regions.empty()) return PhoneJudgement::Unsure;
    const std::uint32_t begins = beginnings ? beginnings->match_any_prefix(national) : 0;
    if ((begins & national_prefixes) != 0) return PhoneJudgement::Unsure;
    bool is_known = false;
    bool is_missed = false;
    for (std::size_t i = 0; i < regions.size(); ++i) {
      const bool has_beginning = (begins & leads[i]) != 0;
      if (leads[i] != 0 && !has_beginning) continue;
      if (regions[i].is_known(national)) {
        is_known = true;
      } else if (has_beginning) {
        is_missed = true;
      }
    }
    if (!is_known) return PhoneJudgement::NoNumber;
    return is_missed ? PhoneJudgement::Unsure : PhoneJudgement::Valid;
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
  return RegionShape{std::move(*kinds), std::move(lengths)};
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
  // A shape without regions where not everything is understood.
  static std::unique_ptr<const CountryShape> make_country(const std::vector<const PhoneMetadata*>& regions) {
    auto unknown = std::make_unique<CountryShape>();
    auto shape = std::make_unique<CountryShape>();
    const PhoneMetadata* main = regions.front();
    std::vector<std::string_view> beginnings;
    const auto add_beginning = [&](const std::string& pattern) {
      if (pattern.empty()) return 0U;
      beginnings.push_back(pattern);
      return 1U << (beginnings.size() - 1) % 32;  // compile() refuses more than 32
    };
    for (const PhoneMetadata* region : regions) {
      auto made = make_region(*region);
      if (!made) return unknown;
      shape->regions.push_back(std::move(*made));
      // A region that is alone is picked whatever its numbers begin with.
      shape->leads.push_back(regions.size() == 1 ? 0U : add_beginning(region->leading_digits()));
      if (region->main_country_for_code()) main = region;
    }
    if (regions.size() > 1 && !main->main_country_for_code()) return unknown;
    shape->national_prefixes = add_beginning(main->national_prefix_for_parsing());
    if (!beginnings.empty()) {
      shape->beginnings = DigitPattern::compile(beginnings);
      if (!shape->beginnings) return unknown;
    }
    return shape;
  }

  PhoneMetadataCollection metadata_;
  std::array<std::vector<const PhoneMetadata*>, 1000> regions_;
  std::array<std::atomic<const CountryShape*>, 1000> shapes_{};
  std::array<std::unique_ptr<const CountryShape>, 1000> owned_;
  std::mutex mutex_;
};

}  // namespace

PhoneJudgement judge_e164(std::string_view text) {
  static ShapeCatalogue catalogue;
  if (text.size() < 6 || text.size() > 16 || text[0] != '+' || text[1] == '0') return PhoneJudgement::Unsure;
  if (!std::all_of(text.begin() + 1, text.end(), [](char c) { return c >= '0' && c <= '9'; })) {
    return PhoneJudgement::Unsure;
  }
  std::size_t code = 0;
  for (std::size_t digits = 1; digits <= 3; ++digits) {
    code = code * 10 + static_cast<std::size_t>(text[digits] - '0');
    if (!catalogue.is_country_code(code)) continue;
    const std::string_view national = text.substr(digits + 1);
    // Numbers that begin with 0 are told apart by a flag in libphonenumber.
    return national.front() == '0' ? PhoneJudgement::Unsure : catalogue.shape_of(code).judge(national);
  }
  return PhoneJudgement::Unsure;
}

}  // namespace clarion
