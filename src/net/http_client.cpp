#include "net/http_client.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/system/system_error.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <stdexcept>
#include <tuple>

#include "net/reply_reader.h"
#include "net/target.h"

namespace clarion {
namespace {

using tcp = asio::ip::tcp;
using TlsStream = asio::ssl::stream<tcp::socket>;
using Code = boost::system::error_code;
constexpr auto use_tuple = asio::as_tuple(asio::use_awaitable);
constexpr Duration sweep_period = std::chrono::milliseconds(100);

TransportFailure not_sent(const HttpOrigin& origin, std::string_view what) {
  return {Reach::NotSent, "cannot reach " + origin.authority() + ": " + std::string(what)};
}

std::string to_base64(std::string_view bytes) {
  std::string text(4 * ((bytes.size() + 2) / 3) + 1, '\0');  // with the zero that OpenSSL adds
  const int size =
      EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                      reinterpret_cast<const unsigned char*>(bytes.data()), static_cast<int>(bytes.size()));
  text.resize(static_cast<std::size_t>(size));
  return text;
}

bool is_direct(const HttpProxy& proxy, std::string_view host) {
  return std::ranges::any_of(proxy.no_proxy, [host](const std::string& entry) {
    if (entry == "*") return true;
    const std::string_view suffix =
        entry.starts_with('.') ? std::string_view(entry).substr(1) : std::string_view(entry);
    if (suffix.empty() || !host.ends_with(suffix)) return false;
    return host.size() == suffix.size() || host[host.size() - suffix.size() - 1] == '.';
  });
}

}  // namespace

struct HttpClient::Tls {
  asio::ssl::context context{asio::ssl::context::tls_client};
};

// One connection, used by one exchange at a time.
class HttpClient::Connection {
 public:
  // Stays in `open` until it ends, which is also when its exchange is cancelled.
  Connection(const asio::any_io_executor& executor, std::size_t max_reply_bytes, std::list<Connection*>& open)
      : socket_(executor),
        patience_(executor),
        reader_(max_reply_bytes),
        open_(open),
        entry_(open.insert(open.end(), this)) {}
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  ~Connection() { open_.erase(entry_); }

  // Empty when it is connected, otherwise what went wrong.
  Task<std::string> resolve_and_connect(HostResolver& resolver, std::string host, std::uint16_t port) {
    // Names are looked up for every new connection, so a changed address is followed.
    const HostResolver::Addresses addresses = co_await resolver.resolve(std::move(host), patience_);
    if (!addresses) co_return addresses.error();
    if (is_ended_) co_return "it was given up";
    std::vector<tcp::endpoint> endpoints;
    for (const asio::ip::address& address : *addresses) endpoints.emplace_back(address, port);
    auto [error, endpoint] = co_await asio::async_connect(socket_, endpoints, use_tuple);
    if (!error) {
      Code ignored;
      socket_.set_option(tcp::no_delay(true), ignored);
      socket_.set_option(asio::socket_base::keep_alive(true), ignored);
      socket_.non_blocking(true, ignored);
    }
    co_return error ? error.message() : std::string();
  }

  // What a proxy says of its own connection, such as HTTP/1.0, ends with its reply: what follows is the target's.
  void enter_tunnel() { is_reusable_ = true; }

  Task<Code> handshake(Tls& tls, std::string host) {
    tls_ = std::make_unique<TlsStream>(std::move(socket_), tls.context);
    // Without SNI a shared endpoint answers with another host's certificate.
    if (SSL_set_tlsext_host_name(tls_->native_handle(), host.c_str()) != 1) co_return asio::error::invalid_argument;
    tls_->set_verify_mode(asio::ssl::verify_peer);
    tls_->set_verify_callback(asio::ssl::host_name_verification(host));
    auto [error] = co_await tls_->async_handshake(asio::ssl::stream_base::client, use_tuple);
    co_return error;
  }

