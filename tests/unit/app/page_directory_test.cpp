#include "app/page_directory.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "support/clarion_process.h"

namespace clarion {
namespace {

using ::testing::HasSubstr;

class PageDirectory : public ::testing::Test {
 protected:
  void write(const std::string& name, const std::string& text) const {
    const auto file = folder_.path() / name;
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file) << text;
  }
  testing::ScratchDirectory folder_;
};

TEST_F(PageDirectory, EveryFileIsReadWithItsTypeAndItsCompressedForm) {
  write("index.html", "<html>");
  write("assets/main-1.js", "let a");
  write("assets/main-1.js.gz", "zipped");
  write("assets/main-1.js.br", "smaller");
  write("assets/orphan.css.gz", "zipped");
  const auto files = read_page_directory(folder_.path());
  ASSERT_TRUE(files);
  ASSERT_EQ(files->size(), 2U);
  const PageFile& script = files->at("/assets/main-1.js");
  EXPECT_EQ(script.content_type, "text/javascript; charset=utf-8");
  EXPECT_EQ(script.body, "let a");
  EXPECT_EQ(script.gzip, "zipped");
  EXPECT_EQ(script.brotli, "smaller");
  EXPECT_TRUE(script.is_immutable);
  EXPECT_FALSE(files->at("/index.html").is_immutable);
  EXPECT_NE(files->at("/index.html").hash, script.hash);
}

TEST_F(PageDirectory, AFolderWithoutAPageIsRefused) {
  const auto files = read_page_directory(folder_.path());
  ASSERT_FALSE(files);
  EXPECT_THAT(files.error().message, HasSubstr("CLARION_UI_DIR"));
}

TEST_F(PageDirectory, NoFolderIsNoPage) {
  EXPECT_TRUE(read_page_directory({})->empty());
  EXPECT_EQ(find_page_directory(folder_.path()), folder_.path());
}

}  // namespace
}  // namespace clarion
