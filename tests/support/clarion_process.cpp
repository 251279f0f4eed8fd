#include "support/clarion_process.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <utility>

#include "support/log_leaks.h"

namespace clarion::testing {
namespace {

constexpr std::chrono::seconds longest_run{240};

std::vector<char*> pointers_to(std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  for (std::string& text : texts) pointers.push_back(text.data());
  pointers.push_back(nullptr);
  return pointers;
}

}  // namespace

ScratchDirectory::ScratchDirectory() {
  std::string pattern = (std::filesystem::temp_directory_path() / "clarion-test-XXXXXX").string();
  path_ = ::mkdtemp(pattern.data());
}

ScratchDirectory::~ScratchDirectory() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

ClarionProcess::ClarionProcess(const std::string& binary, const std::filesystem::path& directory,
                               ProcessOptions options)
    : environment_(options.environment),
      errors_file_(directory / ("errors-" + std::to_string(::getpid()) + "-" + std::to_string(std::rand()))) {
  std::vector<std::string> command = options.prefix;
  command.push_back(binary);
  command.insert(command.end(), options.arguments.begin(), options.arguments.end());
  std::vector<std::string> environment{"PATH=/usr/local/bin:/usr/bin:/bin"};
  for (const auto& [name, value] : options.environment) environment.emplace_back(name).append("=").append(value);
  const auto arguments = pointers_to(command);
  const auto variables = pointers_to(environment);

  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return;
  const int errors = ::open(errors_file_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  pid_ = ::fork();
  if (pid_ == 0) {
    if (::chdir(directory.c_str()) != 0) ::_exit(127);
    ::dup2(ends[1], STDOUT_FILENO);
    ::dup2(errors, STDERR_FILENO);
    std::signal(SIGHUP, SIG_DFL);  // whatever the tests were started by
    ::execvpe(arguments[0], arguments.data(), variables.data());
    ::_exit(127);
  }
  ::close(errors);
  ::close(ends[1]);
  output_pipe_ = ends[0];
}

ClarionProcess::~ClarionProcess() {
  if (pid_ > 0) {
    ::kill(pid_, SIGKILL);
    wait();
  }
  const std::string leak = find_leak(errors(), environment_);
  EXPECT_EQ(leak, "") << "a log line with a secret or a whole address";
}

bool ClarionProcess::read_more() {
  if (output_pipe_ < 0) return false;
  std::array<char, 4096> bytes{};
  const ssize_t count = ::read(output_pipe_, bytes.data(), bytes.size());
  if (count > 0) {
    output_.append(bytes.data(), static_cast<std::size_t>(count));
    return true;
  }
  if (count < 0 && errno == EINTR) return true;
  ::close(std::exchange(output_pipe_, -1));
  return false;
}

bool ClarionProcess::wait_for_output(const std::string& text) {
  while (output_.find(text) == std::string::npos) {
    if (!read_more()) return output_.find(text) != std::string::npos;
  }
  return true;
}

std::uint16_t ClarionProcess::wait_for_port() {
  if (!wait_for_output("(Ctrl-C ends it)")) return 0;
  const auto at = output_.find("Open http://");
  const auto colon = output_.find(':', at + 12);
  return static_cast<std::uint16_t>(std::strtoul(output_.c_str() + colon + 1, nullptr, 10));
}

void ClarionProcess::send_signal(int number) const {
  if (pid_ > 0) ::kill(pid_, number);
}

int ClarionProcess::wait() {
  while (read_more()) {
  }
  int status = 0;
  if (pid_ <= 0 || ::waitpid(std::exchange(pid_, -1), &status, 0) < 0) return -1000;
  return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

bool ClarionProcess::is_readable_before(std::chrono::steady_clock::time_point deadline) const {
  while (output_pipe_ >= 0) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now()).count();
    pollfd waiting{.fd = output_pipe_, .events = POLLIN, .revents = 0};
    const int ready = left > 0 ? ::poll(&waiting, 1, static_cast<int>(left)) : 0;
    if (ready == 0) return false;
    if (ready > 0 || errno != EINTR) return true;
  }
  return true;
}

int ClarionProcess::wait_for_end(std::chrono::seconds limit) {
  const auto deadline = std::chrono::steady_clock::now() + limit;
  bool is_in_time = true;
  while ((is_in_time = is_readable_before(deadline)) && read_more()) {
  }
  if (!is_in_time) {
    ADD_FAILURE() << "the program did not end within " << limit.count() << " s; it wrote: " << output_;
    send_signal(SIGKILL);
  }
  return wait();
}

std::string ClarionProcess::errors() const {
  std::ifstream file(errors_file_);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

FinishedProcess run_clarion(const std::string& binary, const std::filesystem::path& directory, ProcessOptions options) {
  ClarionProcess process(binary, directory, std::move(options));
  const int code = process.wait_for_end(longest_run);
  return {code, process.output(), process.errors()};
}

}  // namespace clarion::testing