  // The socket nearly always takes a whole request at once; then there is nothing to wait for. False when write() has
  // to be awaited for what comes after `written`.
  bool write_at_once(std::string_view bytes, std::size_t& written, Code& error) {
    if (tls_) return false;
    written = socket_.send(asio::buffer(bytes), 0, error);
    if (error == asio::error::would_block) error = {};
    return error || written == bytes.size();
  }

  // Writes what is left of `bytes`; `written` is right also when it fails.
  Task<Code> write(std::string_view bytes, std::size_t& written) {
    const auto rest = asio::buffer(bytes.substr(written));
    const auto [error, count] = tls_ ? co_await asio::async_write(*tls_, rest, use_tuple)
                                     : co_await asio::async_write(socket_, rest, use_tuple);
    // Records may have gone out although nothing was reported: any failure here may have reached the peer.
    written += error && tls_ ? std::max<std::size_t>(count, 1) : count;
    co_return error;
  }

  // A reply is read by begin_reply(), and put() of what receive() brings until that is not NeedMore. A coroutine for
  // the three of them would cost every message another frame.
  void begin_reply(bool is_head) { reader_.reset(is_head); }
  Task<std::tuple<Code, std::size_t>> receive() {
    return tls_ ? tls_->async_read_some(asio::buffer(buffer_), use_tuple)
                : socket_.async_read_some(asio::buffer(buffer_), use_tuple);
  }
  ReplyReader::Step put(std::tuple<Code, std::size_t> received) {
    const auto& [error, count] = received;
    ReplyReader::Step step = ReplyReader::Step::Broken;
    if (!error) {
      step = reader_.put({buffer_.data(), count});
    } else if (error == asio::error::eof || error == asio::ssl::error::stream_truncated) {
      step = reader_.put_end();
    }
    const bool is_good = !error && step != ReplyReader::Step::Broken;
    is_reusable_ = is_reusable_ && is_good && (step == ReplyReader::Step::NeedMore || reader_.keeps_alive());
    return step;
  }
  // REQUIRES: put() has said Complete.
  HttpReply take_reply() { return reader_.take(); }

