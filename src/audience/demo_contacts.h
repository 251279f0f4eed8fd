#pragma once
// Demo contacts: made-up people with realistic spread, the same for the same seed on every machine.
//
// Phones  numbers kept for fiction where a country has them (US 555-01xx, Ofcom's drama numbers), otherwise a mobile
//         prefix followed by the contact's number. One in sixty is unusable on purpose, as in real lists.
// Dates   are told relative to demo_as_of.

#include <cstddef>
#include <cstdint>
#include <functional>

#include "base/clock.h"
#include "domain/contact.h"

namespace clarion {

inline constexpr WallTime demo_as_of{
    std::chrono::sys_days{std::chrono::year{2026} / std::chrono::November / std::chrono::day{22}}};

// The contact at `position`, whatever the others are. Its id is "CUST-000001" for position 0.
[[nodiscard]] Contact make_demo_contact(std::uint64_t position, std::uint64_t seed, WallTime as_of = demo_as_of);

// Hands `count` of them over, in order.
void generate_contacts(std::size_t count, std::uint64_t seed, const std::function<void(const Contact&)>& take,
                       WallTime as_of = demo_as_of);

}  // namespace clarion
