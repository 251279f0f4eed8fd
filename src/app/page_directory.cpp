#include "app/page_directory.h"

#include <fmt/format.h>

#include <array>
#include <fstream>
#include <sstream>
#include <string_view>
#include <system_error>
#include <utility>

#include "base/hash.h"

namespace clarion {
namespace {

namespace fs = std::filesystem;

std::string_view content_type_of(const fs::path& file) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 11> types{{
      {".html", "text/html; charset=utf-8"},
      {".js", "text/javascript; charset=utf-8"},
      {".css", "text/css; charset=utf-8"},
      {".json", "application/json"},
      {".svg", "image/svg+xml"},
      {".png", "image/png"},
      {".ico", "image/vnd.microsoft.icon"},
      {".woff2", "font/woff2"},
      {".woff", "font/woff"},
      {".txt", "text/plain; charset=utf-8"},
      {".webmanifest", "application/manifest+json"},
  }};
  const std::string extension = file.extension().string();
  for (const auto& [known, type] : types) {
    if (known == extension) return type;
  }
  return "application/octet-stream";
}

Result<std::string> read_file(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  if (in.peek() != std::ifstream::traits_type::eof()) text << in.rdbuf();
  if (!in.is_open() || in.bad()) return fail(ErrorKind::Invalid, fmt::format("{} cannot be read", path.string()));
  return std::move(text).str();
}

bool has_first_page(const fs::path& directory) {
  std::error_code error;
  return fs::is_regular_file(directory / "index.html", error);
}

}  // namespace

fs::path find_page_directory(const fs::path& wanted) {
  if (!wanted.empty()) return wanted;
  std::error_code error;
  const fs::path program = fs::read_symlink("/proc/self/exe", error);
  if (error) return {};
  const fs::path folder = program.parent_path();
  for (const fs::path& candidate : {folder / "ui", folder / ".." / "ui", folder / ".." / "share" / "clarion" / "ui"}) {
    if (has_first_page(candidate)) return candidate.lexically_normal();
  }
  return {};
}

Result<PageFiles> read_page_directory(const fs::path& directory) {
  PageFiles files;
  if (directory.empty()) return files;
  if (!has_first_page(directory)) {
    return fail(ErrorKind::Invalid,
                fmt::format("{} has no index.html; set CLARION_UI_DIR to the folder of the built page, or leave it out",
                            directory.string()));
  }
  std::error_code error;
  std::map<std::string, std::string> gzip;
  std::map<std::string, std::string> brotli;
  for (fs::recursive_directory_iterator it(directory, error), end; !error && it != end; it.increment(error)) {
    if (!it->is_regular_file(error)) continue;
    auto body = read_file(it->path());
    if (!body) return std::unexpected(body.error());
    const std::string path = "/" + it->path().lexically_relative(directory).generic_string();
    const std::string extension = it->path().extension().string();
    if (extension == ".gz" || extension == ".br") {
      (extension == ".gz" ? gzip : brotli)[path.substr(0, path.size() - 3)] = std::move(*body);
      continue;
    }
    std::string hash = fmt::format("{:016x}", hash64(*body));
    files[path] = PageFile{.content_type = std::string(content_type_of(it->path())),
                           .body = std::move(*body),
                           .gzip = {},
                           .hash = std::move(hash),
                           .is_immutable = path.starts_with("/assets/"),
                           .brotli = {}};
  }
  if (error) return fail(ErrorKind::Invalid, fmt::format("{} cannot be read: {}", directory.string(), error.message()));
  for (auto& [path, file] : files) {
    if (const auto found = gzip.find(path); found != gzip.end()) file.gzip = std::move(found->second);
    if (const auto found = brotli.find(path); found != brotli.end()) file.brotli = std::move(found->second);
  }
  return files;
}

}  // namespace clarion
