#pragma once
// The HTTP API: every method and path, which handler answers it, and which scope it asks for.

#include <memory>

#include "api/api_context.h"
#include "net/http.h"

namespace clarion {

// A router with every route; guarded when context->verifier is set. Errors of the router itself have the shape of
// errors.h.
[[nodiscard]] std::unique_ptr<Router> make_router(const std::shared_ptr<const ApiContext>& context);

}  // namespace clarion
