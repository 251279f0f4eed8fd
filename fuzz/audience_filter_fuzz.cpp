// Filters from any bytes: never a crash; what is accepted prints canonically and reads back as itself.

#include <cstdlib>

#include "audience/filter_json.h"
#include "audience/filter_text.h"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* bytes, std::size_t size) {
  using namespace clarion;
  const auto filter = parse_filter(std::string_view(reinterpret_cast<const char*>(bytes), size));
  if (!filter) {
    if (filter.error().message.empty()) std::abort();
    return 0;
  }
  const std::string text = to_json_text(*filter);
  const auto again = parse_filter(text);
  if (!again || to_json_text(*again) != text || segment_id(*again) != segment_id(*filter)) std::abort();
  if (to_sql(*filter).empty()) std::abort();
  (void)matches(*filter, Contact{}, WallTime{});
  return 0;
}
