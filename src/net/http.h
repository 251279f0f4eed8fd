#pragma once
// HTTP as handlers see it: plain values, no Beast.
//
// Lifetime  a handler gets the request by value and may keep it across co_await.
// Threads   a handler runs on its connection's executor.

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "base/task.h"

namespace clarion {

// Other is any method that no route can have; it is answered 404 or 405 like every wrong method.
enum class HttpMethod : unsigned char { Get, Head, Post, Put, Patch, Delete, Options, Other };
[[nodiscard]] std::string_view to_string(HttpMethod method);
[[nodiscard]] HttpMethod parse_http_method(std::string_view token);  // exact case, as HTTP has it

struct HttpRequest {
  HttpMethod method{};
  std::string path;                                    // percent-decoded, without the query
  std::vector<std::string> segments = {};              // of path, decoded one by one: "%2F" stays inside its segment
  std::map<std::string, std::string> query;            // decoded; the last of a repeated name wins
  std::map<std::string, std::string> path_parameters;  // "{id}" of the route
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
  std::string id;             // request id, also answered as X-Request-Id
  std::string client;         // address of the other end of the connection; empty when there is none
  std::string route = {};     // the pattern that answers; set by the Router, never holds what a client wrote
  std::string caller = {};    // who asks, for logs; set by the route's guard
  bool is_read_only = false;  // the caller may only look; set by the route's guard

  // The first header of that name, any case.
  [[nodiscard]] std::optional<std::string_view> header(std::string_view name) const;
};

// Writes server-sent events (WHATWG HTML, "text/event-stream") until the client goes or the handler returns.
class EventStream {
 public:
  virtual ~EventStream() = default;
  // Returns when the event has been handed to the socket. Unavailable once the client has gone or the server stops;
  // a handler that waits for something else then is cancelled (operation_aborted is thrown where it waits).
  virtual Task<Result<void>> send(std::string event, std::string data, std::string id) = 0;
};

struct HttpResponse {
  int status = 200;
  std::string content_type = "application/json";
  std::string body = {};
  std::vector<std::pair<std::string, std::string>> headers = {};
  // When set, the body is ignored and the handler streams events; the Task ends the stream.
  std::function<Task<void>(std::shared_ptr<EventStream>)> stream = {};
  // When set, the body is ignored and sent in chunks; an empty chunk ends it, an Error breaks the connection off.
  std::function<Task<Result<std::string>>()> chunks = {};
  std::string route = {};  // the pattern that answered; the Router sets it, metrics use it
};

using HttpHandler = std::function<Task<HttpResponse>(HttpRequest)>;
// The answer that refuses the request, or nothing when it may be handled. Called with the header read and no body.
using HttpGuard = std::function<Task<std::optional<HttpResponse>>(HttpRequest&)>;

struct Route {
  HttpMethod method{};
  std::string pattern;  // "/api/campaigns/{id}/pause"; "{name}" matches one segment that is not empty
  HttpHandler handler;
  HttpGuard guard = {};  // none: everybody may ask
};

// Answers a request by the first route that fits: an unknown path is 404, a known path with another method 405
// with Allow; HEAD is answered by GET without the body, OPTIONS by 204 with Allow. Errors go through `on_error`.
class Router {
 public:
  using ErrorBody = std::function<HttpResponse(int status, std::string message, const HttpRequest& request)>;
  explicit Router(ErrorBody on_error) : on_error_(std::move(on_error)) {}

  // REQUIRES: the pattern begins with "/", and the pair of method and pattern is new (std::invalid_argument).
  void add(HttpMethod method, std::string pattern, HttpHandler handler, HttpGuard guard = {});
  // Answers GET and HEAD of paths that no route has, in place of the 404; it has no guard.
  void set_fallback(HttpHandler handler) { fallback_ = std::move(handler); }
  // Asks the guard of the route that would answer; nothing when route() may be called. What no route answers needs no
  // guard. A server asks before it reads the body, so that strangers cannot make it keep one.
  [[nodiscard]] Task<std::optional<HttpResponse>> admit(HttpRequest& request) const;
  // Answers, without asking the guard: for requests that admit() let in, and for what the process asks itself.
  [[nodiscard]] Task<HttpResponse> route(HttpRequest request) const;
  [[nodiscard]] HttpResponse not_found(const HttpRequest& request) const;
  [[nodiscard]] HttpResponse error(int status, std::string message, const HttpRequest& request) const {
    return on_error_(status, std::move(message), request);
  }
  // In order of addition; what the OpenAPI test compares with the document.
  [[nodiscard]] const std::vector<Route>& routes() const { return routes_; }

 private:
  static void split(HttpRequest& request);
  [[nodiscard]] std::optional<std::size_t> find(const HttpRequest& request) const;

  std::vector<Route> routes_;
  std::vector<std::vector<std::string>> patterns_;  // segments of routes_, same order
  ErrorBody on_error_;
  HttpHandler fallback_;
};

}  // namespace clarion
