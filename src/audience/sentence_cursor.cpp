#include "audience/sentence_cursor.h"

namespace clarion {

const Token& Cursor::peek(std::size_t ahead) const {
  static const Token beyond{.kind = Token::Kind::Mark, .text = {}, .plain = {}};
  return at_ + ahead < tokens_.size() ? tokens_[at_ + ahead] : beyond;
}

bool Cursor::accept(std::string_view phrase) {
  std::size_t taken = 0;
  while (!phrase.empty()) {
    // One token may hold several words of the phrase: "e-mail" is "e mail".
    const std::string& plain = peek(taken).plain;
    if (plain.empty() || !phrase.starts_with(plain)) return false;
    phrase.remove_prefix(plain.size());
    if (!phrase.empty()) {
      if (phrase.front() != ' ') return false;
      phrase.remove_prefix(1);
    }
    ++taken;
  }
  at_ += taken;
  return taken > 0;
}

bool Cursor::accept_any(std::initializer_list<std::string_view> phrases) {
  std::size_t farthest = at_;
  for (const std::string_view phrase : phrases) {
    Cursor ahead = *this;
    if (ahead.accept(phrase) && ahead.at_ > farthest) farthest = ahead.at_;
  }
  if (farthest == at_) return false;
  at_ = farthest;
  return true;
}

void Cursor::skip_articles() {
  while (accept_any(
      {"the", "a", "an", "their", "our", "my", "his", "her", "its", "your", "any", "some", "these", "those"})) {
  }
}

}  // namespace clarion
