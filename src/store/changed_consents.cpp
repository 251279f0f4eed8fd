#include "store/changed_consents.h"

#include <algorithm>
#include <cstring>
#include <optional>

#include "store/consent_bytes.h"
#include "store/sqlite_consent_log.h"

namespace clarion {
namespace {

// The longest record: an id, and of each channel a head and two sources as long as the reader allows.
constexpr std::size_t most_record_bytes = 4096;
// So many in one write of the log: few enough that whoever else writes waits for a moment only.
constexpr std::size_t entries_at_once = 4000;

struct RecordHead {
  std::uint16_t id_bytes;
  std::uint8_t changed;  // a bit for each channel
};

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

// False when `record` is none.
bool add_entries(std::string_view record, WallTime recorded_at, std::vector<ConsentEntry>& entries) {
  RecordHead head{};
  if (record.size() < sizeof(head)) return false;
  std::memcpy(&head, record.data(), sizeof(head));
  record.remove_prefix(sizeof(head));
  if (record.size() < head.id_bytes) return false;
  const std::string subject = contact_subject(record.substr(0, head.id_bytes));
  record.remove_prefix(head.id_bytes);
  for (const Channel channel : all_channels) {
    if ((head.changed & (1U << index_of(channel))) == 0) continue;
    Consent before;
    Consent after;
    if (!take_consent(record, before) || !take_consent(record, after)) return false;
    add_entry(subject, channel, std::move(before), std::nullopt, entries);
    add_entry(subject, channel, std::move(after), recorded_at, entries);
  }
  return true;
}

}  // namespace

Result<ChangedConsents> ChangedConsents::create() {
  auto file = TemporaryFile::create();
  if (!file) return std::unexpected(file.error());
  return ChangedConsents(std::move(*file));
}

void ChangedConsents::add(std::string_view id, const PerChannel<Consent>& before, const PerChannel<Consent>& after) {
  RecordHead head{.id_bytes = static_cast<std::uint16_t>(id.size()), .changed = 0};
  for (const Channel channel : all_channels) {
    if (before[channel] == after[channel] || after[channel].state == ConsentState::Unknown) continue;
    head.changed = static_cast<std::uint8_t>(head.changed | (1U << index_of(channel)));
  }
  if (head.changed == 0) return;
  record_.assign(reinterpret_cast<const char*>(&head), sizeof(head));
  record_.append(id);
  for (const Channel channel : all_channels) {
    if ((head.changed & (1U << index_of(channel))) == 0) continue;
    append_consent(record_, before[channel]);
    append_consent(record_, after[channel]);
  }
  places_.emplace_back(subject_hash(contact_subject(id)), file_.append(record_));
}

Result<void> ChangedConsents::visit(WallTime recorded_at,
                                    const std::function<Result<void>(std::vector<ConsentEntry>)>& take) {
  std::ranges::sort(places_);
  std::vector<ConsentEntry> entries;
  for (const auto& [hash, offset] : places_) {
    const std::string record = file_.read(offset, most_record_bytes);
    if (auto checked = file_.check(); !checked) return checked;
    if (!add_entries(record, recorded_at, entries)) {
      return fail(ErrorKind::Internal, "a temporary file does not hold what was written to it");
    }
    if (entries.size() < entries_at_once) continue;
    if (auto taken = take(std::exchange(entries, {})); !taken) return taken;
  }
  if (entries.empty()) return file_.check();
  return take(std::move(entries));
}

}  // namespace clarion
