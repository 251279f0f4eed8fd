#include "app/contact_uploads.h"

#include <unistd.h>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <cstdlib>
#include <fstream>
#include <sstream>
#include <system_error>

#include "app/imported_table.h"
#include "base/clock.h"

namespace clarion {
namespace {

namespace fs = std::filesystem;

// A folder of our own in the data directory, 0700, that goes away with what is in it.
class UploadFolder {
 public:
  static Result<UploadFolder> make(const fs::path& data_dir) {
    std::string name = (data_dir / "upload-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) {
      return fail(ErrorKind::Unavailable, "the data directory cannot be written, so the file cannot be taken");
    }
    return UploadFolder(std::move(name));
  }
  UploadFolder(UploadFolder&& other) noexcept : path_(std::exchange(other.path_, {})) {}
  UploadFolder& operator=(UploadFolder&&) = delete;
  ~UploadFolder() {
    std::error_code ignored;
    if (!path_.empty()) fs::remove_all(path_, ignored);
  }
  [[nodiscard]] const fs::path& path() const { return path_; }

 private:
  explicit UploadFolder(fs::path path) : path_(std::move(path)) {}
  fs::path path_;
};

std::string read_all(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream text;
  if (in.is_open() && in.peek() != std::ifstream::traits_type::eof()) text << in.rdbuf();
  return std::move(text).str();
}

Result<ContactUploadResult> import_now(const Settings& settings, const ContactUpload& upload) {
  const auto folder = UploadFolder::make(settings.data_dir);
  if (!folder) return std::unexpected(folder.error());
  const fs::path file = folder->path() / "contacts";
  const fs::path rejected = folder->path() / "rejected.csv";
  std::ofstream out(file, std::ios::binary);
  out.write(upload.file.data(), static_cast<std::streamsize>(upload.file.size()));
  out.close();
  if (!out) return fail(ErrorKind::Unavailable, "the uploaded file could not be kept; is the disk full?");
  const ImportOptions reading{.format = upload.format, .rejected_csv = rejected, .refuses_empty = true};
  auto summary = merge_contacts(settings, file, reading, upload.is_dry_run, SystemClock().wall_now());
  if (!summary) return std::unexpected(summary.error());
  return ContactUploadResult{std::move(*summary), read_all(rejected)};
}

Task<Result<ContactUploadResult>> import_on_thread(const Settings& settings, ContactUpload upload) {
  co_return import_now(settings, upload);
}

}  // namespace

ContactUploader ContactUploads::uploader() {
  return [this](ContactUpload upload) -> Task<Result<ContactUploadResult>> {
    co_return co_await asio::co_spawn(thread_.get_executor(), import_on_thread(settings_, std::move(upload)),
                                      asio::bind_cancellation_slot(asio::cancellation_slot(), asio::use_awaitable));
  };
}

}  // namespace clarion
