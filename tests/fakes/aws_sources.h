#pragma once
// FakeAwsSources: variables and files of a test, as AwsSources.

#include <map>
#include <string>

#include "aws/aws_config.h"

namespace clarion::testing {

struct FakeAwsSources {
  std::map<std::string, std::string> variables;
  std::map<std::string, std::string> files;

  // REQUIRES: this outlives what is returned; later changes count.
  [[nodiscard]] AwsSources sources() const {
    return {.variable = [this](const std::string& name) -> std::optional<std::string> {
              const auto found = variables.find(name);
              return found == variables.end() ? std::nullopt : std::optional(found->second);
            },
            .read_file = [this](const std::string& path) -> Result<std::string> {
              const auto found = files.find(path);
              if (found == files.end()) return fail(ErrorKind::NotFound, "There is no file " + path + ".");
              return found->second;
            }};
  }
};

}  // namespace clarion::testing
