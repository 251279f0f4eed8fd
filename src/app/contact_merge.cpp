#include "app/contact_merge.h"

#include <utility>

namespace clarion {
namespace {

void hand_over(const Contact& contact, PerChannel<Consent> consent, const ContactMerge::Take& take) {
  if (consent == contact.consent) return take(contact);
  Contact merged = contact;
  merged.consent = std::move(consent);
  take(merged);
}

}  // namespace

Result<ContactMerge> ContactMerge::create(WallTime now) {
  auto known = KnownConsents::create();
  if (!known) return std::unexpected(known.error());
  auto changed = ChangedConsents::create();
  if (!changed) return std::unexpected(changed.error());
  return ContactMerge(now, std::move(*known), std::move(*changed));
}

Result<ImportSummary> ContactMerge::read(const std::filesystem::path& file, const ImportOptions& options,
                                         const Take& take) {
  if (auto checked = known_.check(); !checked) return std::unexpected(checked.error());
  const auto merge = [&](const Contact& contact) {
    KnownConsents::Merged merged = known_.merge(contact, now_);
    changed_.add(contact.id, merged.before, merged.consent);
    hand_over(contact, std::move(merged.consent), take);
    return merged.is_new;
  };
  auto summary = import_contacts(file, merge, options);
  if (!summary) return summary;
  if (auto checked = known_.check(); !checked) return std::unexpected(checked.error());
  if (!summary->stopped.empty()) return summary;
  summary->opt_outs_kept = known_.kept().opt_outs;
  summary->opt_ins_kept = known_.kept().opt_ins;
  return summary;
}

Result<void> ContactMerge::read_again(const std::filesystem::path& file, const ImportOptions& options,
                                      const Take& take) {
  const auto merge = [&](const Contact& contact) {
    hand_over(contact, known_.merge(contact, now_).consent, take);
    return true;
  };
  if (auto read = import_contacts(file, merge, options); !read) return std::unexpected(read.error());
  return known_.check();
}

}  // namespace clarion
