#pragma once
// ClarionProcess: the built program as another process, in a directory of its own that ends with it.

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace clarion::testing {

// A directory that is removed when this ends.
class ScratchDirectory {
 public:
  ScratchDirectory();
  ~ScratchDirectory();
  ScratchDirectory(const ScratchDirectory&) = delete;
  ScratchDirectory& operator=(const ScratchDirectory&) = delete;
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

struct ProcessOptions {
  std::vector<std::string> arguments;  // after the program's name
  std::map<std::string, std::string> environment = {};
  std::vector<std::string> prefix = {};  // a program that runs ours, such as strace with its flags
};

class ClarionProcess {
 public:
  // Starts `binary` in `directory`; the environment is only what is given, and PATH.
  ClarionProcess(const std::string& binary, const std::filesystem::path& directory, ProcessOptions options);
  // Kills it when it still runs. The test fails when its log holds a secret or a whole address (log_leaks.h).
  ~ClarionProcess();
  ClarionProcess(const ClarionProcess&) = delete;
  ClarionProcess& operator=(const ClarionProcess&) = delete;

  // Reads its standard output until it says where it listens; 0 when it ended before.
  std::uint16_t wait_for_port();
  // Reads on until the output contains `text`; false when it ended before.
  bool wait_for_output(const std::string& text);
  void send_signal(int number) const;
  // Waits for its end; the exit code, or -signal.
  int wait();
  // The same, but not for longer than `limit`: a test failure then, and it is killed.
  int wait_for_end(std::chrono::seconds limit);
  [[nodiscard]] const std::string& output() const { return output_; }  // of wait() and the two above
  [[nodiscard]] std::string errors() const;                            // everything on standard error so far
  [[nodiscard]] pid_t pid() const { return pid_; }

 private:
  bool read_more();
  // Waits until there is output to read, or its end; false at `deadline`.
  [[nodiscard]] bool is_readable_before(std::chrono::steady_clock::time_point deadline) const;

  std::map<std::string, std::string> environment_;
  std::filesystem::path errors_file_;
  pid_t pid_ = -1;
  int output_pipe_ = -1;
  std::string output_;
};

struct FinishedProcess {
  int code = 0;
  std::string output;
  std::string errors;
};
// Runs the program to its end. A test failure when that takes four minutes, so that no test hangs.
FinishedProcess run_clarion(const std::string& binary, const std::filesystem::path& directory, ProcessOptions options);

}  // namespace clarion::testing
