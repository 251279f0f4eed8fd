#pragma once
// PageFiles: the console, built by ui/, whole in memory: a path that is not one of these is no file, so no request can
// reach outside it.

#include <map>
#include <memory>
#include <string>

namespace clarion {

struct PageFile {
  std::string content_type;
  std::string body;
  std::string gzip;           // the same body, compressed; empty when it does not pay
  std::string hash;           // of the body, for its ETags
  bool is_immutable = false;  // its name changes with its content
  std::string brotli = {};    // as gzip
};

// By path, as "/index.html" and "/assets/index-4f2a.js". Empty: the console has not been built.
using PageFiles = std::map<std::string, PageFile, std::less<>>;

}  // namespace clarion
