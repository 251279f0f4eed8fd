#include "app/imported_table.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/unordered/unordered_flat_set.hpp>

#include "app/dynamo_context.h"
#include "base/hash.h"
#include "store/dynamo_contacts.h"

namespace clarion {
namespace {

constexpr std::size_t contacts_at_once = 500;

// 64 bits of an id: a collision counts one contact as replaced that was new, no more.
using IdSet = boost::unordered_flat_set<std::uint64_t>;

// The contacts table on a loop of its own, one call at a time.
class ContactsTable {
 public:
  static Result<std::unique_ptr<ContactsTable>> open(const Settings& settings) {
    std::unique_ptr<ContactsTable> table(new ContactsTable());
    auto aws = AwsContext::make(settings, table->clock_, table->context_.get_executor());
    if (!aws) return std::unexpected(aws.error());
    table->aws_ = std::move(*aws);
    auto dynamo = DynamoContext::make(settings, *table->aws_, table->context_.get_executor());
    if (!dynamo) return std::unexpected(dynamo.error());
    table->dynamo_ = std::move(*dynamo);
    table->contacts_.emplace(table->dynamo_->database());
    return table;
  }
  ~ContactsTable() {
    if (aws_) run(aws_->close());
  }
  ContactsTable(const ContactsTable&) = delete;
  ContactsTable& operator=(const ContactsTable&) = delete;

  template <class T>
  T run(Task<T> task) {
    auto done = asio::co_spawn(context_, std::move(task), asio::use_future);
    context_.restart();
    while (done.wait_for(std::chrono::seconds(0)) != std::future_status::ready) context_.run_one();
    return done.get();
  }
  [[nodiscard]] DynamoContacts& contacts() { return *contacts_; }

 private:
  ContactsTable() = default;
  SystemClock clock_;
  asio::io_context context_{1};
  std::unique_ptr<AwsContext> aws_;
  std::unique_ptr<DynamoContext> dynamo_;
  std::optional<DynamoContacts> contacts_;
};

Result<IdSet> read_ids(ContactsTable& table) {
  IdSet ids;
  ContactReader reader(
      ContactFormat::Clarion,
      {.contact = [&ids](const Contact& contact) { return ids.insert(hash64(contact.id)).second; }, .rejected = {}});
  auto read = table.run(table.contacts().visit([&reader](std::string_view json) {
    reader.feed(json);
    reader.feed("\n");
  }));
  if (!read) return std::unexpected(read.error());
  return ids;
}

Result<void> write_contacts(ContactsTable& table, const std::filesystem::path& file, ImportOptions options) {
  options.rejected_csv.reset();
  std::vector<Contact> batch;
  Result<void> written;
  const auto flush = [&] {
    if (!batch.empty() && written) written = table.run(table.contacts().put(std::exchange(batch, {})));
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
  return table.run(table.contacts().mark_changed());
}

}  // namespace

Result<ImportSummary> merge_contacts_into_table(const Settings& settings, const std::filesystem::path& file,
                                                const ImportOptions& options, bool is_dry_run) {
  auto table = ContactsTable::open(settings);
  if (!table) return std::unexpected(table.error());
  const auto before = read_ids(**table);
  if (!before) return std::unexpected(before.error());
  IdSet added;
  const auto count = [&](const Contact& contact) {
    const std::uint64_t id = hash64(contact.id);
    return added.insert(id).second && !before->contains(id);
  };
  auto summary = import_contacts(file, count, options);
  if (!summary || is_dry_run || !summary->stopped.empty()) return summary;
  if (auto written = write_contacts(**table, file, options); !written) return std::unexpected(written.error());
  return summary;
}

}  // namespace clarion
