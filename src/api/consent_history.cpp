#include "api/consent_history.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "api/campaign_json.h"
#include "api/json_text.h"

namespace clarion {
namespace {

namespace json = boost::json;

constexpr std::size_t most_entries = 200;

// What was said, whenever it was recorded.
auto statement_of(const ConsentEntry& entry) {
  return std::tie(entry.channel, entry.event, entry.at, entry.reason, entry.source);
}

// When it was said; else, when it was recorded.
std::optional<WallTime> when(const ConsentEntry& entry) {
  return entry.at ? entry.at : entry.recorded_at;
}

void add_what_stands(const Contact& contact, const std::vector<Suppression>& suppressions,
                     std::vector<ConsentEntry>& entries) {
  for (const Channel channel : all_channels) {
    const Consent& consent = contact.consent[channel];
    if (consent.state == ConsentState::Unknown) continue;
    const bool is_in = consent.state == ConsentState::OptedIn;
    entries.push_back({.subject = contact_subject(contact.id),
                       .channel = channel,
                       .event = is_in ? ConsentEvent::OptedIn : ConsentEvent::OptedOut,
                       .reason = "",
                       .source = consent.source,
                       .at = consent.at,
                       .recorded_at = std::nullopt});
  }
  for (const Suppression& one : suppressions) {
    entries.push_back(entry_of(one, std::nullopt));
  }
}

}  // namespace

std::vector<std::string> consent_subjects(const Contact& contact) {
  std::vector<std::string> subjects{contact_subject(contact.id)};
  for (const std::string* address : {&contact.phone, &contact.email}) {
    if (!address->empty()) subjects.push_back(address_subject(*address));
  }
  return subjects;
}

json::array consent_history(const Contact& contact, const std::vector<Suppression>& suppressions,
                            std::vector<ConsentEntry> entries) {
  std::erase_if(entries, [&](const ConsentEntry& entry) {
    return entry.subject != contact_subject(contact.id) &&
           entry.subject != address_subject(address_of(contact, entry.channel));
  });
  add_what_stands(contact, suppressions, entries);
  // The first record of a statement stays; one that says nothing of when it was recorded gives way.
  std::ranges::sort(entries, [](const ConsentEntry& one, const ConsentEntry& other) {
    return std::tuple(statement_of(one), !one.recorded_at, one.recorded_at) <
           std::tuple(statement_of(other), !other.recorded_at, other.recorded_at);
  });
  const auto repeated = std::ranges::unique(entries, {}, statement_of);
  entries.erase(repeated.begin(), repeated.end());
  std::ranges::sort(entries, [](const ConsentEntry& one, const ConsentEntry& other) {
    return std::tuple(when(one), one.recorded_at, statement_of(one)) >
           std::tuple(when(other), other.recorded_at, statement_of(other));
  });
  if (entries.size() > most_entries) entries.resize(most_entries);

  json::array history;
  history.reserve(entries.size());
  for (const ConsentEntry& entry : entries) {
    history.push_back(json::object{{"channel", to_string(entry.channel)},
                                   {"event", to_string(entry.event)},
                                   {"reason", or_null(entry.reason)},
                                   {"source", or_null(entry.source)},
                                   {"at", time_to_json(entry.at)},
                                   {"recorded_at", time_to_json(entry.recorded_at)}});
  }
  return history;
}

}  // namespace clarion
