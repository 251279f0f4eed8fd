#pragma once
// ContactMerge: the half of an import that is the same wherever contacts are kept: who is there already, what consent
// each of them has afterwards, and what that changes.
//
// Memory   some MB whatever the size of the file (store/consent_join.h). What its rows say waits in a temporary file
//          until all of them are read: the last one may change what becomes of the first.

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

#include "base/result.h"
#include "domain/contact.h"
#include "store/changed_consents.h"
#include "store/consent_join.h"
#include "store/file_contact_source.h"
#include "store/split_file.h"

namespace clarion {

class ContactMerge {
 public:
  // `now` is when opt-outs without a date count from. The rows wait in `folder`, or where TMPDIR says.
  static Result<ContactMerge> create(WallTime now, const std::filesystem::path& folder = {});

  // Somebody who is there before the import; id and consent are enough.
  void add_kept(const Contact& contact) { consents_.add_kept(contact); }
  // Reads `file` to its end. Nothing may be kept when the summary says why it stopped. After a dry run there are no
  // rows to visit. REQUIRES: every add_kept() came before.
  Result<ImportSummary> read(const std::filesystem::path& file, const ImportOptions& options, bool is_dry_run);

  // `json`: the contact on one line, with the consent that audience/consent_merge.h leaves in the end.
  using Take = std::function<Result<void>(std::string_view id, std::string_view json)>;
  // Hands over each row of the file, in its order; ends with the first error of `take`. REQUIRES: read() went well.
  Result<void> visit(const Take& take);
  // Whether the import replaces the next one who was there, in the order of add_kept(). REQUIRES: visit() went well.
  bool take_kept(const Contact& contact) { return consents_.take_kept(contact.id); }
  // After the last take_kept(): see ConsentJoin.
  [[nodiscard]] Result<void> check_kept() const { return consents_.check_kept(); }

  // What read() changed of consents: see ChangedConsents::visit. An import writes it before the contacts: when one
  // fails behind it, it is made again, and then nothing of it is missing.
  [[nodiscard]] ChangedConsents& changed() { return changed_; }
  [[nodiscard]] WallTime now() const { return now_; }

 private:
  ContactMerge(WallTime now, ConsentJoin consents, ChangedConsents changed, SplitFile rows)
      : now_(now), consents_(std::move(consents)), changed_(std::move(changed)), rows_(std::move(rows)) {}
  void set_aside(const Contact& contact);
  // Errors of the temporary files.
  [[nodiscard]] Result<void> check() const;

  WallTime now_;
  ConsentJoin consents_;
  ChangedConsents changed_;
  SplitFile rows_;  // of one part
  std::string json_;
};

}  // namespace clarion
