#include "domain/sms_parts.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "domain/utf8.h"

namespace clarion {
namespace {

// Septets of each ASCII character; 0 when GSM-7 does not have it.
constexpr std::array<std::uint8_t, 128> ascii_septets = [] {
  std::array<std::uint8_t, 128> septets{};
  for (std::size_t c = 0x20; c < 0x7f; ++c) septets[c] = 1;
  septets['\n'] = 1;
  septets['\r'] = 1;
  septets['`'] = 0;
  for (const char c : {'\f', '^', '{', '}', '\\', '[', '~', ']', '|'}) septets[static_cast<unsigned char>(c)] = 2;
  return septets;
}();

// The other characters of the default alphabet, sorted.
constexpr std::array<char16_t, 39> gsm7_beyond_ascii = [] {
  std::array<char16_t, 39> all{u'£', u'¥', u'è', u'é', u'ù', u'ì', u'ò', u'Ç', u'Ø', u'ø', u'Å', u'å', u'Δ',
                               u'Φ', u'Γ', u'Λ', u'Ω', u'Π', u'Ψ', u'Σ', u'Θ', u'Ξ', u'Æ', u'æ', u'ß', u'É',
                               u'¤', u'¡', u'Ä', u'Ö', u'Ñ', u'Ü', u'§', u'¿', u'ä', u'ö', u'ñ', u'ü', u'à'};
  std::ranges::sort(all);
  return all;
}();

constexpr std::int32_t septets_of(char32_t code) {
  if (code < 128) return ascii_septets[code];
  if (code == U'€') return 2;
  return code <= 0xffff && std::ranges::binary_search(gsm7_beyond_ascii, static_cast<char16_t>(code)) ? 1 : 0;
}

constexpr std::int32_t code_units_of(char32_t code) {
  return code > 0xffff ? 2 : 1;
}

// Fills parts of a fixed size with characters that cannot be divided.
struct PartFiller {
  std::int32_t part_size = 0;
  std::int32_t parts = 1;
  std::int32_t used = 0;

  void add(std::int32_t units) {
    if (used + units > part_size) {
      ++parts;
      used = 0;
    }
    used += units;
  }
};

constexpr std::size_t max_plain_bytes = 1'000'000;

SmsParts count_plain(std::int32_t septets) {
  const bool is_single = septets <= 160;
  return {.encoding = SmsEncoding::Gsm7,
          .units = septets,
          .parts = septets == 0 ? 0
                   : is_single  ? 1
                                : (septets + 152) / 153,
          .part_size = is_single ? 160 : 153,
          .forced_by = {}};
}

constexpr std::size_t max_forced_characters = 16;

void note_forced(std::string& forced_by, std::size_t& count, std::string_view character) {
  if (count == max_forced_characters || forced_by.find(character) != std::string::npos) return;
  forced_by.append(character);
  ++count;
}

}  // namespace

std::string_view to_string(SmsEncoding encoding) {
  return encoding == SmsEncoding::Gsm7 ? "GSM-7" : "UCS-2";
}

Result<SmsParts> count_sms_parts(std::string_view utf8) {
  // Most texts are plain: one septet a character, so that parts are a division.
  const auto is_plain = [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 128 && ascii_septets[byte] == 1;
  };
  if (utf8.size() <= max_plain_bytes && std::ranges::all_of(utf8, is_plain)) {
    return count_plain(static_cast<std::int32_t>(utf8.size()));
  }
  // Both encodings are counted in one pass; at the end the text decides which of them it needs.
  PartFiller gsm7{.part_size = 153};
  PartFiller ucs2{.part_size = 67};
  std::int32_t septets = 0;
  std::int32_t code_units = 0;
  std::size_t forced_count = 0;
  SmsParts result;
  for (std::size_t at = 0; at < utf8.size();) {
    const auto byte = static_cast<unsigned char>(utf8[at]);
    if (byte < 128 && ascii_septets[byte] != 0) {
      gsm7.add(ascii_septets[byte]);
      septets += ascii_septets[byte];
      ucs2.add(1);
      ++code_units;
      ++at;
      continue;
    }
    const auto character = decode_utf8(utf8, at);
    if (!character) {
      return fail(ErrorKind::Invalid, fmt::format("The text is not valid UTF-8 at byte {}; save it as UTF-8.", at));
    }
    const std::int32_t width = septets_of(character->code);
    if (width == 0) note_forced(result.forced_by, forced_count, utf8.substr(at, character->bytes));
    gsm7.add(width);
    septets += width;
    ucs2.add(code_units_of(character->code));
    code_units += code_units_of(character->code);
    at += character->bytes;
  }
  result.encoding = forced_count == 0 ? SmsEncoding::Gsm7 : SmsEncoding::Ucs2;
  const bool is_gsm7 = result.encoding == SmsEncoding::Gsm7;
  const std::int32_t whole = is_gsm7 ? 160 : 70;
  const PartFiller& filled = is_gsm7 ? gsm7 : ucs2;
  result.units = is_gsm7 ? septets : code_units;
  const bool is_single = result.units <= whole;
  result.parts = utf8.empty() ? 0 : is_single ? 1 : filled.parts;
  result.part_size = is_single ? whole : filled.part_size;
  return result;
}

}  // namespace clarion
