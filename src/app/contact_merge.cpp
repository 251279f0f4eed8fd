#include "app/contact_merge.h"

#include "audience/contact_json.h"

namespace clarion {
namespace {

constexpr std::size_t block_bytes = std::size_t{256} * 1024;

// Before an id and its contact as JSON.
struct RowHead {
  std::size_t id_bytes;
  std::size_t json_bytes;
  ConsentPlace consent;
};

}  // namespace

Result<ContactMerge> ContactMerge::create(WallTime now, const std::filesystem::path& folder) {
  auto consents = ConsentJoin::create();
  if (!consents) return std::unexpected(consents.error());
  auto changed = ChangedConsents::create();
  if (!changed) return std::unexpected(changed.error());
  auto rows = SplitFile::create({.parts = 1, .block_bytes = block_bytes}, folder);
  if (!rows) return std::unexpected(rows.error());
  return ContactMerge(now, std::move(*consents), std::move(*changed), std::move(*rows));
}

Result<ImportSummary> ContactMerge::read(const std::filesystem::path& file, const ImportOptions& options,
                                         bool is_dry_run) {
  const auto take = [&](const Contact& contact) {
    consents_.add_row(contact);
    if (!is_dry_run) set_aside(contact);
    return true;  // who is new is known when all are read
  };
  auto summary = import_contacts(file, take, options);
  if (!summary || !summary->stopped.empty()) return summary;
  const auto counts = consents_.join(now_, changed_);
  if (!counts) return std::unexpected(counts.error());
  summary->imported -= counts->replaced;
  summary->replaced += counts->replaced;
  summary->opt_outs_kept = counts->opt_outs_kept;
  summary->opt_ins_kept = counts->opt_ins_kept;
  return summary;
}

void ContactMerge::set_aside(const Contact& contact) {
  json_.clear();
  const ConsentPlace consent = write_contact_json(contact, json_);
  rows_.append_value(0, RowHead{.id_bytes = contact.id.size(), .json_bytes = json_.size(), .consent = consent});
  rows_.append(0, contact.id);
  rows_.append(0, json_);
}

Result<void> ContactMerge::visit(const Take& take) {
  RowHead head{};
  std::string id;
  while (rows_.read_value(0, head)) {
    id = rows_.read(0, head.id_bytes);
    json_ = rows_.read(0, head.json_bytes);
    const auto consent = consents_.take_row(id);
    if (auto checked = check(); !checked) return checked;
    if (consent) replace_consent(json_, head.consent, *consent);
    if (auto taken = take(id, json_); !taken) return taken;
  }
  return check();
}

Result<void> ContactMerge::check() const {
  if (auto checked = rows_.check(); !checked) return checked;
  return consents_.check();
}

}  // namespace clarion
