#include "net/reply_reader.h"

#include <gtest/gtest.h>

namespace clarion {
namespace {

using Step = ReplyReader::Step;

// Gives `text` to the reader in pieces of `size` bytes, as a network might.
Step put_in_pieces(ReplyReader& reader, std::string_view text, std::size_t size) {
  Step step = Step::NeedMore;
  while (!text.empty() && step == Step::NeedMore) {
    step = reader.put(text.substr(0, size));
    text.remove_prefix(std::min(size, text.size()));
  }
  return step;
}

TEST(ReplyReader, ReadsTheSameReplyHoweverItIsCut) {
  constexpr std::string_view text =
      "HTTP/1.1 400 Bad Request\r\nX-Amzn-RequestId: r-1\r\nContent-Type:  a/b \r\nX-Empty:\r\n"
      "Content-Length: 5\r\n\r\nhello";
  ReplyReader reader(1000);
  for (std::size_t size = 1; size <= text.size(); ++size) {
    reader.reset(false);
    ASSERT_EQ(put_in_pieces(reader, text, size), Step::Complete) << size;
    EXPECT_TRUE(reader.keeps_alive());
    const HttpReply reply = reader.take();
    EXPECT_EQ(reply.status, 400);
    EXPECT_EQ(reply.body, "hello");
    EXPECT_EQ(reply.header("x-amzn-requestid"), "r-1");
    EXPECT_EQ(reply.header("content-type"), "a/b");
    EXPECT_EQ(reply.header("x-empty"), "");
    EXPECT_EQ(reply.header("x-amzn"), std::nullopt);
  }
}

TEST(ReplyReader, DropsTheTrailersOfAChunkedReply) {
  constexpr std::string_view text =
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3;x=y\r\nabc\r\n4\r\ndefg\r\n0\r\nX-Late: 1\r\n\r\n";
  ReplyReader reader(1000);
  ASSERT_EQ(reader.put(text), Step::Complete);
  const HttpReply reply = reader.take();
  EXPECT_EQ(reply.body, "abcdefg");
  EXPECT_EQ(reply.header("x-late"), std::nullopt);
}

TEST(ReplyReader, ForgetsAnInterimReplyWithItsHeaders) {
  ReplyReader reader(1000);
  ASSERT_EQ(reader.put("HTTP/1.1 103 Early Hints\r\nX-Early: 1\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n"),
            Step::Complete);
  const HttpReply reply = reader.take();
  EXPECT_EQ(reply.status, 204);
  EXPECT_EQ(reply.header("x-early"), std::nullopt);
}

TEST(ReplyReader, IsReadyForTheNextReplyAfterReset) {
  ReplyReader reader(1000);
  ASSERT_EQ(reader.put("HTTP/1.1 200 OK\r\nX-One: 1\r\nContent-Length: 1\r\n\r\na"), Step::Complete);
  (void)reader.take();
  reader.reset(false);
  ASSERT_EQ(reader.put("HTTP/1.1 201 Created\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"), Step::Complete);
  EXPECT_FALSE(reader.keeps_alive());
  const HttpReply reply = reader.take();
  EXPECT_EQ(reply.header("x-one"), std::nullopt);
  EXPECT_EQ(reply.body, "");
}

TEST(ReplyReader, TakesNoMoreThanItsLimitHoweverTheBodyIsFramed) {
  for (const std::string_view framing :
       {"Content-Length: 11\r\n\r\n", "Transfer-Encoding: chunked\r\n\r\nb\r\n", "\r\n"}) {
    ReplyReader reader(10);
    EXPECT_EQ(reader.put("HTTP/1.1 200 OK\r\n" + std::string(framing) + "elevenbytes"), Step::Broken) << framing;
  }
}

TEST(ReplyReader, WhatNobodyAskedForBreaksTheConnection) {
  ReplyReader reader(1000);
  EXPECT_EQ(reader.put("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\naHTTP/1.1 200 OK\r\n"), Step::Broken);
}

}  // namespace
}  // namespace clarion
