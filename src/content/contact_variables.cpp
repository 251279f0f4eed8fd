#include "content/contact_variables.h"

#include <charconv>

namespace clarion {
namespace {

// Indexed by ContactVariable.
constexpr std::array<std::string_view, 11> names{"customer_id", "first_name", "last_name",     "city",
                                                 "country",     "language",   "time_zone",     "phone",
                                                 "email",       "age",        "purchase_count"};

std::string_view print(std::int32_t value, NumberText& number) {
  const auto end = std::to_chars(number.data(), number.data() + number.size(), value).ptr;
  return {number.data(), static_cast<std::size_t>(end - number.data())};
}

}  // namespace

std::optional<ContactVariable> find_contact_variable(std::string_view name) {
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (names[i] == name) return static_cast<ContactVariable>(i);
  }
  return std::nullopt;
}

std::span<const std::string_view> contact_variable_names() {
  return names;
}

std::string_view value_of(const Contact& contact, ContactVariable variable, NumberText& number) {
  switch (variable) {
    case ContactVariable::CustomerId: return contact.id;
    case ContactVariable::FirstName: return contact.first_name;
    case ContactVariable::LastName: return contact.last_name;
    case ContactVariable::City: return contact.city;
    case ContactVariable::Country: return contact.country;
    case ContactVariable::Language: return contact.language;
    case ContactVariable::TimeZone: return contact.time_zone;
    case ContactVariable::Phone: return contact.phone;
    case ContactVariable::Email: return contact.email;
    case ContactVariable::Age: return contact.age ? print(*contact.age, number) : std::string_view();
    case ContactVariable::PurchaseCount: return print(contact.purchase_count, number);
  }
  return {};
}

}  // namespace clarion
