#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_future.hpp>

#include "app/contact_source.h"
#include "audience/contact_reader.h"
#include "base/log.h"

namespace clarion {
namespace {

class TableContacts final : public ContactSource {
 public:
  TableContacts(DynamoContacts& contacts, asio::any_io_executor executor)
      : contacts_(contacts), executor_(std::move(executor)) {}

  Result<std::string> version() override {
    const auto version = run(contacts_.version());
    if (!version) return std::unexpected(version.error());
    return std::to_string(*version);
  }

  Result<ReadContacts> read() override {
    ContactTable::Builder builder;
    std::string first;
    ContactReader reader(ContactFormat::Clarion,
                         {.contact =
                              [&builder](const Contact& contact) {
                                builder.add(contact);
                                return true;
                              },
                          .rejected =
                              [&first](const RejectedRow& row) {
                                if (first.empty()) first = row.reason;
                              },
                          .opted_out = [&builder](const Contact& contact) { builder.add(contact); }});
    auto read = run(contacts_.visit([&reader](std::string_view, std::string_view json) {
      reader.feed(json);
      reader.feed("\n");
    }));
    if (!read) return std::unexpected(read.error());
    const ImportSummary summary = reader.finish();
    // Half of them would be taken for all of them, and opt-outs among the rest would not count.
    if (!summary.stopped.empty()) {
      return fail(ErrorKind::Invalid, "cannot read the contacts table: " + summary.stopped);
    }
    if (summary.rejected > 0) {
      log_warn("contacts_rejected", {{"source", std::string_view("the contacts table")},
                                     {"rows", summary.rejected},
                                     {"first", std::string_view(first)}});
    }
    return ReadContacts{std::move(builder).build(), "the contacts table"};
  }

 private:
  template <class T>
  T run(Task<T> task) {
    return asio::co_spawn(executor_, std::move(task), asio::use_future).get();
  }

  DynamoContacts& contacts_;
  asio::any_io_executor executor_;
};

}  // namespace

std::unique_ptr<ContactSource> make_table_contacts(DynamoContacts& contacts, asio::any_io_executor executor) {
  return std::make_unique<TableContacts>(contacts, std::move(executor));
}

}  // namespace clarion
