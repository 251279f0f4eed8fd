#pragma once
// contracts/openapi.json, as it lies in the source tree.

#include <boost/json.hpp>

#include <fstream>
#include <sstream>

namespace clarion::testing {

[[nodiscard]] inline boost::json::object read_openapi_document() {
  std::ifstream file(CLARION_SOURCE_DIR "/contracts/openapi.json");
  std::ostringstream text;
  text << file.rdbuf();
  return boost::json::parse(text.str()).as_object();
}

}  // namespace clarion::testing
