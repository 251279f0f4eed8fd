// An import needs the same memory for a file of any size and for any number of contacts, in every format.

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <functional>
#include <string>
#include <utility>

#include "app/imported_contacts.h"
#include "support/clarion_process.h"

namespace clarion::testing {
namespace {

namespace fs = std::filesystem;

// The number behind "name:" in /proc/self/status, in KiB.
long status_kib(const std::string& name) {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with(name + ":")) return std::strtol(line.c_str() + name.size() + 1, nullptr, 10);
  }
  return -1;
}

// How many KiB above its start `work` takes in a process of its own at most; -1 when it fails.
long peak_kib_of(const std::function<bool()>& work) {
  int ends[2];
  if (::pipe(ends) != 0) return -1;
  const pid_t child = ::fork();
  if (child == 0) {
    std::ofstream("/proc/self/clear_refs") << "5";  // the peak starts again from here
    const long before = status_kib("VmRSS");
    const long grown = work() ? status_kib("VmHWM") - before : -1;
    const ssize_t written = ::write(ends[1], &grown, sizeof(grown));
    ::_exit(written == sizeof(grown) ? 0 : 1);
  }
  ::close(ends[1]);
  long grown = -1;
  if (::read(ends[0], &grown, sizeof(grown)) != sizeof(grown)) grown = -1;
  ::close(ends[0]);
  ::waitpid(child, nullptr, 0);
  return grown;
}

struct Form {
  const char* name;
  ContactFormat format;
  const char* head;
  std::function<std::string(int)> row;
  const char* tail;
};

// Rows as long as those of real exports.
const std::string words(240, 'w');

const Form forms[] = {
    {"array", ContactFormat::Clarion, "[\n",
     [](int i) {
       return fmt::format(
           R"({}{{"id":"C-{}","first_name":"Ana","email":"ana{}@example.com","city":"{}","consent":{{"email":{{"state":"opted_in","source":"form","at":"2026-01-01"}}}}}})",
           i == 0 ? "" : ",\n", i, i, words);
     },
     "]\n"},
    {"ndjson", ContactFormat::Clarion, "",
     [](int i) {
       return fmt::format(R"({{"id":"C-{}","first_name":"Ana","email":"ana{}@example.com","city":"{}"}})"
                          "\n",
                          i, i, words);
     },
     ""},
    {"csv", ContactFormat::Csv, "id,email,city,consent_sms,consent_sms_at\n",
     [](int i) { return fmt::format("C-{},ana{}@example.com,{},no,2026-01-01\n", i, i, words); }, ""},
    {"pinpoint", ContactFormat::Pinpoint, "",
     [](int i) {
       return fmt::format(
           R"({{"Id":"e{}","ChannelType":"EMAIL","Address":"ana{}@example.com","OptOut":"NONE","EffectiveDate":"2024-03-01T10:00:00Z","User":{{"UserId":"U-{}","UserAttributes":{{"Interests":["{}"]}}}}}})"
           "\n",
           i, i, i % 3 == 0 ? i / 2 : i, words);
     },
     ""},
    {"pinpoint-csv", ContactFormat::Pinpoint, "Id,ChannelType,Address,OptOut,User.UserId,Attributes.Interests\n",
     [](int i) { return fmt::format("e{},EMAIL,ana{}@example.com,ALL,U-{},{}\n", i, i, i / 2, words); }, ""},
    {"listmonk", ContactFormat::Listmonk, "uuid,email,name,attributes,status,created_at,updated_at\n",
     [](int i) {
       return fmt::format("u-{},ana{}@example.com,Ana,\"{{\"\"city\"\":\"\"{}\"\"}}\",enabled,2024-01-01,2024-02-02\n",
                          i, i, words);
     },
     ""},
};

long import_peak_kib(const Form& form, const fs::path& folder, std::size_t bytes, bool is_dry_run = false) {
  const fs::path file = folder / form.name;
  {
    std::ofstream out(file, std::ios::binary);
    out << form.head;
    std::size_t written = 0;
    for (int i = 0; written < bytes; ++i) {
      const std::string row = form.row(i);
      out << row;
      written += row.size();
    }
    out << form.tail;
  }
  const long peak = peak_kib_of([&] {
    const auto summary = merge_contacts(folder / "data", file, {.format = form.format}, is_dry_run, WallTime{});
    return summary && summary->stopped.empty() && summary->rejected == 0 && summary->imported > 0;
  });
  fs::remove_all(folder / "data");
  fs::remove(file);
  return peak;
}

class ImportMemory : public ::testing::Test {
 protected:
  void SetUp() override {
#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
    GTEST_SKIP() << "a sanitizer keeps what was freed";
#endif
#endif
  }
};

TEST_F(ImportMemory, DoesNotGrowWithTheFile) {
  constexpr std::size_t small = 2'000'000;
  constexpr std::size_t large = 20'000'000;
  // The cache of the database, and blocks that a small file does not fill.
  constexpr long most_growth_kib = 12 * 1024;
  const ScratchDirectory folder;
  for (const Form& form : forms) {
    const long of_small = import_peak_kib(form, folder.path(), small);
    const long of_large = import_peak_kib(form, folder.path(), large);
    ASSERT_GT(of_small, 0) << form.name;
    ASSERT_GT(of_large, 0) << form.name;
    EXPECT_LE(of_large - of_small, most_growth_kib)
        << form.name << ": " << of_small << " KiB for 2 MB, " << of_large << " KiB for 20 MB";
    RecordProperty(std::string("kib_of_") + form.name, fmt::format("{} {}", of_small, of_large));
  }
}

TEST_F(ImportMemory, DoesNotGrowWithTheContacts) {
  // A dry run where consent changes, without the database's cache, which grows to 16 MB.
  const Form ids{"ids", ContactFormat::Csv, "id,city\n", [](int i) { return fmt::format("C-{},Pune\n", i); }, ""};
  const Form consents{"consents", ContactFormat::Csv, "id,consent_sms\n",
                      [](int i) { return fmt::format("C-{},yes\n", i); }, ""};
  constexpr std::size_t small = 400'000;
  constexpr std::size_t large = 4'000'000;
  // Blocks that a small file does not fill. 24 bytes for each of 300,000 contacts in a table that doubles would be at
  // least 12 MB.
  constexpr long most_growth_kib = 4 * 1024;
  const ScratchDirectory folder;
  for (const auto& [form, is_dry_run] : {std::pair(ids, false), std::pair(consents, true)}) {
    const long of_small = import_peak_kib(form, folder.path(), small, is_dry_run);
    const long of_large = import_peak_kib(form, folder.path(), large, is_dry_run);
    ASSERT_GT(of_small, 0) << form.name;
    ASSERT_GT(of_large, 0) << form.name;
    EXPECT_LE(of_large - of_small, most_growth_kib)
        << form.name << ": " << of_small << " KiB for 0.4 MB, " << of_large << " KiB for 4 MB";
    RecordProperty(std::string("kib_of_") + form.name, fmt::format("{} {}", of_small, of_large));
  }
}

}  // namespace
}  // namespace clarion::testing
