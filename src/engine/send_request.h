#pragma once
// SendRequest: the body of POST /api/send-campaign, cut into its users without building a document of all of them.
//
// Memory   the body itself and 16 bytes a user; each user is parsed when its turn comes (plan_list.h).
// Hash     equal for bodies that differ only in spaces, in the order of members or in how a number is written; 128
//          bits of hash64. It tells a repeated request from another one with the same id, not friend from foe.

#include <boost/json/value.hpp>

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace clarion {

struct SendRequest {
  std::string campaign_id;                   // empty: the caller of this makes one
  double throughput_tps = 0;                 // from least_throughput_tps
  double wait_seconds = 55;                  // 0 or more
  bool respects_caps = false;                // frequency caps and quiet hours apply
  std::vector<std::string> unknown_members;  // of the body, not null; at most 20, each cut at 60 bytes
  std::string hash;                          // 32 hex digits, of the whole body but wait_seconds

  [[nodiscard]] std::size_t user_count() const { return users.size(); }
  // The JSON of one user. REQUIRES: index < user_count(). Lifetime: of the request.
  [[nodiscard]] std::string_view user(std::size_t index) const {
    return std::string_view(body).substr(users[index].offset, users[index].bytes);
  }

  struct Slice {
    std::size_t offset = 0;
    std::size_t bytes = 0;
  };
  std::string body;
  std::vector<Slice> users;  // at least one
};

// Invalid: one sentence that says what to change. All users are well-formed JSON afterwards, of any type; half a
// character in one, which cutting a text in JavaScript leaves of an emoji, is U+FFFD.
// Members that are not known are listed. One that asks for a trial or for another time is refused: whoever gave it does
// not want what this request does, which is to send now.
[[nodiscard]] Result<SendRequest> parse_send_request(std::string body, double max_tps);

// Writes \\ufffd, as JavaScript's own encoders do, over every escape of half a character ("\\ud83d" alone), which is no
// JSON in UTF-8. True when there was one.
bool replace_lone_surrogates(std::span<char> json_text);
// [A-Za-z0-9._-]{1,64}, but neither "." nor ".."
[[nodiscard]] bool is_campaign_id(std::string_view text);
// As of SendRequest::hash, for bodies of other requests.
[[nodiscard]] std::string hash_json(const boost::json::value& value);

}  // namespace clarion
