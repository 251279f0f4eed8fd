#include <utility>

#include "app/api_client.h"
#include "base/percent.h"
#include "net/loopback_exchange.h"

namespace clarion {
namespace {

class LoopbackApiClient final : public ApiClient {
 public:
  LoopbackApiClient(std::string host, std::uint16_t port, std::string token)
      : host_(std::move(host)), port_(port), token_(std::move(token)) {}

  Result<ApiReply> call(ApiCall call) override {
    LoopbackRequest request{.host = host_,
                            .port = port_,
                            .method = call.method,
                            .target = encode_target(call.path, call.query),
                            .headers = std::move(call.headers),
                            .body = std::move(call.body)};
    if (!token_.empty()) request.headers.emplace_back("Authorization", "Bearer " + token_);
    if (!request.body.empty()) request.headers.emplace_back("Content-Type", "application/json");
    ApiReply reply;
    const auto status = exchange_over_loopback(request, [&reply, &call](int code, std::string_view piece) {
      reply.status = code;
      if (call.sink && reply.is_success()) {
        call.sink(piece);
      } else {
        reply.body += piece;
      }
    });
    if (!status) return std::unexpected(status.error());
    reply.status = *status;
    return reply;
  }

 private:
  std::string host_;
  std::uint16_t port_;
  std::string token_;
};

}  // namespace

std::string encode_target(std::string_view path, const std::map<std::string, std::string>& query) {
  std::string target;
  append_percent_encoded(target, path, "/:@");
  char separator = '?';
  for (const auto& [name, value] : query) {
    target += std::exchange(separator, '&');
    append_percent_encoded(target, name);
    target += '=';
    append_percent_encoded(target, value);
  }
  return target;
}

std::unique_ptr<ApiClient> make_loopback_client(std::string host, std::uint16_t port, std::string token) {
  return std::make_unique<LoopbackApiClient>(std::move(host), port, std::move(token));
}

}  // namespace clarion
