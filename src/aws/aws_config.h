#pragma once
// AwsConfig: what every AWS tool reads before it does anything: AWS_* variables, and the profile chosen among those of
// the shared config and credentials files. Nothing is remembered between two reads, so a changed file counts.
//
// Source  https://docs.aws.amazon.com/sdkref/latest/guide/file-format.html
// Errors  Invalid names the file and the line. Values are never repeated, because they may be secrets.

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace clarion {

// Where AwsConfig looks; passed in so that tests need neither a process environment nor a home directory.
struct AwsSources {
  std::function<std::optional<std::string>(const std::string& name)> variable;
  std::function<Result<std::string>(const std::string& path)> read_file;  // NotFound: there is no such file
};

// A whole file as text. NotFound when there is none, Denied when it cannot be read, Invalid above 1 MiB.
[[nodiscard]] Result<std::string> read_config_file(const std::string& path);

// Values of one section by lower-case key; those of a nested block have the key "block.key".
using AwsSection = std::map<std::string, std::string, std::less<>>;

// Sections by their header, such as "default" or "profile x". Invalid names `path` and the line.
[[nodiscard]] Result<std::map<std::string, AwsSection, std::less<>>> parse_aws_sections(std::string_view path,
                                                                                        std::string_view text);

struct AwsProfile {
  std::string name;
  AwsSection credentials;  // of the credentials file
  AwsSection config;       // of the config file

  // The credentials file wins; empty: in neither.
  [[nodiscard]] std::string_view find(std::string_view key) const;
};

class AwsConfig {
 public:
  // Invalid when a file cannot be understood, or AWS_PROFILE names a profile that no file has.
  static Result<AwsConfig> read(AwsSources sources);

  // Empty when the variable is empty or not set.
  [[nodiscard]] std::string variable(const std::string& name) const;
  [[nodiscard]] Result<std::string> read_file(const std::string& path) const { return sources_.read_file(path); }

  // AWS_PROFILE, AWS_DEFAULT_PROFILE or "default"; without values when no file has it.
  [[nodiscard]] const AwsProfile& profile() const;
  // Null when no file has it.
  [[nodiscard]] const AwsProfile* find_profile(std::string_view name) const;
  // The section "[services name]" of the config file; null when there is none.
  [[nodiscard]] const AwsSection* find_services(std::string_view name) const;
  // As a person would write them: "~/.aws/config".
  [[nodiscard]] const std::string& config_path() const { return config_path_; }
  [[nodiscard]] const std::string& credentials_path() const { return credentials_path_; }

 private:
  Result<std::map<std::string, AwsSection, std::less<>>> read_sections(const std::string& path) const;

  AwsSources sources_;
  std::string config_path_;
  std::string credentials_path_;
  std::string profile_name_;
  AwsProfile none_;
  std::map<std::string, AwsProfile, std::less<>> profiles_;
  std::map<std::string, AwsSection, std::less<>> services_;
};

}  // namespace clarion
