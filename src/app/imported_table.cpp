#include "app/imported_table.h"

#include <boost/unordered/unordered_flat_set.hpp>

#include "app/dynamo_session.h"
#include "base/hash.h"
#include "store/dynamo_contacts.h"

namespace clarion {
namespace {

constexpr std::size_t contacts_at_once = 500;

// 64 bits of an id: a collision counts one contact as replaced that was new, no more.
using TableIds = boost::unordered_flat_set<std::uint64_t>;  // hashes

Result<TableIds> read_ids(DynamoSession& session) {
  DynamoContacts contacts(session.database());
  TableIds ids;
  ContactReader reader(
      ContactFormat::Clarion,
      {.contact = [&ids](const Contact& contact) { return ids.insert(hash64(contact.id)).second; }, .rejected = {}});
  auto read = session.run(contacts.visit([&reader](std::string_view json) {
    reader.feed(json);
    reader.feed("\n");
  }));
  if (!read) return std::unexpected(read.error());
  return ids;
}

Result<void> write_contacts(DynamoSession& session, const std::filesystem::path& file, ImportOptions options) {
  DynamoContacts contacts(session.database());
  options.rejected_csv.reset();
  std::vector<Contact> batch;
  Result<void> written;
  const auto flush = [&] {
    if (!batch.empty() && written) written = session.run(contacts.put(std::exchange(batch, {})));
  };
  options.is_cancelled = [&written] { return !written; };
  const auto take = [&](const Contact& contact) {
    batch.push_back(contact);
    if (batch.size() == contacts_at_once) flush();
    return true;
  };
  auto read = import_contacts(file, take, options);
  flush();
  if (!written) return written;
  if (!read) return std::unexpected(read.error());
  return session.run(contacts.mark_changed());
}

}  // namespace

Result<ImportSummary> merge_contacts_into_table(const Settings& settings, const std::filesystem::path& file,
                                                const ImportOptions& options, bool is_dry_run) {
  auto session = DynamoSession::open(settings);
  if (!session) return std::unexpected(session.error());
  const auto before = read_ids(**session);
  if (!before) return std::unexpected(before.error());
  TableIds added;
  const auto count = [&](const Contact& contact) {
    const std::uint64_t id = hash64(contact.id);
    return added.insert(id).second && !before->contains(id);
  };
  auto summary = import_contacts(file, count, options);
  if (!summary || is_dry_run || !summary->stopped.empty()) return summary;
  if (auto written = write_contacts(**session, file, options); !written) return std::unexpected(written.error());
  return summary;
}

}  // namespace clarion
