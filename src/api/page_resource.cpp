#include "api/page_resource.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <string_view>

#include "base/text.h"

namespace clarion {
namespace {

constexpr std::string_view first_page = "/index.html";

// Shown by a program that stands without its page; the API is complete without it.
constexpr std::string_view page_is_missing =
    "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Clarion</title><h1>The page is not built</h1>"
    "<p>This server answers its API; its page was not found beside the program. Run <code>make ui</code>, or set "
    "<code>CLARION_UI_DIR</code> to a folder that holds it, and start the server again.</p></html>\n";

// Whether a list such as "br;q=1, gzip;q=0.5" takes `wanted`; a weight of zero refuses it (RFC 9110, section 12.5.3).
bool accepts(std::string_view list, std::string_view wanted) {
  while (!list.empty()) {
    const auto end = std::min(list.find(','), list.size());
    std::string_view item = trim(list.substr(0, end));
    list.remove_prefix(std::min(end + 1, list.size()));
    const auto semicolon = item.find(';');
    if (trim(item.substr(0, semicolon)) != wanted) continue;
    if (semicolon == std::string_view::npos) return true;
    std::string_view weight = trim(item.substr(semicolon + 1));
    if (!weight.starts_with("q=")) return true;
    weight.remove_prefix(2);
    return weight.find_first_of("123456789") != std::string_view::npos;
  }
  return false;
}

// Whether If-None-Match names `etag`; for that a weak tag is as good as a strong one (RFC 9110, section 13.1.2).
bool names(std::string_view list, std::string_view etag) {
  while (!list.empty()) {
    const auto end = std::min(list.find(','), list.size());
    std::string_view item = trim(list.substr(0, end));
    list.remove_prefix(std::min(end + 1, list.size()));
    if (item.starts_with("W/")) item.remove_prefix(2);
    if (item == etag || item == "*") return true;
  }
  return false;
}

// A file in the form that the request takes: each form has an ETag of its own, as its bytes are its own.
HttpResponse serve(const PageFile& file, const HttpRequest& request) {
  const std::string_view taken = request.header("Accept-Encoding").value_or("");
  std::string_view encoding;
  const std::string* body = &file.body;
  if (!file.brotli.empty() && accepts(taken, "br")) {
    encoding = "br";
    body = &file.brotli;
  } else if (!file.gzip.empty() && accepts(taken, "gzip")) {
    encoding = "gzip";
    body = &file.gzip;
  }
  HttpResponse response;
  response.content_type = file.content_type;
  response.headers.emplace_back("Cache-Control",
                                file.is_immutable ? "public, max-age=31536000, immutable" : "no-cache");
  const std::string etag =
      encoding.empty() ? fmt::format("\"{}\"", file.hash) : fmt::format("\"{}-{}\"", file.hash, encoding);
  response.headers.emplace_back("ETag", etag);
  if (!file.gzip.empty() || !file.brotli.empty()) response.headers.emplace_back("Vary", "Accept-Encoding");
  if (names(request.header("If-None-Match").value_or(""), etag)) {
    response.status = 304;
    return response;
  }
  if (!encoding.empty()) response.headers.emplace_back("Content-Encoding", encoding);
  response.body = *body;
  return response;
}

// The address of a screen: asked for by a browser's address line, below neither the API nor the files.
bool is_screen(const HttpRequest& request) {
  const std::string_view path = request.path;
  if (path == "/api" || path.starts_with("/api/")) return false;
  if (path.starts_with("/assets/")) return false;
  return accepts(request.header("Accept").value_or(""), "text/html");
}

HttpResponse answer_first_page(const PageFiles& files, const HttpRequest& request) {
  if (const auto page = files.find(first_page); page != files.end()) return serve(page->second, request);
  HttpResponse response;
  response.status = 503;
  response.content_type = "text/html; charset=utf-8";
  response.body = page_is_missing;
  return response;
}

}  // namespace

void add_page(Router& router, std::shared_ptr<const PageFiles> files) {
  router.add(HttpMethod::Get, "/",
             [files](HttpRequest request) -> Task<HttpResponse> { co_return answer_first_page(*files, request); });
  router.set_fallback([files = std::move(files), &router](HttpRequest request) -> Task<HttpResponse> {
    const auto file = files->find(request.path);
    if (file != files->end()) co_return serve(file->second, request);
    if (is_screen(request)) co_return answer_first_page(*files, request);
    co_return router.not_found(request);
  });
}

}  // namespace clarion
