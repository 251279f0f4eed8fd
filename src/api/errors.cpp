#include "api/errors.h"

#include <fmt/format.h>

#include <boost/json.hpp>

#include <algorithm>
#include <array>
#include <cmath>

#include "base/log.h"

namespace clarion {
namespace {

namespace json = boost::json;

constexpr std::array<std::string_view, 9> contract_paths{
    "/api/environment", "/api/send-campaign",     "/api/locations", "/api/skus",         "/api/stats",
    "/api/query",       "/api/intelligent-query", "/api/segments",  "/api/save-template"};

std::string_view title_of(int status) {
  switch (status) {
    case 400: return "The request is not right";
    case 401: return "Authentication is needed";
    case 403: return "Not allowed";
    case 404: return "Not found";
    case 405: return "Method not allowed";
    case 408: return "The request took too long";
    case 409: return "Conflict";
    case 413: return "The request is too large";
    case 415: return "This content type is not read";
    case 422: return "The request cannot be carried out";
    case 429: return "Too many requests";
    case 503: return "Not available now";
    default: return status < 500 ? "The request was refused" : "Something failed on our side";
  }
}

}  // namespace

ErrorShape error_shape_of(std::string_view path) {
  const bool is_contract = std::ranges::find(contract_paths, path) != contract_paths.end() || path == "/api/templates";
  return is_contract ? ErrorShape::Contract : ErrorShape::Problem;
}

int status_of(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::Invalid: return 400;
    case ErrorKind::NotFound: return 404;
    case ErrorKind::Conflict: return 409;
    case ErrorKind::Denied: return 403;
    case ErrorKind::Throttled: return 429;
    case ErrorKind::Unavailable:
    case ErrorKind::Unknown: return 503;
    case ErrorKind::Internal: return 500;
  }
  return 500;
}

HttpResponse error_response(const HttpRequest& request, int status, std::string message) {
  HttpResponse response;
  response.status = status;
  if (error_shape_of(request.path) == ErrorShape::Contract) {
    response.body = json::serialize(json::object{{"success", false}, {"error", message}});
    return response;
  }
  response.content_type = "application/problem+json";
  response.body = json::serialize(json::object{{"type", "about:blank"},
                                               {"title", title_of(status)},
                                               {"status", status},
                                               {"detail", message},
                                               {"instance", request.path},
                                               {"success", false},
                                               {"error", message},
                                               {"request_id", request.id}});
  return response;
}

HttpResponse error_response(const HttpRequest& request, const Error& error) {
  const int status = status_of(error.kind);
  if (status >= 500 || !error.detail.empty()) {
    log(status >= 500 ? LogLevel::Error : LogLevel::Info, "request_failed",
        {{"request_id", request.id},
         {"route", request.route},
         {"status", std::int64_t{status}},
         {"message", error.message},
         {"detail", error.detail}});
  }
  HttpResponse response = error_response(request, status, error.message);
  if (error.retry_after) {
    const auto seconds = std::max<std::int64_t>(1, std::chrono::ceil<std::chrono::seconds>(*error.retry_after).count());
    response.headers.emplace_back("Retry-After", std::to_string(seconds));
  }
  return response;
}

}  // namespace clarion
