#include "audience/address_rules.h"

#include <phonenumbers/phonenumberutil.h>
#include <unicode/bytestream.h>
#include <unicode/idna.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
#include <utility>

#include "audience/phone_shapes.h"
#include "base/text.h"

namespace clarion {
namespace {

using i18n::phonenumbers::PhoneNumber;
using i18n::phonenumbers::PhoneNumberUtil;

// What a byte may be part of.
enum class CharacterUse : std::uint8_t { Local = 1, Domain = 2, Digit = 4, UpperCase = 8 };

constexpr std::uint8_t bit(CharacterUse use) {
  return std::to_underlying(use);
}

constexpr auto character_uses = [] {
  std::array<std::uint8_t, 256> uses{};
  const auto add = [&uses](char first, char last, std::uint8_t bits) {
    for (char c = first; c <= last; ++c) uses[static_cast<unsigned char>(c)] |= bits;
  };
  add('a', 'z', bit(CharacterUse::Local) | bit(CharacterUse::Domain));
  add('A', 'Z', bit(CharacterUse::Local) | bit(CharacterUse::Domain) | bit(CharacterUse::UpperCase));
  add('0', '9', bit(CharacterUse::Local) | bit(CharacterUse::Domain) | bit(CharacterUse::Digit));
  for (const char c : std::string_view("-_+!#$%&'*/=?^`{|}~.")) add(c, c, bit(CharacterUse::Local));
  add('-', '-', bit(CharacterUse::Domain));
  return uses;
}();

bool may_be(char c, CharacterUse use) {
  return (character_uses[static_cast<unsigned char>(c)] & bit(use)) != 0;
}

bool is_local_part(std::string_view local) {
  if (local.empty() || local.back() == '.') return false;
  char before = '.';
  for (const char c : local) {
    if ((c == '.' && before == '.') || !may_be(c, CharacterUse::Local)) return false;
    before = c;
  }
  return true;
}

// Two or more labels of letters, digits and inner hyphens; the last one is not a number.
bool is_domain(std::string_view domain) {
  std::size_t labels = 0;
  std::size_t label_bytes = 0;
  std::size_t digits = 0;  // of the label
  char before = '.';
  for (const char c : domain) {
    if (c == '.') {
      if (label_bytes == 0 || label_bytes > 63 || before == '-') return false;
      ++labels;
      label_bytes = digits = 0;
    } else {
      if (!may_be(c, CharacterUse::Domain) || (c == '-' && before == '.')) return false;
      ++label_bytes;
      digits += may_be(c, CharacterUse::Digit) ? 1U : 0U;
    }
    before = c;
  }
  return labels >= 1 && label_bytes > 0 && label_bytes <= 63 && before != '-' && digits != label_bytes;
}

Result<std::string> to_ascii_domain(std::string_view domain) {
  UErrorCode status = U_ZERO_ERROR;
  static const std::unique_ptr<const icu::IDNA> idna(icu::IDNA::createUTS46Instance(
      UIDNA_CHECK_BIDI | UIDNA_CHECK_CONTEXTJ | UIDNA_NONTRANSITIONAL_TO_ASCII | UIDNA_USE_STD3_RULES, status));
  std::string ascii;
  icu::StringByteSink<std::string> sink(&ascii);
  icu::IDNAInfo info;
  if (idna == nullptr) return fail(ErrorKind::Internal, "international domains cannot be checked on this machine");
  idna->nameToASCII_UTF8(icu::StringPiece(domain.data(), static_cast<std::int32_t>(domain.size())), sink, info, status);
  if (U_FAILURE(status) || info.hasErrors()) return fail(ErrorKind::Invalid, "its international domain is not valid");
  return ascii;
}

}  // namespace

Result<std::string> read_phone(std::string_view text, std::string_view country) {
  text = trim(text);
  if (text.empty()) return fail(ErrorKind::Invalid, "it is empty");
  if (text.size() > 40) return fail(ErrorKind::Invalid, "it is longer than any phone number");
  constexpr std::string_view no_such_number = "no such number can exist in its country";
  switch (judge_e164(text)) {
    case PhoneJudgement::Valid: return std::string(text);
    case PhoneJudgement::NoNumber: return fail(ErrorKind::Invalid, std::string(no_such_number));
    case PhoneJudgement::Unsure: break;
  }
  const PhoneNumberUtil& util = *PhoneNumberUtil::GetInstance();
  PhoneNumber number;
  const std::string region = country.empty() ? "ZZ" : std::string(country);
  switch (util.Parse(std::string(text), region, &number)) {
    case PhoneNumberUtil::NO_PARSING_ERROR: break;
    case PhoneNumberUtil::INVALID_COUNTRY_CODE_ERROR:
      return fail(ErrorKind::Invalid, country.empty()
                                          ? "it has no country code; write it as +14255550156 or give the country"
                                          : "its country code does not exist");
    case PhoneNumberUtil::TOO_SHORT_AFTER_IDD:
    case PhoneNumberUtil::TOO_SHORT_NSN: return fail(ErrorKind::Invalid, "it is too short");
    case PhoneNumberUtil::TOO_LONG_NSN: return fail(ErrorKind::Invalid, "it is too long");
    case PhoneNumberUtil::NOT_A_NUMBER: return fail(ErrorKind::Invalid, "it is not a phone number");
  }
  if (number.has_extension()) return fail(ErrorKind::Invalid, "a number with an extension cannot receive messages");
  if (!util.IsValidNumber(number)) return fail(ErrorKind::Invalid, std::string(no_such_number));
  std::string e164;
  util.Format(number, PhoneNumberUtil::E164, &e164);
  return e164;
}

bool is_plain_email(std::string_view text) {
  const auto at = text.rfind('@');
  if (at > 64 || text.size() > 254) return false;  // npos, where there is no '@', is above 64 too
  const std::string_view domain = text.substr(at + 1);
  return std::ranges::none_of(domain, [](char c) { return may_be(c, CharacterUse::UpperCase); }) && is_domain(domain) &&
         is_local_part(text.substr(0, at));
}

Result<std::string> read_email(std::string_view text) {
  text = trim(text);
  const auto at = text.rfind('@');
  if (at == std::string_view::npos) return fail(ErrorKind::Invalid, "it has no @");
  const std::string_view local = text.substr(0, at);
  std::string domain(text.substr(at + 1));
  if (!is_ascii(local)) {
    return fail(ErrorKind::Invalid, "letters outside ASCII before the @ are not delivered by all mail servers");
  }
  if (local.size() > 64) return fail(ErrorKind::Invalid, "the part before the @ is longer than 64 characters");
  if (!is_local_part(local)) return fail(ErrorKind::Invalid, "the part before the @ is not valid");
  if (!is_ascii(domain)) {
    auto ascii = to_ascii_domain(domain);
    if (!ascii) return std::unexpected(ascii.error());
    domain = std::move(*ascii);
  }
  std::ranges::transform(domain, domain.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  if (!is_domain(domain)) return fail(ErrorKind::Invalid, "the part after the @ is not a domain");
  if (local.size() + 1 + domain.size() > 254) return fail(ErrorKind::Invalid, "it is longer than 254 characters");
  return std::string(local) + "@" + domain;
}

}  // namespace clarion
