#include "content/template_program.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/percent.h"
#include "base/text.h"
#include "content/mustache_compiler.h"

namespace clarion {
namespace {

void append_html(std::string_view value, std::string& out) {
  std::size_t from = 0;
  for (std::size_t at = value.find_first_of("&<>\"'"); at != std::string_view::npos;
       at = value.find_first_of("&<>\"'", from)) {
    out.append(value.substr(from, at - from));
    switch (value[at]) {
      case '&': out.append("&amp;"); break;
      case '<': out.append("&lt;"); break;
      case '>': out.append("&gt;"); break;
      case '"': out.append("&quot;"); break;
      default: out.append("&apos;"); break;
    }
    from = at + 1;
  }
  out.append(value.substr(from));
}

// WhatsApp refuses parameters with line breaks, tabs or more than four spaces in a row; a line break in a subject
// would begin a new header.
void append_line(std::string_view value, std::string& out) {
  // What can stay is appended in stretches: mostly all of it, since a lone blank stays too.
  auto from = value.begin();
  bool was_space = false;
  for (auto at = value.begin(); at != value.end(); ++at) {
    const bool is_space = *at == ' ' || *at == '\n' || *at == '\r' || *at == '\t';
    if (is_space && (was_space || *at != ' ')) {
      out.append(from, at);
      if (!was_space) out.push_back(' ');
      from = at + 1;
    }
    was_space = is_space;
  }
  out.append(from, value.end());
}

// What {{{name}}} still needs: a header or an address can never hold a line break.
Escaping unescaped(Escaping escaping) {
  return escaping == Escaping::Line || escaping == Escaping::Url ? Escaping::Line : Escaping::None;
}

bool is_blank(std::string_view line) {
  return line.find_first_not_of(" \t") == std::string_view::npos;
}

}  // namespace

std::optional<std::size_t> TemplateNames::find(std::string_view name) const {
  const auto it = std::ranges::find(uses_, name, &Use::name);
  if (it == uses_.end()) return std::nullopt;
  return static_cast<std::size_t>(it - uses_.begin());
}

std::optional<std::size_t> TemplateNames::intern(std::string_view name) {
  if (const auto slot = find(name)) return slot;
  if (uses_.size() == max_names) return std::nullopt;
  uses_.push_back(Use{.name = std::string(name)});
  return uses_.size() - 1;
}

void append_escaped(std::string_view value, Escaping escaping, std::string& out) {
  switch (escaping) {
    case Escaping::None: out.append(value); return;
    case Escaping::Line: append_line(value, out); return;
    case Escaping::Html: append_html(value, out); return;
    case Escaping::Url: append_percent_encoded(out, value); return;
  }
}

bool clean_value(std::string& value) {
  const auto is_control = [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte < 0x20 && c != '\n') || byte == 0x7f;
  };
  if (!is_valid_utf8(value)) return false;
  if (std::ranges::none_of(value, is_control)) return true;
  for (auto at = value.find("\r\n"); at != std::string::npos; at = value.find("\r\n", at)) value.erase(at, 1);
  std::ranges::replace_if(value, is_control, ' ');
  return true;
}

Result<TemplateProgram> TemplateProgram::compile(std::string_view where, std::string_view text, TemplateNames& names) {
  return ProgramCompiler(where, names).compile(text);
}

void TemplateProgram::append_text(std::string_view text, Step::Kind kind) {
  const bool can_join = kind == Step::Kind::Text && !steps_.empty() && steps_.back().kind == Step::Kind::Text;
  if (can_join) {
    steps_.back().length += static_cast<std::uint32_t>(text.size());
  } else {
    steps_.push_back(Step{.kind = kind,
                          .offset = static_cast<std::uint32_t>(text_.size()),
                          .length = static_cast<std::uint32_t>(text.size())});
  }
  text_.append(text);
}

void TemplateProgram::join_lines() {
  std::vector<Step> joined;
  for (Step step : steps_) {
    if (step.kind == Step::Kind::Newline) step.kind = Step::Kind::Text;
    // Text lies in text_ in the order of its steps.
    if (step.kind == Step::Kind::Text && !joined.empty() && joined.back().kind == Step::Kind::Text) {
      joined.back().length += step.length;
    } else {
      joined.push_back(step);
    }
  }
  steps_ = std::move(joined);
}

std::optional<std::size_t> TemplateProgram::render(std::span<const std::string_view> values, Escaping escaping,
                                                   std::string& out) const {
  // A line that holds only sections and blanks is not printed, as the library does it.
  std::size_t line_start = out.size();
  bool had_section = false;
  for (std::size_t at = 0; at < steps_.size(); ++at) {
    const Step& step = steps_[at];
    switch (step.kind) {
      case Step::Kind::Text: out.append(text_, step.offset, step.length); break;
      case Step::Kind::Newline:
        if (had_section && is_blank(std::string_view(out).substr(line_start))) {
          out.resize(line_start);
        } else {
          out.append(text_, step.offset, step.length);
        }
        line_start = out.size();
        had_section = false;
        break;
      case Step::Kind::Value:
      case Step::Kind::RawValue:
        if (values[step.slot].data() == nullptr) return step.slot;
        append_escaped(values[step.slot], step.kind == Step::Kind::Value ? escaping : unescaped(escaping), out);
        break;
      case Step::Kind::Section:
      case Step::Kind::Inverted:
        if (values[step.slot].empty() == (step.kind == Step::Kind::Section)) {
          at = step.after - 1;
        } else {
          had_section = true;
        }
        break;
      case Step::Kind::End: had_section = true; break;
    }
  }
  if (had_section && is_blank(std::string_view(out).substr(line_start))) out.resize(line_start);
  return std::nullopt;
}

}  // namespace clarion
