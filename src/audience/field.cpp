#include "audience/field.h"

#include <algorithm>

#include "audience/field_table.h"

namespace clarion {
namespace {

FieldValue to_value(const std::string& text) {
  return text.empty() ? FieldValue() : FieldValue(std::string_view(text));
}

FieldValue to_value(const std::vector<std::string>& texts) {
  return texts.empty() ? FieldValue() : FieldValue(std::span(texts));
}

FieldValue to_value(ConsentState state) {
  return to_string(state);
}

template <class T>
FieldValue to_value(const std::optional<T>& value) {
  return value ? FieldValue(*value) : FieldValue();
}

template <class T>
  requires std::is_arithmetic_v<T>
FieldValue to_value(T value) {
  return value;
}

// Whether the values of `field` are stored as Ts.
template <class T>
bool holds(Field field) {
  return std::visit([]<class Place>(const Place&) { return std::is_same_v<typename Place::Value, T>; },
                    row_of(field).place);
}

}  // namespace

std::string_view to_string(FieldType type) {
  constexpr std::array<std::string_view, 5> names{"text", "number", "time", "list", "flag"};
  return names[std::to_underlying(type)];
}

FieldType type_of(Field field) {
  static constexpr auto types = [] {
    std::array<FieldType, field_count> made{};
    for (const FieldRow& row : field_table) {
      made[std::to_underlying(row.field)] =
          std::visit([]<class Place>(const Place&) { return type_of_value<typename Place::Value>(); }, row.place);
    }
    return made;
  }();
  return types[std::to_underlying(field)];
}

std::string_view to_string(Field field) {
  return row_of(field).name;
}

std::optional<Field> find_field(std::string_view name) {
  const auto* const found = std::ranges::find(field_table, name, &FieldRow::name);
  if (found == field_table.end()) return std::nullopt;
  return found->field;
}

std::string_view label_of(Field field) {
  return row_of(field).label;
}

bool names_a_person(Field field) {
  return row_of(field).names_a_person;
}

std::optional<Channel> channel_of(Field field) {
  return std::visit(
      []<class Place>(const Place& place) -> std::optional<Channel> {
        if constexpr (is_of_channel<Place>) return place.channel;
        return std::nullopt;
      },
      row_of(field).place);
}

Field on_channel(Field field, Channel channel) {
  const std::size_t first = std::to_underlying(field) - index_of(channel_of(field).value());
  return static_cast<Field>(first + index_of(channel));
}

bool is_consent(Field field) {
  return holds<ConsentState>(field);
}

bool is_of_consent(Field field) {
  return std::visit(
      []<class Place>(const Place&) {
        if constexpr (is_of_channel<Place>) return std::is_same_v<typename Place::Whole, Consent>;
        return false;
      },
      row_of(field).place);
}

bool is_count(Field field) {
  return holds<std::int32_t>(field);
}

FieldValue value_of(Field field, const Contact& contact) {
  return std::visit([&](const auto& place) { return to_value(place.of(contact)); }, row_of(field).place);
}

}  // namespace clarion
