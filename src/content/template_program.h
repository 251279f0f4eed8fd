#pragma once
// TemplateProgram: one Mustache text, checked and flattened so that rendering is a walk over a short list.
//
// Language   Mustache (mustache(5)) as kainjow's library reads it: {{name}}, {{{name}}} or {{&name}} unescaped,
//            {{#name}}shown when name has a value{{/name}}, {{^name}}shown when it has none{{/name}}, {{! comment}}.
//            Partials, custom delimiters and {{.}} are refused. Names: [a-z][a-z0-9_.]*.
// Algorithm  the library parses; its component tree is flattened once. The library's own rendering needs a map of
//            strings for each recipient, takes about twelve times as long (bench/content_bench.cpp) and cannot say
//            that a value is missing; a test holds both to the same output.
// Lifetime   values are put in as they are and never read as Mustache.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace clarion {

// What a value needs at the place where it is put.
enum class Escaping : std::uint8_t {
  None,  // as it is
  Line,  // no line breaks or tabs, no runs of spaces: a subject, a WhatsApp parameter
  Html,  // & < > " ' as entities; also safe in a quoted attribute
  Url    // percent-encoded except RFC 3986's unreserved characters
};

// The names that the texts of one template use; a name's index is its slot among the values.
class TemplateNames {
 public:
  struct Use {
    std::string name;
    bool is_always_needed = false;  // printed outside any section
    bool is_printed = false;        // printed somewhere, not only asked about by a section
    bool is_unescaped = false;      // printed unescaped somewhere
  };
  static constexpr std::size_t max_names = 48;

  // The slot of `name`, added when it is new; nullopt when there are max_names already.
  std::optional<std::size_t> intern(std::string_view name);
  [[nodiscard]] std::optional<std::size_t> find(std::string_view name) const;
  [[nodiscard]] const std::vector<Use>& all() const { return uses_; }
  [[nodiscard]] Use& at(std::size_t slot) { return uses_[slot]; }

 private:
  std::vector<Use> uses_;
};

class TemplateProgram {
 public:
  TemplateProgram() = default;  // prints nothing

  // Invalid names what is wrong and where, beginning with `where` ("sms.text").
  static Result<TemplateProgram> compile(std::string_view where, std::string_view text, TemplateNames& names);

  // Appends to `out`. A value without data() is missing: a section on it is not shown, and printing it ends the
  // rendering with its slot as the result. REQUIRES: values.size() == names.all().size().
  [[nodiscard]] std::optional<std::size_t> render(std::span<const std::string_view> values, Escaping escaping,
                                                  std::string& out) const;
  [[nodiscard]] bool is_empty() const { return steps_.empty(); }

 private:
  friend class ProgramCompiler;

  struct Step {
    enum class Kind : std::uint8_t { Text, Newline, Value, RawValue, Section, Inverted, End };
    Kind kind = Kind::Text;
    std::uint32_t slot = 0;    // Value, RawValue, Section, Inverted
    std::uint32_t offset = 0;  // Text, Newline: into text_
    std::uint32_t length = 0;
    std::uint32_t after = 0;  // Section, Inverted: the step after the section's End
  };
  void append_text(std::string_view text, Step::Kind kind);
  void join_lines();  // REQUIRES: no sections, so that a line end is text like any other

  std::string text_;
  std::vector<Step> steps_;
  bool has_sections_ = false;  // only then do line ends matter
};

// Appends `value` to `out` as its place needs it.
void append_escaped(std::string_view value, Escaping escaping, std::string& out);
// Replaces control characters except line feeds by spaces and CR LF by LF. False, and unchanged, when it is not UTF-8.
[[nodiscard]] bool clean_value(std::string& value);

}  // namespace clarion
