#pragma once
// Errors as HTTP answers: which status an ErrorKind has, and the two shapes a client can meet.
//
// Shapes   the endpoints that existed before answer {"success": false, "error"}; all others RFC 9457
//          application/problem+json, with those two as extension members, so that one way of reading errors always
//          works. `Error::detail` is logged and never sent.

#include <string>
#include <string_view>

#include "base/result.h"
#include "net/http.h"

namespace clarion {

enum class ErrorShape : unsigned char { Contract, Problem };
[[nodiscard]] ErrorShape error_shape_of(std::string_view path);

[[nodiscard]] int status_of(ErrorKind kind);
// The answer in the shape of request.path. Logs what only we should see, once.
[[nodiscard]] HttpResponse error_response(const HttpRequest& request, const Error& error);
// What Router asks for: 404, 405, 413 and whatever else happens before a handler.
[[nodiscard]] HttpResponse error_response(const HttpRequest& request, int status, std::string message);

}  // namespace clarion
