#include "api/page_resource.h"

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <optional>

namespace clarion {
namespace {

using Headers = std::vector<std::pair<std::string, std::string>>;

const Headers browser = {{"Accept", "text/html,application/xhtml+xml;q=0.9"}, {"Accept-Encoding", "gzip, deflate, br"}};

PageFiles built() {
  return {{"/index.html", {"text/html; charset=utf-8", "<html>", "", "1", false}},
          {"/assets/main-4f2a.js", {"text/javascript; charset=utf-8", "let a", "zipped", "2", true}}};
}

HttpResponse get(const std::string& path, Headers headers = browser, PageFiles files = built()) {
  Router router([](int status, std::string message, const HttpRequest&) {
    HttpResponse response;
    response.status = status;
    response.body = std::move(message);
    return response;
  });
  add_page(router, std::make_shared<const PageFiles>(std::move(files)));
  asio::io_context context;
  std::optional<HttpResponse> answer;
  HttpRequest request;
  request.method = HttpMethod::Get;
  request.path = path;
  request.headers = std::move(headers);
  asio::co_spawn(
      context,
      [](Router& target, HttpRequest asked, std::optional<HttpResponse>& out) -> Task<void> {
        out.emplace(co_await target.route(std::move(asked)));
      }(router, std::move(request), answer),
      [](const std::exception_ptr& failure) {
        if (failure) std::rethrow_exception(failure);
      });
  context.run();
  return answer.value();
}

std::string header(const HttpResponse& response, std::string_view name) {
  for (const auto& [known, value] : response.headers) {
    if (known == name) return value;
  }
  return "";
}

TEST(Page, EveryScreenGetsTheFirstPageAndAsksForItEachTime) {
  for (const std::string path : {"/", "/campaigns/spring", "/campaigns/v1.2", "/contacts"}) {
    const HttpResponse page = get(path);
    EXPECT_EQ(page.status, 200) << path;
    EXPECT_EQ(page.body, "<html>") << path;
    EXPECT_EQ(page.content_type, "text/html; charset=utf-8") << path;
    EXPECT_EQ(header(page, "Cache-Control"), "no-cache") << path;
  }
}

TEST(Page, OnlyABrowserThatWantsHtmlGetsAScreen) {
  EXPECT_EQ(get("/campaigns/spring", {{"Accept", "*/*"}}).status, 404);
  EXPECT_EQ(get("/campaigns/spring", {}).status, 404);
  EXPECT_EQ(get("/campaigns/spring", {{"Accept", "text/html;q=0"}}).status, 404);
}

TEST(Page, NothingBelowTheApiOrTheFilesIsAScreen) {
  EXPECT_EQ(get("/api/nothing").status, 404);
  EXPECT_EQ(get("/api").status, 404);
  EXPECT_EQ(get("/assets/main-old.js").status, 404);
}

TEST(Page, FilesAreKeptForAYear) {
  const HttpResponse file = get("/assets/main-4f2a.js", {});
  EXPECT_EQ(file.status, 200);
  EXPECT_EQ(file.content_type, "text/javascript; charset=utf-8");
  EXPECT_EQ(file.body, "let a");
  EXPECT_EQ(header(file, "Cache-Control"), "public, max-age=31536000, immutable");
  EXPECT_EQ(header(file, "Vary"), "Accept-Encoding");
  EXPECT_EQ(header(file, "Content-Encoding"), "");
}

TEST(Page, AFileIsCompressedForWhoTakesIt) {
  const auto encoding_for = [](const std::string& accepted) {
    return header(get("/assets/main-4f2a.js", {{"Accept-Encoding", accepted}}), "Content-Encoding");
  };
  EXPECT_EQ(get("/assets/main-4f2a.js").body, "zipped");
  EXPECT_EQ(encoding_for("br, gzip;q=0.5"), "gzip");
  PageFiles both = built();
  both["/assets/main-4f2a.js"].brotli = "smaller";
  EXPECT_EQ(get("/assets/main-4f2a.js", browser, both).body, "smaller");
  EXPECT_EQ(header(get("/assets/main-4f2a.js", browser, both), "Content-Encoding"), "br");
  EXPECT_EQ(get("/assets/main-4f2a.js", {{"Accept-Encoding", "gzip, br;q=0"}}, both).body, "zipped");
  EXPECT_EQ(encoding_for("gzip;q=0"), "");
  EXPECT_EQ(encoding_for("gzip; q=0.0"), "");
  EXPECT_EQ(encoding_for("xgzip"), "");
}

TEST(Page, AFileThatIsKnownIsNotSentAgain) {
  const HttpResponse page = get("/", {{"If-None-Match", "\"1\""}});
  EXPECT_EQ(page.status, 304);
  EXPECT_EQ(page.body, "");
  EXPECT_EQ(get("/", {{"If-None-Match", "\"9\""}}).status, 200);
  EXPECT_EQ(get("/", {{"If-None-Match", "\"9\", W/\"1\""}}).status, 304);
  EXPECT_EQ(get("/", {{"If-None-Match", "*"}}).status, 304);
}

TEST(Page, EachEncodingHasAnETagOfItsOwn) {
  PageFiles files = built();
  files["/assets/main-4f2a.js"].brotli = "smaller";
  const auto ask = [&files](const std::string& accepted, const std::string& known) {
    return get("/assets/main-4f2a.js", {{"Accept-Encoding", accepted}, {"If-None-Match", known}}, files);
  };
  EXPECT_EQ(header(ask("", ""), "ETag"), "\"2\"");
  EXPECT_EQ(header(ask("gzip", ""), "ETag"), "\"2-gzip\"");
  EXPECT_EQ(header(ask("br", ""), "ETag"), "\"2-br\"");
  EXPECT_EQ(ask("br", "\"2-br\"").status, 304);
  EXPECT_EQ(header(ask("br", "\"2-br\""), "ETag"), "\"2-br\"");
  // Whoever has another form of it would otherwise take one for the other.
  EXPECT_EQ(ask("br", "\"2-gzip\"").body, "smaller");
  EXPECT_EQ(ask("", "\"2-br\"").body, "let a");
}

TEST(Page, APathThatLeavesTheFolderIsNoFile) {
  EXPECT_EQ(get("/assets/../index.html", {}).status, 404);
  EXPECT_EQ(get("/../../etc/passwd", {}).status, 404);
}

TEST(Page, WithoutItsFilesItSaysHowToBuildThem) {
  const HttpResponse page = get("/", browser, {});
  EXPECT_EQ(page.status, 503);
  EXPECT_NE(page.body.find("make ui"), std::string::npos);
}

}  // namespace
}  // namespace clarion
