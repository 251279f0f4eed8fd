#pragma once
// ProgramCompiler: reads Mustache with kainjow's parser and flattens its component tree into a TemplateProgram.

#include <string>
#include <string_view>

#include "content/template_program.h"

namespace clarion {

class ProgramCompiler {
 public:
  ProgramCompiler(std::string_view where, TemplateNames& names) : where_(where), names_(names) {}
  Result<TemplateProgram> compile(std::string_view text);

 private:
  struct Tree;
  Result<void> check_tags(std::string_view text) const;
  Result<void> flatten(const Tree& tree, std::size_t depth);
  Result<std::uint32_t> slot_of(const std::string& name);

  std::string where_;
  TemplateNames& names_;
  TemplateProgram program_;
};

}  // namespace clarion
