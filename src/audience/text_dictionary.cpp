#include "audience/text_dictionary.h"

#include <bit>
#include <cstring>

namespace clarion {
namespace {

template <class Word>
std::uint64_t read_word(const char* bytes) {
  Word word = 0;
  std::memcpy(&word, bytes, sizeof(word));
  return word;
}

// One to seven bytes as a word; different texts of one length give different words.
std::uint64_t read_short(std::string_view text) {
  if (text.size() >= 4) {
    return read_word<std::uint32_t>(text.data()) | read_word<std::uint32_t>(text.data() + text.size() - 4) << 32U;
  }
  return read_word<std::uint8_t>(text.data()) | read_word<std::uint8_t>(text.data() + text.size() / 2) << 8U |
         read_word<std::uint8_t>(text.data() + text.size() - 1) << 16U;
}

// The last word may overlap the one before it, so that no text pays for a loop over its last bytes.
std::uint32_t hash_text(std::string_view text) {
  constexpr std::uint64_t factor = 0x9fb21c651e98df25ULL;
  std::uint64_t h = text.size() * factor;
  const auto add = [&h](std::uint64_t word) {
    h = (h ^ word) * factor;
    h ^= h >> 32U;
  };
  if (text.size() < 8) {
    if (!text.empty()) add(read_short(text));
  } else {
    for (std::size_t i = 0; i + 8 < text.size(); i += 8) add(read_word<std::uint64_t>(text.data() + i));
    add(read_word<std::uint64_t>(text.data() + text.size() - 8));
  }
  return static_cast<std::uint32_t>(h);
}

}  // namespace

TextDictionary::TextDictionary() : slots_(16, 0) {
  add({}, 0, hash_text({}));
}

bool TextDictionary::is_text(std::uint32_t code, std::string_view text) const {
  const std::string_view own = this->text(code);
  const std::size_t size = own.size();
  if (size != text.size()) return false;
  // Most texts are short; comparing them takes less than calling memcmp().
  if (size > 16) return std::memcmp(own.data(), text.data(), size) == 0;
  if (size < 8) return size == 0 || read_short(own) == read_short(text);
  const auto word_at = [](std::string_view of, std::size_t at) { return read_word<std::uint64_t>(of.data() + at); };
  return word_at(own, 0) == word_at(text, 0) && word_at(own, size - 8) == word_at(text, size - 8);
}

std::size_t TextDictionary::find_slot(std::string_view text, std::uint32_t hash) const {
  const std::size_t mask = slots_.size() - 1;
  std::size_t slot = hash & mask;
  while (slots_[slot] != 0) {
    if (static_cast<std::uint32_t>(slots_[slot] >> 32U) == hash &&
        is_text(static_cast<std::uint32_t>(slots_[slot]) - 1, text)) {
      return slot;
    }
    slot = (slot + 1) & mask;
  }
  return slot;
}

std::uint32_t TextDictionary::intern(std::string_view text) {
  if (text.empty()) return 0;
  const std::uint32_t hash = hash_text(text);
  const std::size_t slot = find_slot(text, hash);
  if (slots_[slot] != 0) return static_cast<std::uint32_t>(slots_[slot]) - 1;
  if ((ends_.size() + 1) * 3 <= slots_.size() * 2) return add(text, slot, hash);
  grow(slots_.size() * 2);
  return add(text, find_slot(text, hash), hash);
}

std::uint32_t TextDictionary::add(std::string_view text, std::size_t slot, std::uint32_t hash) {
  const std::uint32_t code = size();
  bytes_.append(text);
  ends_.push_back(bytes_.size());
  slots_[slot] = (static_cast<std::uint64_t>(hash) << 32U) | (code + 1ULL);
  return code;
}

void TextDictionary::prefetch(std::string_view text) const {
  __builtin_prefetch(&slots_[hash_text(text) & (slots_.size() - 1)]);
}

std::optional<std::uint32_t> TextDictionary::find(std::string_view text) const {
  const std::size_t slot = find_slot(text, hash_text(text));
  if (slots_[slot] == 0) return std::nullopt;
  return static_cast<std::uint32_t>(slots_[slot]) - 1;
}

void TextDictionary::grow(std::size_t slots) {
  std::vector<std::uint64_t> old(slots, 0);
  old.swap(slots_);
  const std::size_t mask = slots_.size() - 1;
  for (const std::uint64_t entry : old) {
    if (entry == 0) continue;
    std::size_t slot = (entry >> 32U) & mask;
    while (slots_[slot] != 0) slot = (slot + 1) & mask;
    slots_[slot] = entry;
  }
}

void TextDictionary::reserve(std::size_t texts) {
  ends_.reserve(texts);
  const std::size_t wanted = std::bit_ceil(texts * 3 / 2 + 16);
  if (wanted > slots_.size()) grow(wanted);
}

void TextDictionary::finish() {
  trim_capacity(bytes_);
  trim_capacity(ends_);
}

std::size_t TextDictionary::memory_bytes() const {
  return bytes_.capacity() + (ends_.capacity() + slots_.capacity()) * sizeof(std::uint64_t);
}

}  // namespace clarion
