#pragma once
// Authentication: a bearer token (RFC 6750) with the scope that an endpoint asks for.
//
// Answers  401 with WWW-Authenticate without a token or with a wrong one, 403 naming the scope that is missing, 429
//          with Retry-After after too many wrong ones, 503 while tokens cannot be checked; each in the shape of its
//          path.

#include <memory>

#include "api/api_context.h"
#include "domain/scope.h"
#include "net/http.h"

namespace clarion {

// REQUIRES: context->verifier is not null and outlives the guard.
[[nodiscard]] HttpGuard require_scope(std::shared_ptr<const ApiContext> context, Scope scope);

}  // namespace clarion
