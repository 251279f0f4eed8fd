#include "api/authentication.h"

#include <fmt/format.h>

#include <algorithm>

#include "api/errors.h"
#include "base/text.h"

namespace clarion {
namespace {

constexpr std::string_view challenge = R"(Bearer realm="clarion")";

// The token of "Authorization: Bearer TOKEN"; nullopt without one.
std::optional<std::string> bearer_token(const HttpRequest& request) {
  const auto header = request.header("Authorization");
  if (!header) return std::nullopt;
  const std::string_view value = trim(*header);
  const auto space = std::min(value.find(' '), value.size());
  if (!equals_ignoring_case(value.substr(0, space), "Bearer")) return std::nullopt;
  return std::string(trim(value.substr(space)));
}

HttpResponse refusal(const HttpRequest& request, int status, std::string message, std::string_view reason = {}) {
  HttpResponse response = error_response(request, status, std::move(message));
  std::string value(challenge);
  if (!reason.empty()) value.append(", ").append(reason);
  response.headers.emplace_back("WWW-Authenticate", std::move(value));
  return response;
}

Task<std::optional<HttpResponse>> check(std::shared_ptr<const ApiContext> context, Scope needed, HttpRequest& request) {
  auto token = bearer_token(request);
  if (!token) {
    co_return refusal(request, 401,
                      "this needs a token: send \"Authorization: Bearer TOKEN\"; `clarion token create` makes one");
  }
  const auto grant = co_await context->verifier->verify(std::move(*token), request.client);
  if (!grant && grant.error().kind == ErrorKind::Denied) {
    co_return refusal(request, 401, grant.error().message, R"(error="invalid_token")");
  }
  if (!grant) co_return error_response(request, grant.error());
  request.caller = grant->name;
  request.is_read_only = !grant->scopes.has(Scope::Write) && !grant->scopes.has(Scope::Send);
  if (grant->scopes.has(needed)) co_return std::nullopt;
  co_return refusal(request, 403,
                    fmt::format("this token has not the scope '{}' that this needs; use another one, or make one with "
                                "`clarion token create --scope {}`",
                                to_string(needed), to_string(needed)),
                    fmt::format(R"(error="insufficient_scope", scope="{}")", to_string(needed)));
}

}  // namespace

HttpGuard require_scope(std::shared_ptr<const ApiContext> context, Scope scope) {
  return [context = std::move(context), scope](HttpRequest& request) { return check(context, scope, request); };
}

}  // namespace clarion
