#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/streambuf.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/asio/write.hpp>

#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <future>
#include <thread>

#include "net/http_client.h"

namespace clarion {
namespace {

using namespace std::chrono_literals;
using tcp = asio::ip::tcp;

// A peer that does exactly what a test says: one function for each connection it accepts, in order.
class ScriptedPeer {
 public:
  using Script = std::function<void(tcp::socket&)>;
  explicit ScriptedPeer(std::vector<Script> scripts, tcp::endpoint at = {asio::ip::address_v4::loopback(), 0})
      : acceptor_(context_, at), scripts_(std::move(scripts)) {
    thread_ = std::jthread([this] {
      for (const Script& script : scripts_) {
        boost::system::error_code error;
        tcp::socket socket(context_);
        acceptor_.accept(socket, error);
        if (error) return;
        current_ = socket.native_handle();
        ++accepted;
        try {
          script(socket);
        } catch (const boost::system::system_error&) {
          // The client went first; its side of the test says whether that was right.
        }
        current_ = -1;
      }
    });
  }
  ~ScriptedPeer() {
    ::shutdown(acceptor_.native_handle(), SHUT_RDWR);
    if (const int open = current_; open >= 0) ::shutdown(open, SHUT_RDWR);
  }

  [[nodiscard]] HttpOrigin origin(bool is_tls = false) {
    return {is_tls, "localhost", acceptor_.local_endpoint().port()};
  }
  std::atomic<int> accepted = 0;

 private:
  asio::io_context context_;
  tcp::acceptor acceptor_;
  std::atomic<int> current_ = -1;  // the connection being served
  std::vector<Script> scripts_;
  std::jthread thread_;
};

template <class Stream>
std::string read_head(Stream& stream) {
  asio::streambuf buffer;
  const auto size = asio::read_until(stream, buffer, "\r\n\r\n");
  return std::string(asio::buffers_begin(buffer.data()), asio::buffers_begin(buffer.data()) + static_cast<long>(size));
}

template <class Stream>
void write_all(Stream& stream, std::string_view text) {
  asio::write(stream, asio::buffer(text));
}

// Waits until the client closes: what a peer does that never answers.
void wait_for_close(tcp::socket& socket) {
  char byte = 0;
  boost::system::error_code error;
  while (!error) socket.read_some(asio::buffer(&byte, 1), error);
}

// The right time, plus what a test adds to it.
class ShiftedClock final : public Clock {
 public:
  [[nodiscard]] TimePoint now() const override { return right_.now() + shift; }
  [[nodiscard]] WallTime wall_now() const override { return right_.wall_now(); }
  Task<void> sleep_until(TimePoint deadline) override { return right_.sleep_until(deadline - shift); }
  Duration shift{0};

 private:
  SystemClock right_;
};

class HttpClientTest : public ::testing::Test {
 protected:
  void TearDown() override {
    if (client_) run(client_->close());
  }
  HttpClient& client(HttpClientOptions options = {}) {
    client_ = std::make_unique<HttpClient>(context_.get_executor(), clock_, std::move(options));
    return *client_;
  }
  template <class T>
  T run(Task<T> task) {
    auto future = asio::co_spawn(context_, std::move(task), asio::use_future);
    context_.restart();
    while (future.wait_for(0s) != std::future_status::ready) context_.run_one();
    return future.get();
  }
  std::expected<HttpReply, TransportFailure> get(const HttpOrigin& origin, std::chrono::milliseconds deadline = 5s) {
    return run(client_->exchange({origin, request_, deadline}));
  }

