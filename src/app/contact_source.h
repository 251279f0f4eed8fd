#pragma once
// ContactSource: where LiveAudience reads everybody from, and how it learns that they have changed.
//
// Threads  one call at a time, from any thread but the engine's; calls block.

#include <filesystem>
#include <memory>
#include <string>

#include "audience/contact_table.h"
#include "base/result.h"
#include "store/dynamo_contacts.h"

namespace clarion {

struct ReadContacts {
  std::shared_ptr<const ContactTable> contacts;
  std::string source;  // for people
};

class ContactSource {
 public:
  virtual ~ContactSource() = default;
  // Another text once the contacts have changed.
  virtual Result<std::string> version() = 0;
  virtual Result<ReadContacts> read() = 0;
};

// contacts.ndjson in the data directory once something was imported; otherwise, with demo, data/demo/contacts.json of
// the working directory, or demo contacts made in memory, so that an installed program shows something. Without demo
// nobody is there before an import.
[[nodiscard]] std::unique_ptr<ContactSource> make_file_contacts(std::filesystem::path data_dir, bool has_demo);

// The contacts table. REQUIRES: `contacts` outlives it and its executor runs on another thread.
[[nodiscard]] std::unique_ptr<ContactSource> make_table_contacts(DynamoContacts& contacts,
                                                                 asio::any_io_executor executor);

}  // namespace clarion
