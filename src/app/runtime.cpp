#include "app/runtime.h"

#include <fmt/format.h>
#include <prometheus/registry.h>
#include <unistd.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>

#include <algorithm>
#include <csignal>
#include <iterator>
#include <thread>
#include <vector>

#include "access/token.h"
#include "access/token_verifier.h"
#include "api/routes.h"
#include "app/account_checks.h"
#include "app/checks.h"
#include "app/contact_uploads.h"
#include "app/emf_reporter.h"
#include "app/instance_file.h"
#include "app/page_directory.h"
#include "app/wiring.h"
#include "base/log.h"
#include "base/task_group.h"
#include "net/http_metrics.h"
#include "net/http_server.h"

namespace clarion {
namespace {

using namespace std::chrono_literals;

constexpr auto drain_time = 10s;

// One event loop on one thread.
class Loop {
 public:
  Loop() : thread_([this] { context_.run(); }) {}
  ~Loop() { end(); }
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  [[nodiscard]] asio::any_io_executor executor() { return context_.get_executor(); }
  // Runs the task on this loop and waits for it. REQUIRES: called from another thread.
  template <class T>
  T run(Task<T> task) {
    return asio::co_spawn(context_, std::move(task), asio::use_future).get();
  }
  void end() {
    work_.reset();
    context_.stop();
    if (thread_.joinable()) thread_.join();
  }

 private:
  asio::io_context context_{1};
  asio::executor_work_guard<asio::io_context::executor_type> work_{context_.get_executor()};
  std::thread thread_;
};

// Signals belong to the main thread: threads started here leave them alone.
class SignalsBlocked {
 public:
  SignalsBlocked() {
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, &before_);
  }
  ~SignalsBlocked() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  SignalsBlocked(const SignalsBlocked&) = delete;
  SignalsBlocked& operator=(const SignalsBlocked&) = delete;

 private:
  sigset_t before_{};
};

// Asks the router directly; every call runs on the first HTTP loop.
class RouterApiClient final : public ApiClient {
 public:
  RouterApiClient(const Router& router, Loop& loop) : router_(router), loop_(loop) {}

  Result<ApiReply> call(ApiCall call) override {
    HttpRequest request;
    request.method = call.method;
    request.path = call.path;
    request.segments = split(call.path);
    request.query = std::move(call.query);
    request.headers = std::move(call.headers);
    request.body = std::move(call.body);
    request.id = "command";
    return loop_.run(answer(router_, std::move(request), std::move(call.sink)));
  }

 private:
  static std::vector<std::string> split(std::string_view path) {
    std::vector<std::string> segments;
    while (!path.empty()) {
      path.remove_prefix(1);
      const auto end = std::min(path.find('/'), path.size());
      segments.emplace_back(path.substr(0, end));
      path.remove_prefix(end);
    }
    return segments;
  }

  static Task<Result<ApiReply>> answer(const Router& router, HttpRequest request,
                                       std::function<void(std::string_view)> sink) {
    HttpResponse response = co_await router.route(std::move(request));
    ApiReply reply{.status = response.status, .body = {}};
    const auto take = [&reply, &sink](std::string_view piece) {
      if (sink && reply.is_success()) {
        sink(piece);
      } else {
        reply.body += piece;
      }
    };
    if (!response.chunks) take(response.body);
    while (response.chunks) {
      const auto chunk = co_await response.chunks();
      if (!chunk) co_return std::unexpected(chunk.error());
      if (chunk->empty()) break;
      take(*chunk);
    }
    co_return reply;
  }

  const Router& router_;
  Loop& loop_;
};

// A command that only looks holds the directory for a moment and does not say where it listens.
Result<std::unique_ptr<Wiring>> open_when_free(const Settings& settings, const asio::any_io_executor& executor) {
  auto wiring = Wiring::open(settings, executor);
  for (int i = 0; i < 50 && !wiring && wiring.error().kind == ErrorKind::Conflict; ++i) {
    if (const auto holder = find_running_instance(settings.data_dir); holder && holder->port != 0) break;
    std::this_thread::sleep_for(100ms);
    wiring = Wiring::open(settings, executor);
  }
  return wiring;
}

HttpServerOptions server_options(const Settings& settings) {
  HttpServerOptions options;
  std::vector<std::string> origins = settings.cors_origins;
  std::vector<std::string> hosts;
  if (!settings.public_url.empty()) {
    const auto host_at = settings.public_url.find("://") + 3;
    origins.push_back(settings.public_url.substr(0, settings.public_url.find('/', host_at)));
    const auto host = settings.public_url.substr(host_at);
    hosts.push_back(host.substr(0, host.find_first_of(":/")));
  }
  // Behind a token it is of no importance under which name we are reached; without one it is the only protection.
  options.hosts = settings.requires_token() ? HostPolicy::any_host(std::move(origins))
                                            : HostPolicy::local(std::move(hosts), std::move(origins));
  options.cors = CorsPolicy(settings.cors_origins);
  options.body_advice = "import the users with `clarion import` and send to a segment instead";
  return options;
}

}  // namespace

// In the order in which each needs the ones before it.
struct Runtime::State {
  Loop engine_loop;
  std::vector<std::unique_ptr<Loop>> http_loops;
  std::unique_ptr<ContactUploads> uploads;
  std::unique_ptr<Wiring> wiring;
  std::string environment;
  const std::string process_token = make_process_token();
  std::unique_ptr<TokenVerifier> verifier;  // null: no token is needed
  std::shared_ptr<prometheus::Registry> registry = std::make_shared<prometheus::Registry>();
  HttpMetrics metrics{*registry};
  std::unique_ptr<Router> router;
  std::vector<std::unique_ptr<HttpServer>> servers;
  std::optional<InstanceFile> instance;
  std::unique_ptr<EmfReporter> reporter;  // null: nobody reads it
  TaskGroup reporting;                    // on the engine's executor
  bool is_stopped = false;

