#include "net/request_parser.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace clarion {
namespace {

using Step = RequestParser::Step;

// Feeds `bytes` in pieces of `piece` and tells what came of it: "GET /path [Name=value] body | rest".
std::string parse(const std::string& bytes, std::size_t piece, RequestParser::Limits limits = {}) {
  RequestParser parser(limits);
  std::string buffer;
  std::string trail;
  for (std::size_t fed = 0; fed < bytes.size();) {
    buffer += bytes.substr(fed, piece);
    fed += std::min(piece, bytes.size() - fed);
    for (bool goes_on = true; goes_on;) {
      std::size_t consumed = 0;
      const Step step = parser.put(buffer, consumed);
      buffer.erase(0, consumed);
      if (step == Step::Refused) return "refused " + std::to_string(parser.refusal().status);
      if (step == Step::Complete) {
        const HttpRequest& request = parser.request();
        std::string line = fmt::format("{} {}", to_string(request.method), request.path);
        for (const auto& [name, value] : request.headers) line += fmt::format(" [{}={}]", name, value);
        return line + fmt::format("{} {} | {}{}", trail, request.body, buffer, bytes.substr(fed));
      }
      if (step == Step::Header) trail = parser.expects_continue() ? " continue" : " header";
      goes_on = step == Step::Header;
    }
  }
  return "more";
}

TEST(RequestParser, ReadsTheSameHoweverTheBytesAreCut) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"GET /a HTTP/1.1\r\nHost: x\r\n\r\nGET", "GET /a [Host=x]  | GET"},
      {"\r\n\r\nGET /a HTTP/1.1\r\nHost: x\r\n\r\n", "GET /a [Host=x]  | "},
      {"POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabcd",
       "POST /a [Host=x] [Content-Length=3] header abc | d"},
      {"POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n", "POST /a [Host=x] [Content-Length=0]  | "},
      {"PUT /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: "
       "chunked\r\n\r\n3;n=\"v\"\r\nabc\r\nA\r\n0123456789\r\n0\r\nHost: "
       "evil\r\n\r\nrest",
       "PUT /a [Host=x] [Transfer-Encoding=chunked] header abc0123456789 | rest"},
      {"PUT /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nrest",
       "PUT /a [Host=x] [Transfer-Encoding=chunked] header  | rest"},
      {"POST /a HTTP/1.1\r\nHost: x\r\nExpect: 100-Continue\r\nContent-Length: 1\r\n\r\na",
       "POST /a [Host=x] [Expect=100-Continue] [Content-Length=1] continue a | "},
      {"GET http://y:8/a HTTP/1.1\r\nHost: x\r\n\r\n", "GET /a [Host=x]  | "},
      {"GET /a HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\na", "refused 400"},
      {"GET /a HTTP/1.1\nHost: x\n\n\r\n\r\n", "refused 400"},
  };
  for (const auto& [bytes, wanted] : cases) {
    for (std::size_t piece = 1; piece <= bytes.size(); ++piece) {
      EXPECT_EQ(parse(bytes, piece), wanted) << "in pieces of " << piece << ": " << bytes;
    }
  }
}

TEST(RequestParser, HoldsBothLimits) {
  const RequestParser::Limits limits{.header_bytes = 100, .body_bytes = 10};
  const std::string start = "POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: ";
  EXPECT_EQ(parse(start + "10\r\n\r\n0123456789", 7, limits),
            "POST /a [Host=x] [Content-Length=10] header 0123456789 | ");
  EXPECT_EQ(parse(start + "11\r\n\r\n", 7, limits), "refused 413");
  EXPECT_EQ(parse(start + "1\r\nX: " + std::string(100, 'x') + "\r\n\r\n0", 7, limits), "refused 431");
  const std::string chunked = "POST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n";
  EXPECT_EQ(parse(chunked + "6\r\n012345\r\n4\r\n6789\r\n0\r\n\r\n", 3, limits),
            "POST /a [Host=x] [Transfer-Encoding=chunked] header 0123456789 | ");
  EXPECT_EQ(parse(chunked + "6\r\n012345\r\n5\r\n67890\r\n0\r\n\r\n", 3, limits), "refused 413");
  EXPECT_EQ(parse(chunked + "FFFFFFFFFFFFFFFFF\r\n", 3, limits), "refused 400");
  for (const std::size_t bytes : {1U, 3U, 1000U}) {
    EXPECT_EQ(parse(chunked + "ZZ\r\n", bytes, limits), "refused 400") << "nothing more has to come";
    EXPECT_EQ(parse(chunked + "1\r\na\r\nZ\r\n", bytes, limits), "refused 400");
  }
}

TEST(RequestParser, AChunkLineWithoutEndIsRefused) {
  const std::string chunked = "POST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n";
  EXPECT_EQ(parse(chunked + "1;" + std::string(40'000, 'x'), 1000), "refused 400");
  EXPECT_EQ(parse(chunked + "0\r\n" + std::string(40'000, 'x'), 1000), "refused 400");
}

TEST(RequestParser, ReportsHostAndVersion) {
  RequestParser parser({});
  std::size_t consumed = 0;
  ASSERT_EQ(parser.put("GET http://y:8/a HTTP/1.0\r\nHost: x\r\n\r\n", consumed), Step::Complete);
  EXPECT_EQ(parser.host(), "y:8");
  EXPECT_TRUE(parser.is_http_1_0());
  EXPECT_FALSE(parser.keeps_alive());
}

}  // namespace
}  // namespace clarion
