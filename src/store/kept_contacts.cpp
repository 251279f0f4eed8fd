#include "store/kept_contacts.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <optional>
#include <string>
#include <system_error>
#include <vector>

#include "audience/json_elements.h"
#include "audience/kept_contact.h"
#include "base/text.h"

namespace clarion {
namespace {

class KeptRows {
 public:
  KeptRows(std::string file, const std::function<void(const Contact&, std::string_view)>& take)
      : file_(std::move(file)), take_(take) {}

  void feed(std::string_view chunk) {
    if (!elements_) {
      if (chunk.starts_with("\xef\xbb\xbf")) chunk.remove_prefix(3);
      const auto layout = trim(chunk).starts_with('[') ? JsonElements::Layout::Array : JsonElements::Layout::Lines;
      elements_.emplace(
          layout,
          JsonElements::Sink{.element = [this](std::string_view row, std::size_t padded_bytes,
                                               std::int64_t line) { read(row, padded_bytes, line); },
                             .oversized = [this](std::int64_t line) { refuse(line, "the row is longer than 1 MiB"); },
                             .broken = [this](std::int64_t line, std::string_view reason) { refuse(line, reason); }});
    }
    elements_->feed(chunk);
  }
  Result<void> finish() {
    if (elements_) elements_->finish();
    return result_;
  }
  [[nodiscard]] bool is_refused() const { return !result_; }

 private:
  void read(std::string_view row, std::size_t padded_bytes, std::int64_t line) {
    if (!result_) return;
    const auto contact = reader_.read(row, padded_bytes);
    if (!contact) return refuse(line, contact.error().message);
    if (row.find_first_of("\r\n") == std::string_view::npos) return take_(**contact, row);
    // Of an array that was laid out for people. In JSON a line end stands between tokens only.
    line_.assign(row);
    std::ranges::replace_if(line_, [](char c) { return c == '\r' || c == '\n'; }, ' ');
    take_(**contact, line_);
  }
  void refuse(std::int64_t line, std::string_view reason) {
    if (!result_) return;
    result_ = fail(ErrorKind::Conflict,
                   fmt::format("line {} of {} cannot be read ({}), so whoever it is would be lost, an opt-out too; "
                               "nothing was imported. Restore the file, or take that line out of it",
                               line, file_, reason));
  }

  std::string file_;
  const std::function<void(const Contact&, std::string_view)>& take_;
  std::optional<JsonElements> elements_;
  KeptContactReader reader_;
  std::string line_;
  Result<void> result_;
};

}  // namespace

Result<void> visit_kept_contacts(const std::filesystem::path& file,
                                 const std::function<void(const Contact&, std::string_view)>& take) {
  if (std::error_code error; !std::filesystem::exists(file, error)) return {};
  std::ifstream in(file, std::ios::binary);
  if (!in) return fail(ErrorKind::Denied, fmt::format("{} cannot be read", file.string()));
  KeptRows rows(file.string(), take);
  std::vector<char> buffer(std::size_t{1} << 20U);
  while (in && !rows.is_refused()) {
    in.read(buffer.data(), static_cast<std::streamsize>(buffer.size()));
    if (in.bad()) return fail(ErrorKind::Unavailable, fmt::format("{} cannot be read to its end", file.string()));
    rows.feed({buffer.data(), static_cast<std::size_t>(in.gcount())});
  }
  return rows.finish();
}

}  // namespace clarion
