#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>

#include <stdexcept>

#include "net/http.h"
#include "net/target.h"

namespace clarion {
namespace {

class RouterTest : public ::testing::Test {
 protected:
  Router router_{[](int status, std::string message, const HttpRequest& request) {
    return HttpResponse{.status = status, .body = message + "|" + request.path};
  }};

  void add(HttpMethod method, const std::string& pattern) {
    router_.add(method, pattern, [pattern](HttpRequest request) -> Task<HttpResponse> {
      std::string seen = pattern;
      for (const auto& [name, value] : request.path_parameters) seen.append(" ").append(name).append("=").append(value);
      co_return HttpResponse{.body = seen};
    });
  }
  HttpResponse answer(HttpMethod method, std::string_view target_text) {
    HttpRequest request;
    request.method = method;
    auto target = parse_target(target_text);
    if (!target) return {.status = 400, .body = target.error().message};
    request.path = target->path;
    request.segments = target->segments;
    return run(router_.route(std::move(request)));
  }
  static HttpResponse run(Task<HttpResponse> task) {
    asio::io_context context;
    auto response = asio::co_spawn(context, std::move(task), asio::use_future);
    context.run();
    return response.get();
  }
  std::string text(HttpMethod method, std::string_view target) {
    const HttpResponse response = answer(method, target);
    std::string line = std::to_string(response.status) + " " + response.body;
    for (const auto& [name, value] : response.headers) line.append(" ").append(name).append(": ").append(value);
    return line;
  }
};

TEST_F(RouterTest, TheFallbackReadsWhatNoRouteHasAndNothingElse) {
  add(HttpMethod::Post, "/api/segments");
  router_.set_fallback(
      [](HttpRequest request) -> Task<HttpResponse> { co_return HttpResponse{.body = "page " + request.path}; });
  EXPECT_EQ(text(HttpMethod::Get, "/contacts"), "200 page /contacts");
  EXPECT_EQ(text(HttpMethod::Head, "/contacts"), "200 page /contacts");
  EXPECT_EQ(answer(HttpMethod::Post, "/contacts").status, 404);
  EXPECT_EQ(answer(HttpMethod::Get, "/api/segments").status, 405);
}

TEST_F(RouterTest, TakesTheFirstRouteThatFits) {
  add(HttpMethod::Get, "/");
  add(HttpMethod::Get, "/api/campaigns/latest");
  add(HttpMethod::Get, "/api/campaigns/{id}");
  add(HttpMethod::Post, "/api/campaigns/{id}/{action}");
  EXPECT_EQ(text(HttpMethod::Get, "/"), "200 /");
  EXPECT_EQ(text(HttpMethod::Get, "/api/campaigns/latest"), "200 /api/campaigns/latest");
  EXPECT_EQ(text(HttpMethod::Get, "/api/campaigns/7?x=/y"), "200 /api/campaigns/{id} id=7");
  EXPECT_EQ(text(HttpMethod::Post, "/api/campaigns/7/pause"), "200 /api/campaigns/{id}/{action} action=pause id=7");
  EXPECT_EQ(answer(HttpMethod::Get, "/api/campaigns/7").route, "/api/campaigns/{id}");
}

TEST_F(RouterTest, AnEscapedSlashStaysInsideItsSegment) {
  add(HttpMethod::Get, "/contacts/{id}");
  EXPECT_EQ(text(HttpMethod::Get, "/contacts/A%2F1"), "200 /contacts/{id} id=A/1");
  EXPECT_EQ(text(HttpMethod::Get, "/contacts/A/1"), "404 there is nothing at /contacts/A/1|/contacts/A/1");
}

TEST_F(RouterTest, HostilePathsFindNothing) {
  add(HttpMethod::Get, "/contacts/{id}");
  for (const std::string path : {"/contacts", "/contacts/", "/contacts//", "//contacts/1", "/contacts/1/",
                                 "/CONTACTS/1", "/contacts/../contacts/1", "/%2e%2e/contacts/1", "/contacts%2F1"}) {
    EXPECT_EQ(answer(HttpMethod::Get, path).status, 404) << path;
  }
  EXPECT_EQ(answer(HttpMethod::Get, "/contacts/" + std::string(10'000, '/')).status, 404);
  EXPECT_EQ(text(HttpMethod::Get, "/contacts/.."), "200 /contacts/{id} id=..");  // a value like any other
}

TEST_F(RouterTest, AKnownPathWithAnotherMethodIs405WithAllow) {
  add(HttpMethod::Get, "/a/{x}");
  add(HttpMethod::Delete, "/a/{x}");
  add(HttpMethod::Post, "/a/b");
  EXPECT_EQ(text(HttpMethod::Patch, "/a/b"),
            "405 /a/b does not answer to this method; use GET, HEAD, DELETE, POST, OPTIONS|/a/b "
            "Allow: GET, HEAD, DELETE, POST, OPTIONS");
  EXPECT_EQ(answer(HttpMethod::Other, "/a/c").status, 405);
  EXPECT_EQ(answer(HttpMethod::Other, "/z").status, 404);
  EXPECT_EQ(answer(HttpMethod::Head, "/a/c").status, 200);
  EXPECT_EQ(text(HttpMethod::Options, "/a/c"), "204  Allow: GET, HEAD, DELETE, OPTIONS");
  EXPECT_EQ(answer(HttpMethod::Options, "/z").status, 404);
  EXPECT_EQ(answer(HttpMethod::Options, "*").status, 204);
}

TEST_F(RouterTest, ARequestMadeByHandNeedsNoSegments) {
  add(HttpMethod::Get, "/a/{x}");
  HttpRequest request;
  request.path = "/a/b";
  EXPECT_EQ(run(router_.route(std::move(request))).body, "/a/{x} x=b");
}

TEST_F(RouterTest, RefusesARouteThatCanNeverAnswer) {
  add(HttpMethod::Get, "/a");
  EXPECT_THROW(add(HttpMethod::Get, "/a"), std::invalid_argument);
  EXPECT_THROW(add(HttpMethod::Get, "a"), std::invalid_argument);
  EXPECT_THROW(add(HttpMethod::Other, "/b"), std::invalid_argument);
  EXPECT_THROW(router_.add(HttpMethod::Get, "/c", {}), std::invalid_argument);
}

TEST(HttpRequest, HeadersAreFoundInAnyCase) {
  HttpRequest request;
  request.headers = {{"X-A", "1"}, {"x-a", "2"}};
  EXPECT_EQ(request.header("x-A"), "1");
  EXPECT_EQ(request.header("X-B"), std::nullopt);
}

TEST(HttpMethod, NamesAreReadInExactCase) {
  EXPECT_EQ(parse_http_method("PATCH"), HttpMethod::Patch);
  EXPECT_EQ(parse_http_method("patch"), HttpMethod::Other);
  EXPECT_EQ(parse_http_method(""), HttpMethod::Other);
  EXPECT_EQ(to_string(HttpMethod::Delete), "DELETE");
}

TEST_F(RouterTest, AGuardIsAskedByAdmitOnlyAndForItsRouteOnly) {
  int asked = 0;
  router_.add(
      HttpMethod::Get, "/guarded/{id}",
      [](HttpRequest request) -> Task<HttpResponse> {
        co_return HttpResponse{.body = request.route + " " + request.path_parameters["id"]};
      },
      [&asked](HttpRequest& request) -> Task<std::optional<HttpResponse>> {
        ++asked;
        co_return HttpResponse{.status = 401, .body = request.route};
      });
  add(HttpMethod::Get, "/open");
  const auto admit = [this](HttpMethod method, const std::string& path) {
    HttpRequest request;
    request.method = method;
    request.path = path;
    asio::io_context context;
    auto refusal = asio::co_spawn(
        context,
        [](const Router& router, HttpRequest given) -> Task<std::string> {
          const auto refused = co_await router.admit(given);
          co_return refused ? std::to_string(refused->status) + " " + refused->route : "admitted";
        }(router_, std::move(request)),
        asio::use_future);
    context.run();
    return refusal.get();
  };
  EXPECT_EQ(admit(HttpMethod::Get, "/guarded/7"), "401 /guarded/{id}");
  EXPECT_EQ(admit(HttpMethod::Head, "/guarded/7"), "401 /guarded/{id}") << "HEAD is GET without the body";
  EXPECT_EQ(asked, 2);
  EXPECT_EQ(admit(HttpMethod::Options, "/guarded/7"), "admitted");
  EXPECT_EQ(admit(HttpMethod::Post, "/guarded/7"), "admitted") << "it is answered 405";
  EXPECT_EQ(admit(HttpMethod::Get, "/open"), "admitted");
  EXPECT_EQ(admit(HttpMethod::Get, "/nowhere"), "admitted");
  EXPECT_EQ(text(HttpMethod::Get, "/guarded/7"), "200 /guarded/{id} 7");
  EXPECT_EQ(asked, 2);
}

}  // namespace
}  // namespace clarion
