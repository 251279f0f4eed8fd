#include "store/consent_bytes.h"

#include <cstdint>
#include <cstring>

namespace clarion {
namespace {

struct Head {
  std::int64_t at;
  std::uint16_t source_bytes;
  ConsentState state;
  bool has_time;
};

}  // namespace

void append_consent(std::string& out, const Consent& consent) {
  const Head head{.at = consent.at ? consent.at->time_since_epoch().count() : 0,
                  .source_bytes = static_cast<std::uint16_t>(consent.source.size()),
                  .state = consent.state,
                  .has_time = consent.at.has_value()};
  out.append(reinterpret_cast<const char*>(&head), sizeof(head));
  out.append(consent.source, 0, head.source_bytes);
}

bool take_consent(std::string_view& bytes, Consent& consent) {
  Head head{};
  if (bytes.size() < sizeof(head)) return false;
  std::memcpy(&head, bytes.data(), sizeof(head));
  if (bytes.size() < sizeof(head) + head.source_bytes) return false;
  consent.state = head.state;
  consent.source = bytes.substr(sizeof(head), head.source_bytes);
  consent.at.reset();
  if (head.has_time) consent.at = WallTime(WallTime::duration(head.at));
  bytes.remove_prefix(sizeof(head) + head.source_bytes);
  return true;
}

void append_consents(std::string& out, const PerChannel<Consent>& consents) {
  const std::size_t known_at = out.size();
  unsigned known = 0;  // a bit for each channel
  out.push_back('\0');
  for (const Channel channel : all_channels) {
    if (consents[channel] == Consent{}) continue;
    known |= 1U << index_of(channel);
    append_consent(out, consents[channel]);
  }
  out[known_at] = static_cast<char>(known);
}

PerChannel<Consent> take_consents(std::string_view bytes) {
  PerChannel<Consent> consents;
  if (bytes.empty()) return consents;
  const auto known = static_cast<unsigned char>(bytes.front());
  bytes.remove_prefix(1);
  for (const Channel channel : all_channels) {
    if ((known & (1U << index_of(channel))) != 0 && !take_consent(bytes, consents[channel])) break;
  }
  return consents;
}

}  // namespace clarion
