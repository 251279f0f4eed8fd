#include "app/private_file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <fstream>
#include <string>

#include "support/clarion_process.h"

namespace {

std::string flushed;  // "file " and "directory ", in order

}  // namespace

// Stands before that of the C library in this program.
extern "C" int fsync(int file) {
  struct stat status{};
  if (::fstat(file, &status) == 0) flushed += S_ISDIR(status.st_mode) ? "directory " : "file ";
  return static_cast<int>(::syscall(SYS_fsync, file));
}

namespace clarion::testing {
namespace {

TEST(PrivateFile, IsOnTheDiskWithItsNameOnceItIsCommitted) {
  const ScratchDirectory directory;
  const auto path = directory.path() / "kept.txt";
  auto file = PrivateFile::create(path);
  ASSERT_TRUE(file);
  file->append("all of it");
  flushed.clear();
  ASSERT_TRUE(file->commit());
  EXPECT_EQ(flushed, "file directory ");
  std::string text;
  std::getline(std::ifstream(path), text);
  EXPECT_EQ(text, "all of it");
}

}  // namespace
}  // namespace clarion::testing
