#include "store/file_contact_source.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>

namespace clarion {
namespace {

class FileContactSource : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (std::filesystem::temp_directory_path() / "clarion-contacts-XXXXXX").string();
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::filesystem::path write(const std::string& name, std::string_view text) {
    std::ofstream(folder_ / name, std::ios::binary) << text;
    return folder_ / name;
  }
  static std::string content(const std::filesystem::path& file) {
    std::ifstream stream(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
  }
  std::filesystem::path folder_;
};

TEST_F(FileContactSource, LoadsAFileAndReportsItsBadRowsPrivately) {
  const auto file =
      write("c.ndjson",
            "{\"id\":\"a\"}\n{\"id\":\"b\",\"city\":5}\n{\"id\":\"=c\",\"age\":\"=1+1\"}\n{\"id\":\"a\",\"age\":9}\n");
  ImportOptions options;
  options.rejected_csv = folder_ / "c.ndjson.rejected.csv";
  write("c.ndjson.rejected.csv", "an earlier import, readable by all");
  const auto loaded = load_contacts(file, options);
  ASSERT_TRUE(loaded);
  EXPECT_EQ(loaded->contacts->size(), 1U);
  EXPECT_EQ(loaded->contacts->get(ContactRow{0}).age, 9);
  EXPECT_EQ(loaded->summary.read, 4);
  EXPECT_EQ(loaded->summary.replaced, 1);
  EXPECT_EQ(content(*options.rejected_csv),
            "line,row,column,value,reason\r\n"
            "2,2,city,5***,city must not be a number\r\n"
            "3,3,age,\"'=1+1\",age must be a number\r\n");
  EXPECT_EQ(std::filesystem::status(*options.rejected_csv).permissions(),
            std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
}

TEST_F(FileContactSource, WritesNoFileOfRefusalsWhenThereAreNone) {
  const auto file = write("c.json", "[{\"id\":\"a\"}]");
  ImportOptions options;
  options.rejected_csv = write("c.json.rejected.csv", "of an earlier import");
  ASSERT_TRUE(load_contacts(file, options));
  EXPECT_FALSE(std::filesystem::exists(*options.rejected_csv));
}

TEST_F(FileContactSource, TellsHowFarItIsAndStopsWhenAsked) {
  std::string lines;
  for (int i = 0; i < 60'000; ++i) lines += "{\"id\":\"customer-" + std::to_string(i) + "\",\"city\":\"Bangalore\"}\n";
  const auto file = write("c.ndjson", lines);
  std::int64_t last = 0;
  int calls = 0;
  ImportOptions options;
  options.progress = [&](const ImportProgress& progress) {
    EXPECT_GE(progress.bytes_read, last);
    EXPECT_EQ(progress.bytes_total, static_cast<std::int64_t>(lines.size()));
    last = progress.bytes_read;
    ++calls;
  };
  ASSERT_TRUE(load_contacts(file, options));
  EXPECT_EQ(last, static_cast<std::int64_t>(lines.size()));
  EXPECT_GE(calls, 3);
  options.progress = {};
  options.is_cancelled = [] { return true; };
  const auto cancelled = load_contacts(file, options);
  ASSERT_FALSE(cancelled);
  EXPECT_EQ(cancelled.error().kind, ErrorKind::Conflict);
}

TEST_F(FileContactSource, HoldsTheRowsOfAPinpointExportOnDiskAndLosesNone) {
  std::string lines;
  for (int round = 0; round < 2; ++round) {
    for (int i = 0; i < 5000; ++i) {
      lines +=
          R"({"Id":"e)" + std::to_string(i) +
          (round == 0 ? R"(","ChannelType":"EMAIL","Address":"p)" : R"(s","ChannelType":"SMS","Address":"+1425555)") +
          (round == 0 ? std::to_string(i) + "@example.com" : std::to_string(1000 + i)) + R"(","User":{"UserId":"u)" +
          std::to_string(i) + "\"}}\n";
    }
  }
  int seen = 0;
  const auto take = [&seen](const Contact& contact) {
    EXPECT_EQ(contact.id, "u" + std::to_string(seen));
    EXPECT_EQ(contact.email, "p" + std::to_string(seen) + "@example.com");
    EXPECT_EQ(contact.phone, "+1425555" + std::to_string(1000 + seen));
    ++seen;
    return true;
  };
  const auto summary = import_contacts(write("export.json", lines), take);
  ASSERT_TRUE(summary);
  EXPECT_EQ(summary->rejected, 0);
  EXPECT_EQ(summary->imported, 5000);
  EXPECT_EQ(summary->merged, 5000);
  EXPECT_EQ(seen, 5000);
}

TEST_F(FileContactSource, NamesTheFileThatCannotBeRead) {
  const auto missing = load_contacts(folder_ / "nothing.json");
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().kind, ErrorKind::NotFound);
  EXPECT_TRUE(missing.error().message.contains("nothing.json cannot be read: No such file or directory"));
  const auto directory = load_contacts(folder_);
  ASSERT_FALSE(directory);
  EXPECT_TRUE(directory.error().message.contains("Is a directory"));
}

}  // namespace
}  // namespace clarion
