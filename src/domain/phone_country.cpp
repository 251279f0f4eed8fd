#include "domain/phone_country.h"

#include <array>
#include <cstddef>

namespace clarion {
namespace {

// ITU-T E.164, list of assigned country codes, and the North American Numbering Plan, as libphonenumber 8.12 has them
// (a test compares): where countries share a code, the largest.
constexpr std::string_view calling_codes =
    "RU7 EG20 ZA27 GR30 NL31 BE32 FR33 ES34 HU36 IT39 RO40 CH41 AT43 GB44 DK45 SE46 NO47 PL48 DE49 PE51 MX52 CU53 "
    "AR54 BR55 CL56 CO57 VE58 MY60 AU61 ID62 PH63 NZ64 SG65 TH66 JP81 KR82 VN84 CN86 TR90 IN91 PK92 AF93 LK94 "
    "MM95 IR98 SS211 MA212 DZ213 TN216 LY218 GM220 SN221 MR222 ML223 GN224 CI225 BF226 NE227 TG228 BJ229 MU230 "
    "LR231 SL232 GH233 NG234 TD235 CF236 CM237 CV238 ST239 GQ240 GA241 CG242 CD243 AO244 GW245 IO246 AC247 SC248 "
    "SD249 RW250 ET251 SO252 DJ253 KE254 TZ255 UG256 BI257 MZ258 ZM260 MG261 RE262 ZW263 NA264 MW265 LS266 BW267 "
    "SZ268 KM269 SH290 ER291 AW297 FO298 GL299 GI350 PT351 LU352 IE353 IS354 AL355 MT356 CY357 FI358 BG359 LT370 "
    "LV371 EE372 MD373 AM374 BY375 AD376 MC377 SM378 UA380 RS381 ME382 XK383 HR385 SI386 BA387 MK389 CZ420 SK421 "
    "LI423 FK500 BZ501 GT502 SV503 HN504 NI505 CR506 PA507 PM508 HT509 GP590 BO591 GY592 EC593 GF594 PY595 MQ596 "
    "SR597 UY598 CW599 TL670 NF672 BN673 NR674 PG675 TO676 SB677 VU678 FJ679 PW680 WF681 CK682 NU683 WS685 KI686 "
    "NC687 TV688 PF689 TK690 FM691 MH692 KP850 HK852 MO853 KH855 LA856 BD880 TW886 MV960 LB961 JO962 SY963 IQ964 "
    "KW965 SA966 YE967 OM968 PS970 AE971 IL972 BH973 QA974 BT975 MN976 NP977 TJ992 TM993 AZ994 GE995 KG996 UZ998";
// Of calling code 1; the others are of the United States.
constexpr std::string_view area_codes =
    "AG 268 AI 264 AS 684 BB 246 BM 441 BS 242 CA 204 226 236 249 250 263 289 306 343 365 367 368 403 416 418 431 "
    "437 438 450 468 474 506 514 519 548 579 581 584 587 600 604 613 622 639 647 672 705 709 742 753 778 780 782 "
    "807 819 825 867 873 902 905 DM 767 DO 809 829 849 GD 473 GU 671 JM 658 876 KN 869 KY 345 LC 758 MP 670 MS "
    "664 PR 787 939 SX 721 TC 649 TT 868 VC 784 VG 284 VI 340";

using Country = std::array<char, 2>;
using Table = std::array<Country, 1000>;  // by the number's value

constexpr bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// "US1 RU7" and "CA204 226" alike: a country holds until the next one.
constexpr Table read_table(std::string_view text) {
  Table table{};
  Country country{};
  for (std::size_t i = 0; i < text.size();) {
    if (text[i] == ' ') {
      ++i;
    } else if (is_digit(text[i])) {
      std::size_t number = 0;
      for (; i < text.size() && is_digit(text[i]); ++i) number = number * 10 + static_cast<std::size_t>(text[i] - '0');
      table[number] = country;
    } else {
      country = {text[i], text[i + 1]};
      i += 2;
    }
  }
  return table;
}

constexpr Table by_calling_code = read_table(calling_codes);
constexpr Table by_area_code = read_table(area_codes);
constexpr Country united_states{'U', 'S'};
constexpr Country kazakhstan{'K', 'Z'};

std::string_view text_of(const Country& country) {
  return country[0] == 0 ? std::string_view() : std::string_view(country.data(), country.size());
}

}  // namespace

std::string_view country_of_phone(std::string_view e164) {
  if (!e164.starts_with('+')) return {};
  const std::string_view digits = e164.substr(1);
  if (digits.starts_with('1')) {
    if (digits.size() < 4) return {};
    std::size_t area = 0;
    for (const char c : digits.substr(1, 3)) {
      if (!is_digit(c)) return {};
      area = area * 10 + static_cast<std::size_t>(c - '0');
    }
    const std::string_view other = text_of(by_area_code[area]);
    return other.empty() ? text_of(united_states) : other;
  }
  if (digits.starts_with("76") || digits.starts_with("77")) return text_of(kazakhstan);
  // No calling code is the beginning of another.
  std::size_t code = 0;
  for (const char c : digits.substr(0, 3)) {
    if (!is_digit(c)) return {};
    code = code * 10 + static_cast<std::size_t>(c - '0');
    if (const std::string_view country = text_of(by_calling_code[code]); !country.empty()) return country;
  }
  return {};
}

}  // namespace clarion
