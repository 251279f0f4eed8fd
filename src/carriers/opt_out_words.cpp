#include "carriers/opt_out_words.h"

#include <boost/json/parse.hpp>

#include <algorithm>
#include <string>
#include <vector>

#include "aws/json_object.h"
#include "base/text.h"
#include "embedded/opt_out_words.h"

namespace clarion {
namespace {

constexpr std::size_t longest_reply = 64;  // what is longer is a sentence

struct OptOutWords {
  std::vector<std::string> replies;
  std::vector<std::string> opt_ins;
  std::vector<std::string> payload_beginnings;
};

const OptOutWords& words() {
  static const OptOutWords all = [] {
    OptOutWords folded;
    const auto document = boost::json::parse(embedded::opt_out_words);
    for (const auto& set : json_list(document, "sets")) {
      for (const std::string& word : json_texts(set, "words")) folded.replies.push_back(fold_text(word));
    }
    for (const std::string& word : json_texts(document.at("opt_in"), "words"))
      folded.opt_ins.push_back(fold_text(word));
    for (const std::string& word : json_texts(document.at("payload_beginnings"), "words")) {
      folded.payload_beginnings.push_back(fold_text(word));
    }
    return folded;
  }();
  return all;
}

bool is_around(char c) {
  return static_cast<unsigned char>(c) <= 0x20 || std::string_view(".,;:!?\"'()[]*_").contains(c);
}

std::string_view bare(std::string_view reply) {
  while (!reply.empty() && is_around(reply.front())) reply.remove_prefix(1);
  while (!reply.empty() && is_around(reply.back())) reply.remove_suffix(1);
  return reply;
}

bool is_one_of(const std::vector<std::string>& folded, std::string_view reply) {
  reply = bare(reply);
  if (reply.empty() || reply.size() > longest_reply) return false;
  return std::ranges::find(folded, fold_text(reply)) != folded.end();
}

}  // namespace

bool is_opt_out(std::string_view reply) {
  return is_one_of(words().replies, reply);
}

bool is_opt_in(std::string_view reply) {
  return is_one_of(words().opt_ins, reply);
}

bool is_opt_out_payload(std::string_view payload) {
  if (is_opt_out(payload)) return true;
  const std::string folded = fold_text(bare(payload.substr(0, longest_reply)));
  return std::ranges::any_of(words().payload_beginnings, [&folded](const std::string& word) {
    return folded.starts_with(word) &&
           (folded.size() == word.size() || std::string_view("-_:./|# ").contains(folded[word.size()]));
  });
}

}  // namespace clarion
