#include "aws/aws_config.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>
#include <utility>

#include "base/text.h"

namespace clarion {
namespace {

using Sections = std::map<std::string, AwsSection, std::less<>>;

constexpr std::size_t most_file_bytes = 1U << 20U;

// A comment begins the line or follows a blank: "k = a#b" keeps its '#', which keys may hold.
std::string_view without_comment(std::string_view line) {
  for (std::size_t i = 0; i < line.size(); ++i) {
    const bool is_mark = line[i] == '#' || line[i] == ';';
    if (is_mark && (i == 0 || line[i - 1] == ' ' || line[i - 1] == '\t')) return line.substr(0, i);
  }
  return line;
}

// `profile "my name"` -> `profile my name`: the quotes only protect blanks.
std::string section_name(std::string_view header) {
  std::string out;
  bool was_blank = false;
  for (const char c : trim(header)) {
    if (c == '"' || c == '\'') continue;
    const bool is_blank = c == ' ' || c == '\t';
    if (!is_blank) {
      out += c;
    } else if (!was_blank) {
      out += ' ';
    }
    was_blank = is_blank;
  }
  return out;
}

// "~/x" by HOME; without HOME there is nothing to read there.
std::string expand_home(const std::string& path, const std::string& home) {
  if (!path.starts_with("~/")) return path;
  return home.empty() ? std::string() : home + path.substr(1);
}

}  // namespace

Result<std::string> read_config_file(const std::string& path) {
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "re"), &std::fclose);
  if (!file) {
    if (errno == ENOENT || errno == ENOTDIR)
      return fail(ErrorKind::NotFound, fmt::format("There is no file {}.", path));
    return fail(ErrorKind::Denied, fmt::format("{} cannot be read: {}.", path, std::strerror(errno)));
  }
  std::string text;
  std::array<char, 4096> block{};
  while (const std::size_t count = std::fread(block.data(), 1, block.size(), file.get())) {
    text.append(block.data(), count);
    if (text.size() > most_file_bytes) {
      return fail(ErrorKind::Invalid, fmt::format("{} is larger than 1 MiB; is it the right file?", path));
    }
  }
  if (std::ferror(file.get()) != 0) return fail(ErrorKind::Denied, fmt::format("{} cannot be read.", path));
  return text;
}

Result<Sections> parse_aws_sections(std::string_view path, std::string_view text) {
  Sections sections;
  AwsSection* section = nullptr;
  std::string block;  // the key that deeper lines belong to
  std::size_t block_indent = 0;
  int number = 0;
  const auto wrong = [&](std::string_view what) {
    return fail(ErrorKind::Invalid, fmt::format("{} line {}: {}", path, number, what));
  };
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    std::string_view line = without_comment(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    ++number;
    const auto indent = std::min(line.find_first_not_of(" \t"), line.size());
    line = trim(line);
    if (line.empty()) continue;
    // People indent whole sections too: only what stands deeper than a key belongs to it.
    const bool is_nested = !block.empty() && indent > block_indent;
    if (line.starts_with('[')) {
      if (!line.ends_with(']')) return wrong("a section must look like [name].");
      section = &sections[section_name(line.substr(1, line.size() - 2))];
      block.clear();
      continue;
    }
    if (section == nullptr) return wrong("a [section] must come first.");
    const auto equals = line.find('=');
    if (equals == std::string_view::npos || equals == 0) {
      // The continuation of a value over several lines: none of the keys that matter here has one.
      if (is_nested) continue;
      return wrong("expected key = value.");
    }
    const std::string key = lower_case(trim(line.substr(0, equals)));
    const std::string value(trim(line.substr(equals + 1)));
    if (is_nested) {
      section->insert_or_assign(fmt::format("{}.{}", block, key), value);
      continue;
    }
    section->insert_or_assign(key, value);
    block = key;
    block_indent = indent;
  }
  return sections;
}

std::string_view AwsProfile::find(std::string_view key) const {
  for (const AwsSection* section : {&credentials, &config}) {
    const auto found = section->find(key);
    if (found != section->end() && !found->second.empty()) return found->second;
  }
  return {};
}

Result<Sections> AwsConfig::read_sections(const std::string& path) const {
  const std::string expanded = expand_home(path, variable("HOME"));
  if (expanded.empty()) return Sections();
  const auto text = sources_.read_file(expanded);
  if (text) return parse_aws_sections(path, *text);
  if (text.error().kind == ErrorKind::NotFound) return Sections();
  return std::unexpected(text.error());
}

Result<AwsConfig> AwsConfig::read(AwsSources sources) {
  AwsConfig config;
  config.sources_ = std::move(sources);
  const auto either = [&config](const char* name, const char* other) {
    std::string value = config.variable(name);
    return value.empty() ? std::string(other) : value;
  };
  config.config_path_ = either("AWS_CONFIG_FILE", "~/.aws/config");
  config.credentials_path_ = either("AWS_SHARED_CREDENTIALS_FILE", "~/.aws/credentials");
  const std::string chosen = either("AWS_PROFILE", config.variable("AWS_DEFAULT_PROFILE").c_str());
  config.profile_name_ = chosen.empty() ? "default" : chosen;
  config.none_.name = config.profile_name_;

  auto config_sections = config.read_sections(config.config_path_);
  if (!config_sections) return std::unexpected(config_sections.error());
  for (auto& [header, values] : *config_sections) {
    if (header.starts_with("services ")) {
      config.services_.emplace(header.substr(9), std::move(values));
    } else if (header == "default" && config_sections->contains("profile default")) {
      continue;  // "[profile default]" wins
    } else if (header == "default" || header.starts_with("profile ")) {
      std::string name = header == "default" ? header : header.substr(8);
      config.profiles_[name].config = std::move(values);
    }
  }
  auto credentials_sections = config.read_sections(config.credentials_path_);
  if (!credentials_sections) return std::unexpected(credentials_sections.error());
  for (auto& [name, values] : *credentials_sections) config.profiles_[name].credentials = std::move(values);
  for (auto& [name, profile] : config.profiles_) profile.name = name;

  if (!chosen.empty() && !config.profiles_.contains(chosen)) {
    return fail(
        ErrorKind::Invalid,
        fmt::format("AWS_PROFILE is '{}', and neither {} nor {} has such a profile; correct the name or add it.",
                    chosen, config.config_path_, config.credentials_path_));
  }
  return config;
}

std::string AwsConfig::variable(const std::string& name) const {
  return sources_.variable(name).value_or("");
}

const AwsProfile& AwsConfig::profile() const {
  const AwsProfile* found = find_profile(profile_name_);
  return found != nullptr ? *found : none_;
}

const AwsProfile* AwsConfig::find_profile(std::string_view name) const {
  const auto found = profiles_.find(name);
  return found == profiles_.end() ? nullptr : &found->second;
}

const AwsSection* AwsConfig::find_services(std::string_view name) const {
  const auto found = services_.find(name);
  return found == services_.end() ? nullptr : &found->second;
}

}  // namespace clarion
