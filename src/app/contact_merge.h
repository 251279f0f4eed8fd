#pragma once
// ContactMerge: the half of an import that is the same wherever contacts are kept: who is there already, what consent
// each of them has afterwards, and what that changes.
//
// Memory   24 bytes a contact, 16 for one whose consent changes; the contacts themselves stream through.

#include <filesystem>
#include <functional>
#include <vector>

#include "base/result.h"
#include "domain/contact.h"
#include "ports/consent_log.h"
#include "store/changed_consents.h"
#include "store/file_contact_source.h"
#include "store/known_consents.h"

namespace clarion {

class ContactMerge {
 public:
  // `now` is when opt-outs without a date count from.
  static Result<ContactMerge> create(WallTime now);

  // Somebody who is there before the import; id and consent are enough.
  void add_kept(const Contact& contact) { known_.add(contact); }
  // Whether the import brought whoever has this id.
  [[nodiscard]] bool is_merged(const Contact& contact) const { return known_.is_merged(contact); }

  using Take = std::function<void(const Contact&)>;
  // Reads `file` to its end and hands over each contact as it is to be kept: with the consent that
  // audience/consent_merge.h leaves. Nothing may be kept when the summary says why it stopped. REQUIRES: every
  // add_kept() came before.
  Result<ImportSummary> read(const std::filesystem::path& file, const ImportOptions& options, const Take& take);
  // The same once more, of a file that was read to its end: now every consent is the last one.
  Result<void> read_again(const std::filesystem::path& file, const ImportOptions& options, const Take& take);
  // What read() changed of consents: see ChangedConsents::visit. An import writes it before the contacts: when one
  // fails behind it, it is made again, and then nothing of it is missing.
  [[nodiscard]] ChangedConsents& changed() { return changed_; }
  [[nodiscard]] WallTime now() const { return now_; }

 private:
  ContactMerge(WallTime now, KnownConsents known, ChangedConsents changed)
      : now_(now), known_(std::move(known)), changed_(std::move(changed)) {}

  WallTime now_;
  KnownConsents known_;
  ChangedConsents changed_;
};

}  // namespace clarion