  // One server a loop, all on one port, and the note for other processes.
  Result<void> listen(const Settings& settings) {
    for (const auto& loop : http_loops) {
      servers.push_back(std::make_unique<HttpServer>(
          loop->executor(), HttpServer::Deps{*router, metrics, wiring->clock()}, server_options(settings)));
      HttpServer& server = *servers.back();
      const HttpServer& first = *servers.front();
      const auto begin = [&server, &first, &settings]() -> Task<Result<void>> {
        co_return &server == &first ? server.listen(settings.host, settings.port) : server.listen_with(first);
      };
      if (auto listening = loop->run(begin()); !listening) return listening;
    }
    const bool is_any = settings.host == "0.0.0.0" || settings.host == "localhost";
    auto written = InstanceFile::write(settings.data_dir,
                                       {.pid = ::getpid(),
                                        .host = is_any ? "127.0.0.1" : (settings.host == "::" ? "::1" : settings.host),
                                        .port = servers.front()->port(),
                                        .token = process_token});
    if (!written) return std::unexpected(written.error());
    instance.emplace(std::move(*written));
    return {};
  }
};

Result<std::unique_ptr<Runtime>> Runtime::start(const Settings& settings, Sending sending) {
  const SignalsBlocked blocked;
  auto state = std::make_unique<State>();
  if (settings.is_production) {
    auto checks = check_settings(settings);
    std::ranges::move(check_machine(settings), std::back_inserter(checks));
    // Whoever only looks need not reach AWS.
    if (sending != Sending::Nothing) {
      SystemClock clock;
      std::ranges::move(state->engine_loop.run(check_account(settings, clock, CheckDepth::StartUp)),
                        std::back_inserter(checks));
    }
    if (auto able = refuse_when_failed(checks); !able) return std::unexpected(able.error());
  }
  auto wiring = open_when_free(settings, state->engine_loop.executor());
  if (!wiring) return std::unexpected(wiring.error());
  state->wiring = std::move(*wiring);
  state->environment = settings.is_production ? "production" : "local";

  auto page = read_page_directory(find_page_directory(settings.ui_dir));
  if (!page) return std::unexpected(page.error());
  ApiContext context = state->wiring->api_context();
  context.page = std::make_shared<const PageFiles>(std::move(*page));
  state->uploads = std::make_unique<ContactUploads>(settings);
  context.upload_contacts = state->uploads->uploader();
  context.process_metrics = [registry = state->registry] { return render_metrics(*registry); };
  if (settings.requires_token()) {
    state->verifier = std::make_unique<TokenVerifier>(
        TokenVerifier::Deps{state->wiring->tokens(), state->wiring->clock()}, state->process_token);
    context.verifier = state->verifier.get();
  }
  state->router = make_router(std::make_shared<const ApiContext>(std::move(context)));

  for (std::int32_t i = 0; i < settings.workers; ++i) state->http_loops.push_back(std::make_unique<Loop>());
  std::unique_ptr<Runtime> runtime(new Runtime(std::move(state)));
  State& s = *runtime->state_;
  if (sending != Sending::Nothing) {
    if (auto listening = s.listen(settings); !listening) return std::unexpected(listening.error());
  }
  s.wiring->audience().watch();
  if (auto started = s.engine_loop.run(s.wiring->start(sending)); !started) {
    return std::unexpected(started.error());
  }
  log_info("started", {{"port", std::int64_t{runtime->port()}},
                       {"contacts", static_cast<std::int64_t>(runtime->contacts_count())}});
  return runtime;
}

Runtime::Runtime(std::unique_ptr<State> state) : state_(std::move(state)) {}

Runtime::~Runtime() {
  stop();
}

std::uint16_t Runtime::port() const {
  return state_->servers.empty() ? std::uint16_t{0} : state_->servers.front()->port();
}

const Router& Runtime::router() const {
  return *state_->router;
}

std::string Runtime::contacts_source() const {
  return state_->wiring->audience().current()->source;
}

std::size_t Runtime::contacts_count() const {
  return state_->wiring->audience().current()->contacts->size();
}

std::unique_ptr<ApiClient> Runtime::make_client() {
  return std::make_unique<RouterApiClient>(*state_->router, *state_->http_loops.front());
}

void Runtime::report_sends(std::function<void(std::string_view)> write) {
  State& s = *state_;
  s.reporter = std::make_unique<EmfReporter>(s.wiring->sends(), s.wiring->clock(), s.environment, std::move(write));
  const auto begin = [&s]() -> Task<bool> {
    s.reporting.spawn(s.engine_loop.executor(), s.reporter->run());
    co_return true;
  };
  s.engine_loop.run(begin());
}

void Runtime::stop() {
  State& s = *state_;
  if (std::exchange(s.is_stopped, true)) return;
  const TimePoint deadline = s.wiring->clock().now() + drain_time;
  // The engine first: whoever waits for a campaign is answered by its end, so requests can drain.
  s.engine_loop.run(s.wiring->stop(deadline));
  if (s.reporter) {
    const auto end = [&s]() -> Task<void> {
      s.reporting.cancel();
      co_await s.reporting.join();
      s.reporter->report();
    };
    s.engine_loop.run(end());
    s.reporter.reset();
  }
  for (std::size_t i = 0; i < s.servers.size(); ++i) s.http_loops[i]->run(s.servers[i]->stop(deadline));
  s.servers.clear();
  s.router.reset();
  s.verifier.reset();
  s.instance.reset();
  s.wiring.reset();
  log_info("stopped");
}

}  // namespace clarion
