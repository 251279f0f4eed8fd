#pragma once
// The contact fields that templates may use, by name.

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "domain/contact.h"

namespace clarion {

enum class ContactVariable : std::uint8_t {
  CustomerId,
  FirstName,
  LastName,
  City,
  Country,
  Language,
  TimeZone,
  Phone,
  Email,
  Age,
  PurchaseCount,
};

[[nodiscard]] std::optional<ContactVariable> find_contact_variable(std::string_view name);
// "customer_id", "first_name", ...: what the page offers.
[[nodiscard]] std::span<const std::string_view> contact_variable_names();

using NumberText = std::array<char, 12>;
// The value as text, empty when it is not known. Lifetime: a view into `contact` or into `number`.
[[nodiscard]] std::string_view value_of(const Contact& contact, ContactVariable variable, NumberText& number);

}  // namespace clarion
