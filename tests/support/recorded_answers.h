#pragma once
// RecordedAnswers: answers of a running server, held against contracts/openapi.yaml: status, content type and body.

#include <gtest/gtest.h>

#include <boost/json.hpp>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "support/http_client.h"

namespace clarion::testing {

class RecordedAnswers {
 public:
  // Kept in `directory` until they are checked.
  explicit RecordedAnswers(const std::filesystem::path& directory)
      : path_(directory / "answers.ndjson"), file_(path_) {}

  // `pattern` is the path as the document names it.
  void add(const std::string& method, const std::string& pattern, const std::string& path, const HttpReply& reply) {
    file_ << boost::json::serialize(boost::json::object{{"method", method},
                                                        {"pattern", pattern},
                                                        {"path", path},
                                                        {"status", reply.status},
                                                        {"content_type", reply.header("content-type")},
                                                        {"body", reply.body}})
          << '\n';
  }
  // A test failure, with a line for each on standard output, when one is not as the document says.
  void expect_as_described() {
    file_.flush();
    const std::string command = "python3 " CLARION_SOURCE_DIR "/tests/support/check_answers.py " CLARION_SOURCE_DIR
                                "/contracts/openapi.json " +
                                path_.string();
    EXPECT_EQ(std::system(command.c_str()), 0) << "an answer is not as contracts/openapi.yaml says";
  }

 private:
  std::filesystem::path path_;
  std::ofstream file_;
};

}  // namespace clarion::testing
