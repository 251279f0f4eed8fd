#pragma once
// The three channels, in the order in which every table and document lists them.

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace clarion {

enum class Channel : std::uint8_t { Sms = 0, WhatsApp = 1, Email = 2 };

inline constexpr std::size_t channel_count = 3;
inline constexpr std::array<Channel, channel_count> all_channels{Channel::Sms, Channel::WhatsApp, Channel::Email};

[[nodiscard]] constexpr std::size_t index_of(Channel channel) {
  return static_cast<std::size_t>(channel);
}

// "sms", "whatsapp", "email".
[[nodiscard]] constexpr std::string_view to_string(Channel channel) {
  constexpr std::array<std::string_view, channel_count> names{"sms", "whatsapp", "email"};
  return names[index_of(channel)];
}

[[nodiscard]] constexpr std::optional<Channel> parse_channel(std::string_view name) {
  for (const Channel channel : all_channels) {
    if (to_string(channel) == name) return channel;
  }
  return std::nullopt;
}

// One T per channel: `PerChannel<double> cost; cost[Channel::Sms] = 0.008;`
template <class T>
struct PerChannel {
  std::array<T, channel_count> values{};
  constexpr T& operator[](Channel channel) { return values[index_of(channel)]; }
  constexpr const T& operator[](Channel channel) const { return values[index_of(channel)]; }
  bool operator==(const PerChannel&) const = default;
};

}  // namespace clarion
