#pragma once
// PlanChunk: the half of up to 128 planned deliveries that never changes, as bytes. Pure.
//
// Who a row is for is kept apart from what it says: looking for a contact, or for who was written to lately, then reads
// a dozen bytes a row instead of some hundreds.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ports/delivery_store.h"

namespace clarion {

struct PlanBody {
  std::string destination;
  std::string payload;
  std::string why;
  std::int32_t parts = 1;
};

// Of the rows of one chunk, in the order of their positions.
[[nodiscard]] std::string pack_names(const std::vector<PlannedDelivery>& rows);
[[nodiscard]] std::optional<std::vector<std::string>> unpack_names(std::string_view bytes);
[[nodiscard]] std::string pack_bodies(const std::vector<PlannedDelivery>& rows);
[[nodiscard]] std::optional<std::vector<PlanBody>> unpack_bodies(std::string_view bytes);

}  // namespace clarion
