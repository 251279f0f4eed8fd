#include "api/person_search.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "audience/address_rules.h"
#include "audience/filter.h"
#include "base/text.h"

namespace clarion {
namespace {

Filter compare(Field field, Operator op, std::string value) {
  Filter filter;
  filter.kind = Filter::Kind::Compare;
  filter.comparison = {field, op, std::move(value)};
  return filter;
}

bool looks_like_phone(std::string_view text) {
  constexpr std::string_view allowed = "0123456789 ()-./";
  if (!text.starts_with('+')) return false;
  return std::ranges::all_of(text.substr(1), [allowed](char c) { return allowed.contains(c); });
}

// "+14255550156" in a query whose plus was not encoded arrives as " 14255550156": no name and no id begins with a space
// and is a number as long as that.
bool has_lost_its_plus(std::string_view text) {
  return text.starts_with(' ') && std::ranges::count_if(text, [](char c) { return c >= '0' && c <= '9'; }) >= 7 &&
         looks_like_phone("+" + std::string(text.substr(1)));
}

// Each word of `text` stands in a first or last name as `op` says.
Filter named(std::string_view text, Operator op) {
  Filter all;
  all.kind = Filter::Kind::And;
  while (!text.empty()) {
    const auto end = std::min(text.find(' '), text.size());
    if (end > 0) {
      Filter either;
      either.kind = Filter::Kind::Or;
      for (const Field field : {Field::FirstName, Field::LastName}) {
        either.children.push_back(compare(field, op, std::string(text.substr(0, end))));
      }
      all.children.push_back(std::move(either));
    }
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return all;
}

}  // namespace

Result<std::vector<std::string>> find_people(const ContactTable& contacts, std::string_view text, WallTime now) {
  if (has_lost_its_plus(text)) return find_people(contacts, "+" + std::string(trim(text)), now);
  const std::string_view words = trim(text);
  if (contacts.find(words)) return std::vector<std::string>{std::string(words)};
  std::vector<ContactRow> rows;
  std::vector<std::string> ids;
  if (words.contains('@')) {
    const auto email = read_email(words);
    rows = contacts.select(compare(Field::Email, Operator::Equal, email.value_or(std::string(words))), now);
  } else if (looks_like_phone(words)) {
    const auto phone = read_phone(words, {});
    rows = contacts.select(compare(Field::Phone, Operator::Equal, phone.value_or(std::string(words))), now);
  } else {
    if (!words.contains(' ')) ids.emplace_back(words);
    rows = contacts.select(named(words, Operator::Equal), now);
    if (rows.empty()) rows = contacts.select(named(words, Operator::Contains), now);
  }
  if (rows.size() > most_people_searched) {
    return fail(ErrorKind::Invalid,
                fmt::format("person may be any of {} contacts; give more of the name, the whole address or the id",
                            rows.size()));
  }
  for (const ContactRow row : rows) ids.emplace_back(contacts.text(row, Field::Id));
  return ids;
}

std::string name_of(const ContactTable& contacts, std::string_view contact_id) {
  const auto row = contacts.find(contact_id);
  if (!row) return {};
  std::string name(contacts.text(*row, Field::FirstName));
  const std::string_view last = contacts.text(*row, Field::LastName);
  if (!name.empty() && !last.empty()) name += ' ';
  return name.append(last);
}

}  // namespace clarion
