// Sentences from any bytes: never a crash, never a word without a use, and a filter that can be stored.

#include <cstdlib>

#include "../tests/unit/audience/sample_vocabulary.h"
#include "audience/filter_json.h"
#include "audience/sentence.h"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* bytes, std::size_t size) {
  using namespace clarion;
  constexpr WallTime now{std::chrono::sys_days{std::chrono::year{2026} / 11 / 22}};
  const auto parsed =
      parse_sentence(std::string_view(reinterpret_cast<const char*>(bytes), size), sample_vocabulary(), now);
  if (!parsed) return 0;
  for (const auto& [word, use] : parsed->words) {
    if (use != WordUse::Reported) continue;
    bool is_named = false;
    for (const Unsupported& each : parsed->unsupported)
      is_named = is_named || each.words.find(word) != std::string::npos;
    if (!is_named) std::abort();
  }
  const auto again = parse_filter(to_json_text(parsed->filter));
  if (!again || to_json_text(*again) != to_json_text(parsed->filter)) std::abort();
  return 0;
}
