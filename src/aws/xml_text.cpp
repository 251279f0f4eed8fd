#include "aws/xml_text.h"

#include <array>
#include <utility>

namespace clarion {
namespace {

// The entities of XML 1.0 section 4.6; AWS escapes with no others.
constexpr std::array<std::pair<std::string_view, char>, 5> entities{
    {{"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&apos;", '\''}, {"&amp;", '&'}}};

}  // namespace

std::string find_xml_text(std::string_view document, std::string_view tag) {
  const std::string name(tag);
  const auto open = document.find('<' + name + '>');
  if (open == std::string_view::npos) return {};
  const auto start = open + name.size() + 2;
  const auto end = document.find("</" + name + '>', start);
  if (end == std::string_view::npos) return {};
  std::string_view text = document.substr(start, end - start);
  std::string out;
  while (!text.empty()) {
    std::size_t taken = 1;
    char c = text.front();
    for (const auto& [entity, meaning] : entities) {
      if (!text.starts_with(entity)) continue;
      taken = entity.size();
      c = meaning;
      break;
    }
    out += c;
    text.remove_prefix(taken);
  }
  return out;
}

}  // namespace clarion
