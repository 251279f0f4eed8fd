#include "store/changed_consents.h"

#include <algorithm>
#include <bit>
#include <optional>

#include "store/consent_bytes.h"
#include "store/sqlite_consent_log.h"

namespace clarion {
namespace {

constexpr int part_bits = 9;
// So many in one write of the log: few enough that whoever else writes waits for a moment only.
constexpr std::size_t entries_at_once = 4000;

// Before an id, and of each channel that changed the consent before and after.
struct RecordHead {
  std::int64_t hash;  // of the subject
  std::uint32_t bytes;
  std::uint16_t id_bytes;
  std::uint8_t changed;  // a bit for each channel
};

// What one row changed of one contact.
struct Change {
  RecordHead head;
  std::size_t number;  // in its part
  std::string record;
};

std::size_t part_of(std::int64_t hash) {
  // The sign turned around, so that the lowest number is in the first part.
  const std::uint64_t from_lowest = std::bit_cast<std::uint64_t>(hash) ^ (std::uint64_t{1} << 63U);
  return from_lowest >> (64 - part_bits);
}

void add_entry(const std::string& subject, Channel channel, Consent consent, std::optional<WallTime> recorded_at,
               std::vector<ConsentEntry>& entries) {
  if (consent.state == ConsentState::Unknown) return;
  const bool is_in = consent.state == ConsentState::OptedIn;
  entries.push_back({.subject = subject,
                     .channel = channel,
                     .event = is_in ? ConsentEvent::OptedIn : ConsentEvent::OptedOut,
                     .reason = "",
                     .source = std::move(consent.source),
                     .at = consent.at,
                     .recorded_at = recorded_at});
}

// False when it is none.
bool add_entries(const Change& change, WallTime recorded_at, std::vector<ConsentEntry>& entries) {
  std::string_view rest = change.record;
  if (rest.size() < change.head.bytes) return false;
  const std::string subject = contact_subject(rest.substr(0, change.head.id_bytes));
  rest.remove_prefix(change.head.id_bytes);
  for (const Channel channel : all_channels) {
    if ((change.head.changed & (1U << index_of(channel))) == 0) continue;
    Consent before;
    Consent after;
    if (!take_consent(rest, before) || !take_consent(rest, after)) return false;
    add_entry(subject, channel, std::move(before), std::nullopt, entries);
    add_entry(subject, channel, std::move(after), recorded_at, entries);
  }
  return true;
}

}  // namespace

Result<ChangedConsents> ChangedConsents::create() {
  auto file = SplitFile::create({.parts = std::size_t{1} << part_bits});
  if (!file) return std::unexpected(file.error());
  return ChangedConsents(std::move(*file));
}

void ChangedConsents::add(std::string_view id, const PerChannel<Consent>& before, const PerChannel<Consent>& after) {
  unsigned changed = 0;
  record_.assign(id);
  for (const Channel channel : all_channels) {
    if (before[channel] == after[channel] || after[channel].state == ConsentState::Unknown) continue;
    changed |= 1U << index_of(channel);
    append_consent(record_, before[channel]);
    append_consent(record_, after[channel]);
  }
  if (changed == 0) return;
  is_empty_ = false;
  const RecordHead head{.hash = subject_hash(contact_subject(id)),
                        .bytes = static_cast<std::uint32_t>(record_.size()),
                        .id_bytes = static_cast<std::uint16_t>(id.size()),
                        .changed = static_cast<std::uint8_t>(changed)};
  file_.append_value(part_of(head.hash), head);
  file_.append(part_of(head.hash), record_);
}

Result<void> ChangedConsents::visit(WallTime recorded_at,
                                    const std::function<Result<void>(std::vector<ConsentEntry>)>& take) {
  std::vector<ConsentEntry> entries;
  std::vector<Change> changes;
  for (std::size_t part = 0; part < std::size_t{1} << part_bits; ++part) {
    changes.clear();
    file_.rewind(part);
    for (RecordHead head{}; file_.read_value(part, head);) {
      changes.push_back({head, changes.size(), std::string(file_.read(part, head.bytes))});
    }
    if (auto checked = file_.check(); !checked) return checked;
    std::ranges::sort(changes, {}, [](const Change& change) { return std::pair(change.head.hash, change.number); });
    for (const Change& change : changes) {
      if (!add_entries(change, recorded_at, entries)) {
        return fail(ErrorKind::Internal, "a temporary file does not hold what was written to it");
      }
      if (entries.size() < entries_at_once) continue;
      if (auto taken = take(std::exchange(entries, {})); !taken) return taken;
    }
  }
  if (entries.empty()) return {};
  return take(std::move(entries));
}

}  // namespace clarion
