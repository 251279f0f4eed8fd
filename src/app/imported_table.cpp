#include "app/imported_table.h"

#include <fmt/format.h>

#include "app/dynamo_session.h"
#include "audience/kept_contact.h"
#include "store/changed_consents.h"
#include "store/dynamo_consent_log.h"
#include "store/dynamo_contacts.h"
#include "store/known_consents.h"

namespace clarion {
namespace {

constexpr std::size_t contacts_at_once = 500;

Result<void> read_known(DynamoSession& session, KnownConsents& known) {
  DynamoContacts contacts(session.database());
  KeptContactReader reader;
  Result<void> result;
  const auto add = [&](std::string_view key, std::string_view json) {
    const auto contact = reader.read(json);
    if (contact) {
      known.add(**contact);
    } else if (result) {
      result = fail(ErrorKind::Conflict,
                    fmt::format("the item '{}' of the contacts table cannot be read ({}), so an opt-out of that "
                                "contact would be lost; nothing was imported. Restore the item, or delete it",
                                key, contact.error().message));
    }
  };
  if (auto read = session.run(contacts.visit(add)); !read) return read;
  if (!result) return result;
  return known.check();
}

Result<void> write_contacts(DynamoSession& session, const std::filesystem::path& file, ImportOptions options,
                            KnownConsents& known, WallTime now) {
  DynamoContacts contacts(session.database());
  options.rejected_csv.reset();
  std::vector<Contact> batch;
  Result<void> written;
  const auto flush = [&] {
    if (!batch.empty() && written) written = session.run(contacts.put(std::exchange(batch, {})));
  };
  options.is_cancelled = [&written] { return !written; };
  const auto take = [&](const Contact& contact) {
    // Merged once more: what came of the first reading is known by now, so this is the end of it.
    batch.emplace_back(contact).consent = known.merge(contact, now).consent;
    if (batch.size() == contacts_at_once) flush();
    return true;
  };
  auto read = import_contacts(file, take, options);
  flush();
  if (!written) return written;
  if (!read) return std::unexpected(read.error());
  if (auto checked = known.check(); !checked) return checked;
  return session.run(contacts.mark_changed());
}

}  // namespace

Result<ImportSummary> merge_contacts_into_table(const Settings& settings, const std::filesystem::path& file,
                                                const ImportOptions& options, bool is_dry_run, WallTime now) {
  auto session = DynamoSession::open(settings);
  if (!session) return std::unexpected(session.error());
  auto known = KnownConsents::create();
  if (!known) return std::unexpected(known.error());
  if (auto read = read_known(**session, *known); !read) return std::unexpected(read.error());
  auto changed = ChangedConsents::create();
  if (!changed) return std::unexpected(changed.error());
  const auto count = [&](const Contact& contact) {
    const KnownConsents::Merged merged = known->merge(contact, now);
    if (!is_dry_run) changed->add(contact.id, merged.before, merged.consent);
    return merged.is_new;
  };
  auto summary = import_contacts(file, count, options);
  if (!summary) return summary;
  if (auto checked = known->check(); !checked) return std::unexpected(checked.error());
  if (!summary->stopped.empty()) return summary;
  summary->opt_outs_kept = known->kept().opt_outs;
  summary->opt_ins_kept = known->kept().opt_ins;
  if (is_dry_run) return summary;
  // First: an import that fails behind it is made again, and then nothing of it is missing.
  DynamoConsentLog log((*session)->database());
  const auto append = [&](std::vector<ConsentEntry> entries) {
    return (*session)->run(log.append(std::move(entries)));
  };
  if (auto recorded = changed->visit(now, append); !recorded) return std::unexpected(recorded.error());
  if (auto written = write_contacts(**session, file, options, *known, now); !written) {
    return std::unexpected(written.error());
  }
  return summary;
}

}  // namespace clarion
