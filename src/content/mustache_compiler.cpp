#include "content/mustache_compiler.h"

#include <fmt/format.h>
#include <kainjow/mustache.hpp>

#include "base/text.h"

namespace clarion {
namespace {

namespace mustache = kainjow::mustache;
using Component = mustache::component<std::string>;

constexpr std::size_t max_text_bytes = 200'000;  // email clients cut at about 100 kB
constexpr std::size_t max_depth = 16;

bool is_name(std::string_view name) {
  if (name.empty() || name.size() > 64 || name[0] < 'a' || name[0] > 'z' || name.back() == '.') return false;
  for (const char c : name) {
    if ((c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '_' && c != '.') return false;
  }
  return name.find("..") == std::string_view::npos;
}

}  // namespace

struct ProgramCompiler::Tree {
  const std::vector<Component>& children;
};

Result<TemplateProgram> ProgramCompiler::compile(std::string_view text) {
  if (text.size() > max_text_bytes) {
    return fail(ErrorKind::Invalid,
                fmt::format("{} has {} bytes; a template may have {} at most.", where_, text.size(), max_text_bytes));
  }
  if (!is_valid_utf8(text)) return fail(ErrorKind::Invalid, fmt::format("{} is not valid UTF-8.", where_));
  if (text.find('\0') != std::string_view::npos) {
    return fail(ErrorKind::Invalid, fmt::format("{} contains a NUL character; remove it.", where_));
  }
  if (auto checked = check_tags(text); !checked) return std::unexpected(checked.error());

  mustache::context<std::string> no_data;
  mustache::context_internal<std::string> context{no_data};
  Component root;
  std::string error;
  const mustache::parser<std::string> parsed{std::string(text), context, root, error};
  if (!error.empty()) return fail(ErrorKind::Invalid, fmt::format("{} is not valid Mustache: {}.", where_, error));
  if (auto flattened = flatten(Tree{root.children}, 0); !flattened) return std::unexpected(flattened.error());
  if (!program_.has_sections_) program_.join_lines();
  return std::move(program_);
}

// What the library accepts and we do not: found before it parses, because depth is recursion in its tree.
Result<void> ProgramCompiler::check_tags(std::string_view text) const {
  std::size_t depth = 0;
  for (std::size_t at = text.find("{{"); at != std::string_view::npos;) {
    const bool is_triple = at + 2 < text.size() && text[at + 2] == '{';
    const std::string_view closing = is_triple ? "}}}" : "}}";
    const std::size_t from = at + closing.size();
    const std::size_t end = text.find(closing, std::min(from, text.size()));
    if (end == std::string_view::npos) {
      return fail(ErrorKind::Invalid,
                  fmt::format("{} has a tag that is not closed at byte {}; write {{{{name}}}}.", where_, at));
    }
    const std::string_view contents = text.substr(from, end - from);
    const std::size_t first = contents.find_first_not_of(" \t\r\n\v\f");
    const char sign = first == std::string_view::npos || is_triple ? '\0' : contents[first];
    if (sign == '=' || sign == '>') {
      return fail(ErrorKind::Invalid, fmt::format("{} uses {{{{{}…}}}} at byte {}; {} are not supported.", where_, sign,
                                                  at, sign == '=' ? "other delimiters" : "partials"));
    }
    if (sign == '#' || sign == '^') ++depth;
    if (sign == '/' && depth > 0) --depth;
    if (depth > max_depth) {
      return fail(ErrorKind::Invalid, fmt::format("{} nests sections deeper than {}.", where_, max_depth));
    }
    at = text.find("{{", end + closing.size());
  }
  return {};
}

Result<std::uint32_t> ProgramCompiler::slot_of(const std::string& name) {
  if (!is_name(name)) {
    return fail(ErrorKind::Invalid,
                fmt::format("{} uses {{{{{}}}}}, which is not a variable name; names are lower-case letters, digits, "
                            "'_' and '.', such as first_name.",
                            where_, name.substr(0, 64)));
  }
  const auto slot = names_.intern(name);
  if (!slot) {
    return fail(ErrorKind::Invalid,
                fmt::format("{} brings the template above {} different variables.", where_, TemplateNames::max_names));
  }
  return static_cast<std::uint32_t>(*slot);
}

Result<void> ProgramCompiler::flatten(const Tree& tree, std::size_t depth) {
  using Kind = TemplateProgram::Step::Kind;
  for (const Component& part : tree.children) {
    switch (part.tag.type) {
      case mustache::tag_type::text:
        program_.append_text(part.text, part.is_newline() ? Kind::Newline : Kind::Text);
        break;
      case mustache::tag_type::variable:
      case mustache::tag_type::unescaped_variable: {
        const auto slot = slot_of(part.tag.name);
        if (!slot) return std::unexpected(slot.error());
        const bool is_unescaped = part.tag.type == mustache::tag_type::unescaped_variable;
        program_.steps_.push_back({.kind = is_unescaped ? Kind::RawValue : Kind::Value, .slot = *slot});
        TemplateNames::Use& use = names_.at(*slot);
        use.is_printed = true;
        use.is_always_needed = use.is_always_needed || depth == 0;
        use.is_unescaped = use.is_unescaped || is_unescaped;
        break;
      }
      case mustache::tag_type::section_begin:
      case mustache::tag_type::section_begin_inverted: {
        const auto slot = slot_of(part.tag.name);
        if (!slot) return std::unexpected(slot.error());
        const bool is_inverted = part.tag.type == mustache::tag_type::section_begin_inverted;
        const std::size_t begin = program_.steps_.size();
        program_.has_sections_ = true;
        program_.steps_.push_back({.kind = is_inverted ? Kind::Inverted : Kind::Section, .slot = *slot});
        if (auto inner = flatten(Tree{part.children}, depth + 1); !inner) return inner;
        program_.steps_.push_back({.kind = Kind::End});
        program_.steps_[begin].after = static_cast<std::uint32_t>(program_.steps_.size());
        break;
      }
      case mustache::tag_type::comment: break;
      case mustache::tag_type::section_end:
      case mustache::tag_type::partial:
      case mustache::tag_type::set_delimiter:
        return fail(ErrorKind::Invalid, fmt::format("{} has an unexpected tag '{}'.", where_, part.tag.name));
    }
  }
  return {};
}

}  // namespace clarion
