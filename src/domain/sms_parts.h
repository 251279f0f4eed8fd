#pragma once
// SMS parts: how many messages a carrier sends, and bills, for one text.
//
// Units      septets for GSM-7 (an extension character is two), UTF-16 code units for UCS-2 (a surrogate pair is two).
// Algorithm  3GPP TS 23.038 section 6.2.1 (default alphabet and its extension table) and TS 23.040 section 9.2.3.24.1
//            (concatenation: a 6-byte header leaves 153 septets or 67 code units a part). One part holds 160 or 70.
//            Neither an escape sequence nor a surrogate pair is divided between two parts; it moves to the next one.

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace clarion {

enum class SmsEncoding : std::uint8_t { Gsm7, Ucs2 };
[[nodiscard]] std::string_view to_string(SmsEncoding encoding);  // "GSM-7", "UCS-2"

struct SmsParts {
  SmsEncoding encoding = SmsEncoding::Gsm7;
  std::int32_t units = 0;      // of the whole text, without padding
  std::int32_t parts = 0;      // 0 only for an empty text
  std::int32_t part_size = 0;  // units that one part of this text holds
  // The distinct characters that are not in GSM-7, in UTF-8 and in order, at most sixteen; empty for GSM-7.
  std::string forced_by;
  bool operator==(const SmsParts&) const = default;
};

// Invalid when `utf8` is not UTF-8.
[[nodiscard]] Result<SmsParts> count_sms_parts(std::string_view utf8);

}  // namespace clarion
