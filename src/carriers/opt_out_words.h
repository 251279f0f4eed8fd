#pragma once
// The words by which people end messages to them, and have them again: data/opt_out/words.json, with their sources.

#include <string_view>

namespace clarion {

// Whether the whole reply is such a word, in any case, whatever punctuation and space is around it.
[[nodiscard]] bool is_opt_out(std::string_view reply);
// The same of the words that take it back.
[[nodiscard]] bool is_opt_in(std::string_view reply);
// Whether the payload of a template's button is one, or begins with one and goes on as the operator likes: "STOP-01".
[[nodiscard]] bool is_opt_out_payload(std::string_view payload);

}  // namespace clarion
