#include "support/clarion_server.h"

#include <gtest/gtest.h>

#include <csignal>
#include <filesystem>
#include <fstream>

namespace clarion::testing {

ClarionServer::ClarionServer(const std::string& binary, std::map<std::string, std::string> environment)
    : environment_(std::move(environment)) {
  environment_.try_emplace("CLARION_SIM_LATENCY_MS", "0");
  environment_.try_emplace("CLARION_SIM_FAILURE_RATE", "0");
  // A page of one file, so that no test depends on whether ui/ has been built.
  const auto page = directory_.path() / "page";
  std::filesystem::create_directory(page);
  std::ofstream(page / "index.html") << "<!doctype html><title>Clarion</title>";
  environment_.try_emplace("CLARION_UI_DIR", page.string());
  process_ = std::make_unique<ClarionProcess>(
      binary, directory_.path(), ProcessOptions{.arguments = {"serve", "--port", "0"}, .environment = environment_});
  port_ = process_->wait_for_port();
  EXPECT_NE(port_, 0) << process_->errors();
}

int ClarionServer::stop() {
  process_->send_signal(SIGTERM);
  return process_->wait();
}

boost::json::object object_of(const HttpReply& reply) {
  boost::json::error_code error;
  const auto value = boost::json::parse(reply.body, error);
  EXPECT_TRUE(!error && value.is_object()) << reply.status << " " << reply.body.substr(0, 500);
  return !error && value.is_object() ? value.get_object() : boost::json::object();
}

boost::json::value at_path(const boost::json::object& object, std::string_view path) {
  const auto dot = path.find('.');
  const auto* member = object.if_contains(path.substr(0, dot));
  if (member == nullptr) return nullptr;
  if (dot == std::string_view::npos) return *member;
  return member->is_object() ? at_path(member->get_object(), path.substr(dot + 1)) : boost::json::value(nullptr);
}

}  // namespace clarion::testing
