#pragma once
// The built page on the disk: where it is looked for, and how its files become answers.

#include <filesystem>

#include "api/page_files.h"
#include "base/result.h"

namespace clarion {

// `wanted` when it is given; otherwise ui beside the running program, ui above it (build/ui for build/release/clarion)
// or ../share/clarion/ui, the first that has an index.html. Empty when there is none.
[[nodiscard]] std::filesystem::path find_page_directory(const std::filesystem::path& wanted);

// Every file below `directory`; a file NAME.gz is the compressed form of NAME. Nothing for an empty path. Invalid when
// the folder has no index.html or cannot be read.
[[nodiscard]] Result<PageFiles> read_page_directory(const std::filesystem::path& directory);

}  // namespace clarion
