#pragma once
// InstanceFile: how commands find the process that works with a data directory: instance.json {"pid", "host", "port",
// "token"}.
//
// The file counts only while the directory's lock (store/data_directory_lock.h) is held, so one that a killed process
// left behind misleads nobody. It is readable by its owner only: the token in it allows everything, for as long as that
// process runs, so that whoever owns the records needs no other.

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace clarion {

struct RunningInstance {
  std::int64_t pid = 0;
  std::string host;
  std::uint16_t port = 0;  // 0: it does not say yet where it listens
  std::string token = {};  // what it believes
};

// The process that holds the directory now; nullopt when none does.
[[nodiscard]] std::optional<RunningInstance> find_running_instance(const std::filesystem::path& directory);

class InstanceFile {
 public:
  // REQUIRES: this process holds the directory's lock.
  static Result<InstanceFile> write(const std::filesystem::path& directory, const RunningInstance& self);
  InstanceFile(InstanceFile&& other) noexcept;
  InstanceFile& operator=(InstanceFile&&) = delete;
  ~InstanceFile();  // removes it

 private:
  explicit InstanceFile(std::filesystem::path path) : path_(std::move(path)) {}
  std::filesystem::path path_;
};

}  // namespace clarion
