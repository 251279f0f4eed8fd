#include "api/page_resource.h"

#include <string_view>

#include "embedded/page_css.h"
#include "embedded/page_html.h"
#include "embedded/page_icon_svg.h"
#include "embedded/page_js.h"
#include "embedded/page_parts_js.h"

namespace clarion {
namespace {

struct PageFile {
  std::string_view path;
  std::string_view content_type;
  const std::string_view& content;
};

const PageFile files[] = {
    {"/", "text/html; charset=utf-8", embedded::page_html},
    {"/page.js", "text/javascript; charset=utf-8", embedded::page_js},
    {"/page-parts.js", "text/javascript; charset=utf-8", embedded::page_parts_js},
    {"/page.css", "text/css; charset=utf-8", embedded::page_css},
    {"/icon.svg", "image/svg+xml", embedded::page_icon_svg},
};

Task<HttpResponse> serve(const PageFile& file) {
  HttpResponse response;
  response.content_type = file.content_type;
  response.body = file.content;
  // The file changes with the program, so a browser has to ask each time.
  response.headers.emplace_back("Cache-Control", "no-cache");
  co_return response;
}

}  // namespace

void add_page(Router& router) {
  for (const PageFile& file : files) {
    router.add(HttpMethod::Get, std::string(file.path), [&file](const HttpRequest&) { return serve(file); });
  }
}

}  // namespace clarion
