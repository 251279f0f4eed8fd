#pragma once
// What no log may hold: tokens, secrets, whole phone numbers and mailboxes. Every process that a test starts is checked
// when it ends (clarion_process.cpp), so the whole suite is this promise's test.

#include <map>
#include <string>
#include <string_view>

namespace clarion::testing {

// The first line of `log` that holds a token or the value of a variable whose name says SECRET or TOKEN; or, for lines
// of JSON, which is what the program logs, a whole address. Empty: there is none.
[[nodiscard]] std::string find_leak(std::string_view log, const std::map<std::string, std::string>& environment);

}  // namespace clarion::testing
