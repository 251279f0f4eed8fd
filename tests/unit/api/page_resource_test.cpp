#include "api/page_resource.h"

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <optional>
#include <regex>
#include <set>

namespace clarion {
namespace {

HttpResponse get(const std::string& path) {
  Router router([](int status, std::string message, const HttpRequest&) {
    HttpResponse response;
    response.status = status;
    response.body = std::move(message);
    return response;
  });
  add_page(router);
  asio::io_context context;
  std::optional<HttpResponse> answer;
  HttpRequest request;
  request.method = HttpMethod::Get;
  request.path = path;
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

TEST(Page, ServesEveryFileItAsksFor) {
  const HttpResponse page = get("/");
  ASSERT_EQ(page.status, 200);
  EXPECT_EQ(page.content_type, "text/html; charset=utf-8");
  const std::string all = page.body + get("/page.js").body;
  std::set<std::string> asked;
  const std::regex reference(R"re((?:src=|href=|from )"(/[^"]*)")re");
  for (std::sregex_iterator it(all.begin(), all.end(), reference), end; it != end; ++it) asked.insert((*it)[1]);
  EXPECT_EQ(asked, (std::set<std::string>{"/icon.svg", "/page-parts.js", "/page.css", "/page.js"}));
  for (const std::string& path : asked) EXPECT_EQ(get(path).status, 200) << path;
  EXPECT_EQ(get("/page").status, 404);
}

TEST(Page, NeedsNothingThatAStrictContentSecurityPolicyForbids) {
  const std::string html = get("/").body;
  const std::regex forbidden(R"re(<style|style=|<script(?![^>]*src=)|\son[a-z]+=|https?://|javascript:)re");
  EXPECT_FALSE(std::regex_search(html, forbidden));
  const std::string scripts = get("/page.js").body + get("/page-parts.js").body;
  EXPECT_FALSE(
      std::regex_search(scripts, std::regex(R"re(innerHTML|insertAdjacentHTML|document\.write|\beval\(|https?://)re")))
      << "what other people wrote is only ever set as text";
}

TEST(Page, HasNoDefaultRate) {
  const std::string html = get("/").body;
  std::smatch input;
  ASSERT_TRUE(std::regex_search(html, input, std::regex(R"re(<input id="tps"[^>]*>)re")));
  EXPECT_EQ(input.str().find("value="), std::string::npos);
  EXPECT_NE(input.str().find("required"), std::string::npos);
}

}  // namespace
}  // namespace clarion
