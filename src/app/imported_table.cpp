#include "app/imported_table.h"

#include <fmt/format.h>

#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include "app/contact_merge.h"
#include "app/dynamo_session.h"
#include "app/imported_contacts.h"
#include "audience/kept_contact.h"
#include "base/task_group.h"
#include "store/dynamo_consent_log.h"
#include "store/dynamo_contacts.h"
#include "store/dynamo_import_lease.h"

namespace clarion {
namespace {

constexpr std::size_t contacts_at_once = 500;

class TableImport {
 public:
  // `lease`: none for an import that keeps nothing.
  TableImport(DynamoSession& session, ContactMerge merge, DynamoImportLease* lease)
      : session_(session), contacts_(session.database()), merge_(std::move(merge)), lease_(lease) {}

  Result<ImportSummary> run(const std::filesystem::path& file, ImportOptions options, bool is_dry_run) {
    if (auto read = read_kept(); !read) return std::unexpected(read.error());
    const auto is_asked_to_end = [asked = options.is_cancelled] { return asked && asked(); };
    options.is_cancelled = [this, is_asked_to_end] { return is_asked_to_end() || !is_held(); };
    auto summary = merge_.read(file, options, is_dry_run);
    if (!is_held()) return std::unexpected(held_.error());
    if (!summary || !summary->stopped.empty() || is_dry_run) return summary;
    // What is begun now is written to its end.
    if (is_asked_to_end()) return fail(ErrorKind::Conflict, "the import was cancelled; nothing was imported");
    DynamoConsentLog log(session_.database());
    const auto append = [&](std::vector<ConsentEntry> entries) {
      return is_held() ? session_.run(log.append(std::move(entries))) : held_;
    };
    if (auto recorded = merge_.changed().visit(merge_.now(), append); !recorded) {
      return std::unexpected(recorded.error());
    }
    if (auto written = write(); !written) return std::unexpected(written.error());
    return summary;
  }

 private:
  // That nobody else imports. Asked before every write and now and then while the file is read.
  bool is_held() {
    if (lease_ != nullptr && held_) held_ = session_.run(lease_->keep());
    return held_.has_value();
  }
  Task<void> keep_lease() {
    while (held_) {
      held_ = co_await lease_->keep();
      co_await session_.database().clock().sleep_for(std::chrono::seconds(1));
    }
  }
  // Reading everybody may take longer than a lease.
  Task<Result<void>> visit_and_keep(DynamoContacts::Take take) {
    TaskGroup keeping;
    if (lease_ != nullptr) keeping.spawn(session_.database().executor(), keep_lease());
    auto read = co_await contacts_.visit(std::move(take));
    keeping.cancel();
    co_await keeping.join();
    co_return read;
  }

  Result<void> read_kept() {
    KeptContactReader reader;
    Result<void> result;
    const auto add = [&](std::string_view key, std::string_view json) {
      const auto contact = reader.read(json);
      if (contact) {
        merge_.add_kept(**contact);
      } else if (result) {
        result = fail(ErrorKind::Conflict,
                      fmt::format("the item '{}' of the contacts table cannot be read ({}), so an opt-out of that "
                                  "contact would be lost; nothing was imported. Restore the item, or delete it",
                                  key, contact.error().message));
      }
    };
    if (auto read = session_.run(visit_and_keep(add)); !read) return read;
    return result;
  }

  Result<void> write() {
    std::vector<DynamoContacts::Row> batch;
    const auto flush = [&]() -> Result<void> {
      if (batch.empty()) return {};
      return is_held() ? session_.run(contacts_.put(std::exchange(batch, {}))) : held_;
    };
    const auto take = [&](std::string_view id, std::string_view json) -> Result<void> {
      batch.push_back({std::string(id), std::string(json)});
      return batch.size() < contacts_at_once ? Result<void>() : flush();
    };
    if (auto visited = merge_.visit(take); !visited) return visited;
    if (auto flushed = flush(); !flushed) return flushed;
    return session_.run(contacts_.mark_changed());
  }

  DynamoSession& session_;
  DynamoContacts contacts_;
  ContactMerge merge_;
  DynamoImportLease* lease_;
  Result<void> held_;
};

}  // namespace

Result<ImportSummary> merge_contacts_into_table(const Settings& settings, const std::filesystem::path& file,
                                                const ImportOptions& options, bool is_dry_run, WallTime now) {
  auto session = DynamoSession::open(settings);
  if (!session) return std::unexpected(session.error());
  auto merge = ContactMerge::create(now);
  if (!merge) return std::unexpected(merge.error());
  if (is_dry_run) return TableImport(**session, std::move(*merge), nullptr).run(file, options, is_dry_run);
  DynamoImportLease lease((*session)->database(), make_instance_name());
  if (auto taken = (*session)->run(lease.take()); !taken) return std::unexpected(taken.error());
  auto summary = TableImport(**session, std::move(*merge), &lease).run(file, options, is_dry_run);
  // What cannot be given back runs out.
  (void)(*session)->run(lease.give_back());
  return summary;
}

Result<ImportSummary> merge_contacts(const Settings& settings, const std::filesystem::path& file,
                                     const ImportOptions& options, bool is_dry_run, WallTime now) {
  return settings.store == StoreKind::DynamoDb ? merge_contacts_into_table(settings, file, options, is_dry_run, now)
                                               : merge_contacts(settings.data_dir, file, options, is_dry_run, now);
}

}  // namespace clarion