  // False when the peer has closed, or sent something nobody asked for: asked before the connection is used again.
  [[nodiscard]] bool is_quiet() {
    char byte = 0;
    const auto got = ::recv(lowest().native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
    return got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
  }
  void close() {
    Code ignored;
    is_ended_ = true;
    patience_.cancel();
    lowest().close(ignored);
    is_reusable_ = false;
  }
  [[nodiscard]] bool is_reusable() const { return is_reusable_; }

  std::vector<std::unique_ptr<Connection>>* home = nullptr;  // where it idles
  TimePoint deadline = TimePoint::max();                     // of the exchange under way
  TimePoint idle_since{};
  TimePoint usable_until = TimePoint::max();
  bool has_timed_out = false;

 private:
  [[nodiscard]] tcp::socket& lowest() { return tls_ ? tls_->next_layer() : socket_; }

  tcp::socket socket_;
  asio::steady_timer patience_;  // with a name that is looked up
  std::unique_ptr<TlsStream> tls_;
  ReplyReader reader_;
  std::array<char, 8192> buffer_{};
  bool is_reusable_ = true;
  bool is_ended_ = false;
  std::list<Connection*>& open_;
  std::list<Connection*>::iterator entry_;
};

HttpClient::HttpClient(asio::any_io_executor executor, Clock& clock, HttpClientOptions options)
    : executor_(std::move(executor)),
      clock_(clock),
      options_(std::move(options)),
      tls_(std::make_unique<Tls>()),
      resolver_(executor_, options_.look_up_host) {
  Code error;
  if (options_.ca_file.empty()) {
    tls_->context.set_default_verify_paths(error);
  } else {
    tls_->context.load_verify_file(options_.ca_file, error);
  }
  if (error) throw std::runtime_error("cannot read the certificates of authorities: " + error.message());
  SSL_CTX_set_min_proto_version(tls_->context.native_handle(), TLS1_2_VERSION);
  group_.spawn(executor_, sweep());
}

HttpClient::~HttpClient() = default;

Task<void> HttpClient::sweep() {
  for (;;) {
    co_await clock_.sleep_for(sweep_period);
    const TimePoint now = clock_.now();
    for (Connection* connection : open_) {
      if (connection->deadline > now) continue;
      connection->has_timed_out = true;
      connection->close();
    }
    for (auto& [origin, connections] : idle_) {
      std::erase_if(connections, [&](const auto& connection) { return !is_fresh(*connection, now); });
    }
  }
}

Task<void> HttpClient::close() {
  is_closed_ = true;
  for (auto& [origin, connections] : idle_) connections.clear();
  for (Connection* connection : open_) connection->close();
  group_.cancel();
  co_await group_.join();
}

bool HttpClient::is_fresh(const Connection& connection, TimePoint now) const {
  return now - connection.idle_since <= options_.max_idle && now < connection.usable_until;
}

std::unique_ptr<HttpClient::Connection> HttpClient::take_idle(const HttpOrigin& origin, TimePoint now) {
  const auto found = idle_.find(origin);
  if (found == idle_.end()) return nullptr;
  while (!found->second.empty()) {
    auto connection = std::move(found->second.back());
    found->second.pop_back();
    if (is_fresh(*connection, now) && connection->is_quiet()) return connection;
  }
  return nullptr;
}

void HttpClient::put_idle(std::unique_ptr<Connection> connection) {
  auto& connections = *connection->home;
  if (is_closed_ || connections.size() >= options_.max_idle_per_origin) return;
  connection->idle_since = clock_.now();
  connection->deadline = TimePoint::max();
  connections.push_back(std::move(connection));
}

Task<HttpClient::Connected> HttpClient::connect(const HttpOrigin& origin, TimePoint deadline) {
  auto connection = std::make_unique<Connection>(executor_, options_.max_reply_bytes, open_);
  connection->deadline = std::min(deadline, clock_.now() + options_.connect_timeout);
  connection->home = &idle_[origin];  // a map keeps its elements where they are
  const auto fail = [&](std::string_view what) -> Connected {
    return std::unexpected(not_sent(origin, connection->has_timed_out ? "no connection in time" : what));
  };
  // Those made at the same moment do not all end at the same moment.
  const auto spread = options_.max_age / 4 * static_cast<std::int64_t>(connections_made_ % 16) / 16;
  connection->usable_until = clock_.now() + options_.max_age - spread;
  ++connections_made_;

  const bool is_proxied = origin.is_tls && options_.proxy && !is_direct(*options_.proxy, origin.host);
  const std::string host = is_proxied ? options_.proxy->host : origin.host;
  const std::uint16_t port = is_proxied ? options_.proxy->port : origin.port;
  if (const std::string wrong = co_await connection->resolve_and_connect(resolver_, host, port); !wrong.empty()) {
    co_return fail(wrong);
  }
  if (is_proxied) {
    const std::string target = origin.host + ':' + std::to_string(origin.port);
    std::string request = "CONNECT " + target + " HTTP/1.1\r\nHost: " + target + "\r\n";
    const std::string& authorization = options_.proxy->authorization;
    if (!authorization.empty()) request += "Proxy-Authorization: " + authorization + "\r\n";
    request += "\r\n";
    std::size_t written = 0;
    if (const Code error = co_await connection->write(request, written)) co_return fail("proxy: " + error.message());
    // Like HEAD, an accepted CONNECT is answered without a body.
    connection->begin_reply(true);
    auto step = ReplyReader::Step::NeedMore;
    while (step == ReplyReader::Step::NeedMore) step = connection->put(co_await connection->receive());
    const bool has_reply = step == ReplyReader::Step::Complete;
    const int status = has_reply ? connection->take_reply().status : 0;
    if (status / 100 != 2) {
      co_return fail("the proxy " + host + " answered " + (has_reply ? std::to_string(status) : "nothing"));
    }
    connection->enter_tunnel();
  }
  if (origin.is_tls) {
    if (const Code error = co_await connection->handshake(*tls_, origin.host))
      co_return fail("TLS: " + error.message());
  }
  co_return connection;
}

Task<std::expected<HttpReply, TransportFailure>> HttpClient::exchange(HttpCall call) {
  if (is_closed_) co_return std::unexpected(not_sent(call.origin, "Clarion is stopping"));
  const TimePoint began = clock_.now();
  const TimePoint deadline = began + call.deadline;
  std::unique_ptr<Connection> connection = take_idle(call.origin, began);
  if (!connection) {
    auto connected = co_await connect(call.origin, deadline);
    if (!connected) co_return std::unexpected(std::move(connected.error()));
    connection = std::move(*connected);
    if (is_closed_) co_return std::unexpected(not_sent(call.origin, "Clarion is stopping"));
  }
  connection->deadline = deadline;
  connection->has_timed_out = false;
  std::size_t written = 0;
  Code write_error;
  if (!connection->write_at_once(call.bytes, written, write_error)) {
    write_error = co_await connection->write(call.bytes, written);
  }
  // A peer may refuse early, close its reading side and still have answered; so a failed write is followed by a read.
  auto step = write_error && written == 0 ? ReplyReader::Step::Broken : ReplyReader::Step::NeedMore;
  connection->begin_reply(call.bytes.starts_with("HEAD "));
  while (step == ReplyReader::Step::NeedMore) step = connection->put(co_await connection->receive());

  if (step == ReplyReader::Step::Complete) {
    HttpReply reply = connection->take_reply();
    if (!write_error && connection->is_reusable()) put_idle(std::move(connection));
    co_return std::move(reply);
  }
  if (written == 0) co_return std::unexpected(not_sent(call.origin, write_error.message()));
  const std::string_view why = connection->has_timed_out ? "no reply in time" : "the connection ended before the reply";
  co_return std::unexpected(TransportFailure{Reach::MaybeSent, call.origin.authority() + ": " + std::string(why)});
}

Result<std::optional<HttpProxy>> proxy_from_environment(
    const std::function<std::optional<std::string>(const std::string&)>& get) {
  const auto either = [&get](const std::string& upper, const std::string& lower) {
    auto value = get(upper);
    if (!value || value->empty()) value = get(lower);
    return value.value_or("");
  };
  const std::string address = either("HTTPS_PROXY", "https_proxy");
  if (address.empty()) return std::nullopt;
  std::string_view rest = address;
  // The address is not repeated: there may be a password in it.
  const auto wrong = [] {
    return fail(ErrorKind::Invalid, "HTTPS_PROXY must look like http://host:port or http://user:password@host:port");
  };
  if (!rest.starts_with("http://")) return wrong();
  rest.remove_prefix(7);
  if (rest.ends_with('/')) rest.remove_suffix(1);
  HttpProxy proxy;
  if (const auto at = rest.rfind('@'); at != std::string_view::npos) {
    const std::string_view login = rest.substr(0, at);
    const auto user = percent_decode(login.substr(0, login.find(':')));
    const auto password = percent_decode(login.contains(':') ? login.substr(login.find(':') + 1) : "");
    if (!user || user->empty() || user->contains(':') || !password) return wrong();
    proxy.authorization = "Basic " + to_base64(*user + ':' + *password);
    rest.remove_prefix(at + 1);
  }
  const auto colon = rest.rfind(':');
  if (colon == std::string_view::npos || colon == 0) return wrong();
  proxy.host = rest.substr(0, colon);
  const std::string_view port = rest.substr(colon + 1);
  const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), proxy.port);
  if (error != std::errc{} || end != port.data() + port.size() || proxy.port == 0) return wrong();
  const std::string exceptions = either("NO_PROXY", "no_proxy");
  for (std::size_t from = 0; from <= exceptions.size();) {
    const auto comma = std::min(exceptions.find(',', from), exceptions.size());
    std::string_view entry = std::string_view(exceptions).substr(from, comma - from);
    while (entry.starts_with(' ')) entry.remove_prefix(1);
    while (entry.ends_with(' ')) entry.remove_suffix(1);
    if (!entry.empty()) proxy.no_proxy.emplace_back(entry);
    from = comma + 1;
  }
  return proxy;
}

}  // namespace clarion
