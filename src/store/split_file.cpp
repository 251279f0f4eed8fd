#include "store/split_file.h"

#include <algorithm>

namespace clarion {

Result<SplitFile> SplitFile::create(Layout layout, const std::filesystem::path& folder) {
  auto file = TemporaryFile::create(folder);
  if (!file) return std::unexpected(file.error());
  return SplitFile(std::move(*file), layout);
}

void SplitFile::append(std::size_t to, std::string_view bytes) {
  Part& part = parts_[to];
  part.rest.reserve(block_bytes_);
  while (!bytes.empty()) {
    const std::string_view fitting = bytes.substr(0, block_bytes_ - part.rest.size());
    part.rest.append(fitting);
    bytes.remove_prefix(fitting.size());
    if (part.rest.size() < block_bytes_) return;
    part.blocks.push_back(file_.append(part.rest));
    part.rest.clear();
  }
}

std::string_view SplitFile::read(std::size_t from, std::size_t count) {
  Part& part = parts_[from];
  const std::string_view ahead = std::string_view(part.open).substr(part.position);
  if (ahead.size() >= count) {
    part.position += count;
    return ahead.substr(0, count);
  }
  across_blocks_.assign(ahead);
  part.position = part.open.size();
  while (across_blocks_.size() < count && open_next(part)) {
    part.position = std::min(part.open.size(), count - across_blocks_.size());
    across_blocks_.append(part.open, 0, part.position);
  }
  return across_blocks_;
}

bool SplitFile::open_next(Part& part) {
  if (part.next_block > part.blocks.size()) return false;
  const bool is_on_disk = part.next_block < part.blocks.size();
  part.open = is_on_disk ? file_.read(part.blocks[part.next_block], block_bytes_) : part.rest;
  part.position = 0;
  ++part.next_block;
  return true;
}

void SplitFile::rewind(std::size_t at) {
  Part& part = parts_[at];
  part.open = {};
  part.next_block = 0;
  part.position = 0;
}

}  // namespace clarion