  asio::io_context context_;
  ShiftedClock clock_;
  std::unique_ptr<HttpClient> client_;
  std::string request_ = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";
};

constexpr std::string_view ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX-Amzn-RequestId: r-1\r\n\r\nhi";

TEST_F(HttpClientTest, KeepsAConnectionForTheNextExchange) {
  ScriptedPeer peer({[](tcp::socket& socket) {
    for (int i = 0; i < 3; ++i) {
      read_head(socket);
      write_all(socket, ok);
    }
    wait_for_close(socket);
  }});
  client();
  for (int i = 0; i < 3; ++i) {
    const auto reply = get(peer.origin());
    ASSERT_TRUE(reply) << reply.error().message;
    EXPECT_EQ(reply->body, "hi");
    EXPECT_EQ(reply->header("x-amzn-requestid"), "r-1");
  }
  EXPECT_EQ(client_->connections_made(), 1U);
}

TEST_F(HttpClientTest, NeverUsesAConnectionThatItsPeerHasClosed) {
  const auto answer_once = [](tcp::socket& socket) {
    read_head(socket);
    write_all(socket, ok);
  };
  ScriptedPeer peer({answer_once, answer_once, answer_once});
  client();
  for (int i = 0; i < 3; ++i) {
    EXPECT_TRUE(get(peer.origin()));
    // The close of the last connection is on its way; it has arrived once the peer waits for the next one.
    while (peer.accepted <= i) std::this_thread::yield();
    std::this_thread::yield();
  }
}

TEST_F(HttpClientTest, HonoursConnectionClose) {
  const auto answer = [](tcp::socket& socket) {
    read_head(socket);
    write_all(socket, "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
    wait_for_close(socket);
  };
  ScriptedPeer peer({answer, answer});
  client();
  EXPECT_TRUE(get(peer.origin()));
  EXPECT_TRUE(get(peer.origin()));
  EXPECT_EQ(client_->connections_made(), 2U);
}

TEST_F(HttpClientTest, ReadsChunkedInterimAndUnsizedReplies) {
  ScriptedPeer peer(
      {[](tcp::socket& socket) {
         read_head(socket);
         write_all(socket,
                   "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r");
         write_all(socket, "\n4\r\ndefg\r\n0\r\n\r\n");
         wait_for_close(socket);
       },
       [](tcp::socket& socket) {
         read_head(socket);
         write_all(socket, "HTTP/1.1 503 Busy\r\n\r\ntry later");
       }});
  client();
  EXPECT_EQ(get(peer.origin())->body, "abcdefg");
  run(client_->close());
  client();
  const auto unsized = get(peer.origin());
  ASSERT_TRUE(unsized) << unsized.error().message;
  EXPECT_EQ(unsized->status, 503);
  EXPECT_EQ(unsized->body, "try later");
}

TEST_F(HttpClientTest, SaysThatNothingLeftUsWhenNobodyListens) {
  HttpOrigin nobody;
  {
    asio::io_context context;
    tcp::acceptor taken(context, {asio::ip::address_v4::loopback(), 0});
    nobody = {false, "127.0.0.1", taken.local_endpoint().port()};
  }
  client();
  const auto reply = get(nobody);
  ASSERT_FALSE(reply);
  EXPECT_EQ(reply.error().reach, Reach::NotSent) << reply.error().message;
}

TEST_F(HttpClientTest, SaysThatBytesMayHaveArrivedWhenThePeerEndsBeforeAWholeReply) {
  for (const std::string_view part :
       {"", "HTTP/1.1 200 OK\r\nContent-Le", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab", "garbage\r\n\r\n"}) {
    ScriptedPeer peer({[part](tcp::socket& socket) {
      read_head(socket);
      write_all(socket, part);
    }});
    client();
    const auto reply = get(peer.origin());
    ASSERT_FALSE(reply) << part;
    EXPECT_EQ(reply.error().reach, Reach::MaybeSent) << part;
    run(client_->close());
  }
}

TEST_F(HttpClientTest, EndsAnExchangeAtItsDeadline) {
  ScriptedPeer peer({[](tcp::socket& socket) {
    read_head(socket);
    wait_for_close(socket);
  }});
  client();
  const auto reply = get(peer.origin(), 50ms);
  ASSERT_FALSE(reply);
  EXPECT_EQ(reply.error().reach, Reach::MaybeSent);
  EXPECT_NE(reply.error().message.find("no reply in time"), std::string::npos) << reply.error().message;
}

TEST_F(HttpClientTest, RefusesARepliesThatWouldFillTheMemory) {
  ScriptedPeer peer({[](tcp::socket& socket) {
    read_head(socket);
    write_all(socket, "HTTP/1.1 200 OK\r\nContent-Length: 4000\r\n\r\n" + std::string(4000, 'x'));
    wait_for_close(socket);
  }});
  HttpClientOptions options;
  options.max_reply_bytes = 1000;
  client(options);
  EXPECT_FALSE(get(peer.origin()));
}

// A certificate of our own authority for `name`, made by the openssl command.
struct Certificate {
  explicit Certificate(const std::string& name)
      : directory(std::filesystem::temp_directory_path() / ("clarion-tls-" + std::to_string(::getpid()) + name)) {
    std::filesystem::create_directories(directory);
    const std::string command =
        "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=" + name +
        " -addext subjectAltName=DNS:" + name + " -keyout " + key() + " -out " + pem() + " 2>/dev/null";
    is_made = std::system(command.c_str()) == 0;
  }
  ~Certificate() { std::filesystem::remove_all(directory); }
  [[nodiscard]] std::string key() const { return directory / "key.pem"; }
  [[nodiscard]] std::string pem() const { return directory / "cert.pem"; }
  std::filesystem::path directory;
  bool is_made = false;
};

// Answers every request, and keeps the last.
ScriptedPeer::Script tls_script(const Certificate& certificate, std::string* last = nullptr) {
  return [&certificate, last](tcp::socket& socket) {
    asio::ssl::context context(asio::ssl::context::tls_server);
    context.use_certificate_chain_file(certificate.pem());
    context.use_private_key_file(certificate.key(), asio::ssl::context::pem);
    asio::ssl::stream<tcp::socket&> stream(socket, context);
    stream.handshake(asio::ssl::stream_base::server);
    for (;;) {
      const std::string request = read_head(stream);
      if (last != nullptr) *last = request;
      write_all(stream, ok);
    }
  };
}

TEST_F(HttpClientTest, ACancelledExchangeLeavesNothingBehind) {
  std::atomic<bool> has_begun = false;
  std::promise<void> cancelled;
  ScriptedPeer peer({[&](tcp::socket& socket) {
                       char first = 0;
                       asio::read(socket, asio::buffer(&first, 1));
                       has_begun = true;
                       cancelled.get_future().wait();
                     },
                     [](tcp::socket& socket) {
                       read_head(socket);
                       write_all(socket, ok);
                     }});
  client();
  TaskGroup group;
  bool has_returned = false;
  // More than the buffers between two sockets hold, so that it is cancelled in the middle of the writing.
  group.spawn(context_.get_executor(),
              [](HttpClient& http, HttpOrigin origin, std::string request, bool& returned) -> Task<void> {
                const auto reply = co_await http.exchange({origin, request, 5s});
                returned = true;
              }(*client_, peer.origin(), std::string(64U << 20U, 'x'), has_returned));
  while (!has_begun) context_.run_one();
  group.cancel();
  run(group.join());
  cancelled.set_value();
  EXPECT_FALSE(has_returned);
  EXPECT_EQ(client_->connections_open(), 0U) << "the sweep would look at a connection that is gone";
  EXPECT_TRUE(get(peer.origin()));
}

TEST_F(HttpClientTest, SpeaksTlsToAPeerItCanVerify) {
  const Certificate certificate("localhost");
  ASSERT_TRUE(certificate.is_made);
  ScriptedPeer peer({tls_script(certificate)});
  HttpClientOptions options;
  options.ca_file = certificate.pem();
  client(options);
  const auto reply = get(peer.origin(true));
  ASSERT_TRUE(reply) << reply.error().message;
  EXPECT_EQ(reply->body, "hi");
}

TEST_F(HttpClientTest, SendsNothingToAPeerWithAnotherNameOrAuthority) {
  const Certificate other("other.example");
  const Certificate unknown("localhost");
  ASSERT_TRUE(other.is_made && unknown.is_made);
  for (const Certificate* shown : {&other, &unknown}) {
    ScriptedPeer peer({tls_script(*shown)});
    HttpClientOptions options;
    options.ca_file = other.pem();  // trusts the authority of `other` only
    client(options);
    const auto reply = get(peer.origin(true));
    ASSERT_FALSE(reply);
    EXPECT_EQ(reply.error().reach, Reach::NotSent) << reply.error().message;
    run(client_->close());
  }
}

TEST_F(HttpClientTest, KeepsItsTunnelThroughAProxyOfAnyVersion) {
  const Certificate certificate("target.example");
  ASSERT_TRUE(certificate.is_made);
  for (const std::string_view answer :
       {"HTTP/1.1 200 Connection established\r\n\r\n", "HTTP/1.0 200 Connection established\r\n\r\n",
        "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"}) {
    std::string connect;
    ScriptedPeer proxy({[&](tcp::socket& socket) {
      connect = read_head(socket);
      write_all(socket, answer);
      tls_script(certificate)(socket);
    }});
    HttpClientOptions options;
    options.ca_file = certificate.pem();
    options.proxy = HttpProxy{.host = "localhost", .port = proxy.origin().port, .no_proxy = {}, .authorization = {}};
    client(options);
    for (int i = 0; i < 3; ++i) {
      const auto reply = get({true, "target.example", 443});
      ASSERT_TRUE(reply) << reply.error().message;
    }
    EXPECT_EQ(client_->connections_made(), 1U) << answer;
    EXPECT_EQ(connect, "CONNECT target.example:443 HTTP/1.1\r\nHost: target.example:443\r\n\r\n");
    run(client_->close());
  }
}

TEST_F(HttpClientTest, TellsAProxyItsPasswordAndNobodyElse) {
  const Certificate certificate("target.example");
  ASSERT_TRUE(certificate.is_made);
  std::string connect;
  std::string request;
  ScriptedPeer proxy({[&](tcp::socket& socket) {
                        connect = read_head(socket);
                        write_all(socket, "HTTP/1.1 200 OK\r\n\r\n");
                        tls_script(certificate, &request)(socket);
                      },
                      [](tcp::socket& socket) {
                        read_head(socket);
                        write_all(socket, "HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n");
                      }});
  HttpClientOptions options;
  options.ca_file = certificate.pem();
  options.proxy = HttpProxy{
      .host = "localhost", .port = proxy.origin().port, .no_proxy = {}, .authorization = "Basic dXNlcjpzZWNyZXQ="};
  client(options);
  ASSERT_TRUE(get({true, "target.example", 443}));
  EXPECT_TRUE(connect.ends_with("\r\nProxy-Authorization: Basic dXNlcjpzZWNyZXQ=\r\n\r\n")) << connect;
  EXPECT_FALSE(request.contains("Authorization")) << request;
  run(client_->close());
  client(options);
  const auto refused = get({true, "target.example", 443});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().reach, Reach::NotSent);
  EXPECT_EQ(refused.error().message, "cannot reach target.example: the proxy localhost answered 407");
}

// The name moves to another address; the connection is never idle, and its old peer goes on answering.
TEST_F(HttpClientTest, ABusyConnectionFollowsItsNameAfterFiveMinutes) {
  const auto say = [](std::string_view body) {
    return [body](tcp::socket& socket) {
      for (;;) {
        read_head(socket);
        write_all(socket, "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n" + std::string(body));
      }
    };
  };
  ScriptedPeer before({say("old")});
  const std::uint16_t port = before.origin().port;
  ScriptedPeer after({say("new")}, {asio::ip::make_address("127.0.0.2"), port});
  const auto address = std::make_shared<std::atomic<const char*>>("127.0.0.1");
  HttpClientOptions options;
  options.look_up_host = [address](const std::string& host) -> HostResolver::Addresses {
    EXPECT_EQ(host, "aws.example");
    return std::vector{asio::ip::make_address(address->load())};
  };
  client(options);
  const HttpOrigin origin{false, "aws.example", port};
  EXPECT_EQ(get(origin)->body, "old");
  *address = "127.0.0.2";
  for (int i = 1; i < 20; ++i) {
    clock_.shift += 15s;
    EXPECT_EQ(get(origin)->body, "old") << i;
  }
  EXPECT_EQ(client_->connections_made(), 1U);
  clock_.shift += 15s;
  EXPECT_EQ(get(origin)->body, "new");
  EXPECT_EQ(client_->connections_made(), 2U);
}

TEST_F(HttpClientTest, ANameThatIsNotFoundInTimeHoldsUpNothing) {
  const auto released = std::make_shared<std::promise<void>>();
  HttpClientOptions options;
  options.look_up_host = [wait = released->get_future().share()](const std::string&) -> HostResolver::Addresses {
    wait.wait();
    return std::unexpected("nobody hears this");
  };
  client(options);
  const HttpOrigin slow{true, "slow.example", 443};
  const auto reply = get(slow, 50ms);
  ASSERT_FALSE(reply);
  EXPECT_EQ(reply.error().reach, Reach::NotSent);
  EXPECT_EQ(reply.error().message, "cannot reach slow.example: no connection in time");

  auto under_way = asio::co_spawn(context_, client_->exchange({slow, request_, 1h}), asio::use_future);
  context_.poll();
  run(client_->close());
  context_.restart();
  context_.poll();
  ASSERT_EQ(under_way.wait_for(0s), std::future_status::ready);
  EXPECT_EQ(under_way.get().error().reach, Reach::NotSent);
  client_.reset();
  released->set_value();
}

TEST(HttpProxy, ComesFromTheEnvironment) {
  const auto read = [](std::map<std::string, std::string> variables) {
    return proxy_from_environment([variables](const std::string& name) -> std::optional<std::string> {
      const auto found = variables.find(name);
      return found == variables.end() ? std::nullopt : std::optional(found->second);
    });
  };
  EXPECT_EQ(*read({}), std::nullopt);
  const auto proxy = read({{"https_proxy", "http://proxy.internal:3128/"}, {"NO_PROXY", "localhost, .internal"}});
  ASSERT_TRUE(proxy && *proxy);
  EXPECT_EQ((*proxy)->host, "proxy.internal");
  EXPECT_EQ((*proxy)->port, 3128);
  EXPECT_EQ((*proxy)->no_proxy, (std::vector<std::string>{"localhost", ".internal"}));
  EXPECT_EQ((*proxy)->authorization, "");
  const auto locked = read({{"HTTPS_PROXY", "http://us%40er:p%3Ass%2F@proxy:3128"}});
  ASSERT_TRUE(locked && *locked);
  EXPECT_EQ((*locked)->host, "proxy");
  EXPECT_EQ((*locked)->authorization, "Basic dXNAZXI6cDpzcy8=") << "us@er:p:ss/";
  EXPECT_EQ((*read({{"HTTPS_PROXY", "http://user@proxy:3128"}}))->authorization, "Basic dXNlcjo=");
  for (const char* wrong :
       {"proxy:3128", "https://proxy:3128", "http://proxy", "http://:1", "http://proxy:0", "http://:secret@proxy:1",
        "http://user:secret@:1", "http://user:secret%2@proxy:1", "http://us%3Aer:secret@proxy:1"}) {
    const auto refused = read({{"HTTPS_PROXY", wrong}});
    ASSERT_FALSE(refused) << wrong;
    EXPECT_FALSE(refused.error().message.contains("secret")) << wrong;
  }
}

}  // namespace
}  // namespace clarion
