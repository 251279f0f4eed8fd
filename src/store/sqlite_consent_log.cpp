#include "store/sqlite_consent_log.h"

#include <bit>
#include <utility>

#include "base/hash.h"

namespace clarion {

std::int64_t subject_hash(std::string_view subject) {
  return std::bit_cast<std::int64_t>(hash64(subject));
}

Task<Result<void>> SqliteConsentLog::append(std::vector<ConsentEntry> entries) {
  return database_.write([entries = std::move(entries)](SqliteConnection& connection) -> Result<void> {
    auto insert = connection.prepare(
        "INSERT INTO consent_entry (subject_hash, subject, channel, event, reason, source, at, recorded_at) VALUES (?, "
        "?, ?, ?, ?, ?, ?, ?)");
    for (const ConsentEntry& one : entries) {
      insert
          .bind(subject_hash(one.subject), one.subject, one.channel, one.event, one.reason, one.source, one.at,
                one.recorded_at)
          .run();
    }
    return {};
  });
}

Task<Result<std::vector<ConsentEntry>>> SqliteConsentLog::list(std::vector<std::string> subjects) {
  return database_.read(
      [subjects = std::move(subjects)](SqliteConnection& connection) -> Result<std::vector<ConsentEntry>> {
        std::vector<ConsentEntry> found;
        auto rows = connection.prepare(
            "SELECT channel, event, reason, source, at, recorded_at FROM consent_entry WHERE subject_hash = ? AND "
            "subject = ?");
        for (const std::string& subject : subjects) {
          rows.bind(subject_hash(subject), subject);
          while (rows.step()) {
            found.push_back({.subject = subject,
                             .channel = static_cast<Channel>(rows.integer(0)),
                             .event = static_cast<ConsentEvent>(rows.integer(1)),
                             .reason = std::string(rows.text(2)),
                             .source = std::string(rows.text(3)),
                             .at = rows.optional_time(4),
                             .recorded_at = rows.optional_time(5)});
          }
          rows.reset();
        }
        return found;
      });
}

}  // namespace clarion
