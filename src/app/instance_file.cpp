#include "app/instance_file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <boost/json.hpp>

#include <fstream>
#include <sstream>
#include <utility>

#include "app/private_file.h"

namespace clarion {
namespace {

namespace fs = std::filesystem;

fs::path file_in(const fs::path& directory) {
  return directory / "instance.json";
}

// Held by store/data_directory_lock.h. A shared lock for a moment, so that two who look do not see each other.
bool is_locked(const fs::path& directory) {
  const int lock = ::open((directory / "clarion.lock").c_str(), O_RDONLY | O_CLOEXEC);
  if (lock < 0) return false;
  const bool is_free = ::flock(lock, LOCK_SH | LOCK_NB) == 0;
  ::close(lock);
  return !is_free;
}

}  // namespace

std::optional<RunningInstance> find_running_instance(const fs::path& directory) {
  if (!is_locked(directory)) return std::nullopt;
  RunningInstance running;
  std::ifstream file(file_in(directory));
  std::ostringstream text;
  text << file.rdbuf();
  boost::json::error_code error;
  const auto document = boost::json::parse(text.str(), error);
  if (error || !document.is_object()) return running;
  const auto& object = document.get_object();
  const auto* pid = object.if_contains("pid");
  const auto* host = object.if_contains("host");
  const auto* port = object.if_contains("port");
  const auto* token = object.if_contains("token");
  if (pid == nullptr || host == nullptr || port == nullptr) return running;
  if (!pid->is_int64() || !host->is_string() || !port->is_int64()) return running;
  running.pid = pid->get_int64();
  running.host = host->get_string().c_str();
  running.port = static_cast<std::uint16_t>(port->get_int64());
  if (token != nullptr && token->is_string()) running.token = token->get_string().c_str();
  return running;
}

Result<InstanceFile> InstanceFile::write(const fs::path& directory, const RunningInstance& self) {
  auto file = PrivateFile::create(file_in(directory));
  if (!file) return std::unexpected(file.error());
  const boost::json::object document{
      {"pid", self.pid}, {"host", self.host}, {"port", self.port}, {"token", self.token}};
  file->append(boost::json::serialize(document) + "\n");
  if (auto written = file->commit(); !written) return std::unexpected(written.error());
  return InstanceFile(file_in(directory));
}

InstanceFile::InstanceFile(InstanceFile&& other) noexcept : path_(std::exchange(other.path_, {})) {}

InstanceFile::~InstanceFile() {
  std::error_code ignored;
  if (!path_.empty()) fs::remove(path_, ignored);
}

}  // namespace clarion
