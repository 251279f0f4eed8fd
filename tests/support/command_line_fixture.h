#pragma once
// What the tests of the commands share: a directory of their own, the built program in it, and files for it to read.

#include <gtest/gtest.h>

#include <boost/json.hpp>

#include <fstream>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "support/clarion_process.h"

namespace clarion::testing {

class CommandLineTest : public ::testing::Test {
 protected:
  FinishedProcess run(std::vector<std::string> arguments) {
    return run_clarion(CLARION_BINARY, directory_.path(),
                       {.arguments = std::move(arguments), .environment = environment_});
  }
  void write_file(const std::string& name, const std::string& text) {
    std::ofstream(directory_.path() / name, std::ios::binary) << text;
  }
  // Standard output as the one JSON object it must be, to its last byte.
  static boost::json::object document_of(const FinishedProcess& finished) {
    boost::json::error_code error;
    const auto value = boost::json::parse(finished.output, error);
    EXPECT_TRUE(!error && value.is_object()) << "stdout: " << finished.output << "\nstderr: " << finished.errors;
    EXPECT_TRUE(finished.output.ends_with("}\n")) << finished.output;
    return !error && value.is_object() ? value.get_object() : boost::json::object();
  }
  // A send request for `count` people, each with a phone.
  static std::string users(int count) {
    std::string text;
    for (int i = 0; i < count; ++i) {
      text += (i == 0 ? "" : ",") + std::string(R"({"customer_id": "U)") + std::to_string(i) +
              R"(", "selected_channel": "sms", "phone": "+1425555)" + std::to_string(1000 + i) +
              R"(", "message": "Hi"})";
    }
    return R"({"eligible_users": [)" + text + "]}";
  }

  ScratchDirectory directory_;
  std::map<std::string, std::string> environment_{{"CLARION_SIM_LATENCY_MS", "0"}, {"CLARION_SIM_FAILURE_RATE", "0"}};
};

}  // namespace clarion::testing
