#include "store/consent_join.h"

#include <boost/unordered/unordered_flat_map.hpp>

#include <vector>

#include "audience/consent_merge.h"
#include "base/hash.h"
#include "store/consent_bytes.h"

namespace clarion {
namespace {

constexpr std::size_t parts = 512;

std::size_t part_of(std::uint64_t hash) {
  return hash % parts;
}

// Before an id and its consents.
struct SaidHead {
  std::uint16_t id_bytes;
  std::uint16_t consent_bytes;
  bool is_row;
};

struct Said {
  std::string id;
  PerChannel<Consent> consent;
  bool is_row = false;
};

// False at the end of the part.
bool read_said(SplitFile& file, std::size_t part, Said& said) {
  SaidHead head{};
  if (!file.read_value(part, head)) return false;
  said.id = file.read(part, head.id_bytes);
  said.consent = take_consents(file.read(part, head.consent_bytes));
  said.is_row = head.is_row;
  return true;
}

// Who is meant by what take_kept() tells, and in the last bit what that is.
std::uint64_t mark_kept(std::uint64_t hash, bool is_replaced) {
  return (hash & ~std::uint64_t{1}) | (is_replaced ? 1U : 0U);
}

}  // namespace

Result<ConsentJoin> ConsentJoin::create() {
  auto said = SplitFile::create({.parts = parts});
  if (!said) return std::unexpected(said.error());
  auto left = SplitFile::create({.parts = parts});
  if (!left) return std::unexpected(left.error());
  return ConsentJoin(std::move(*said), std::move(*left));
}

void ConsentJoin::add(const Contact& contact, bool is_row) {
  const std::size_t part = part_of(hash64(contact.id));
  record_.clear();
  append_consents(record_, contact.consent);
  said_.append_value(part, SaidHead{.id_bytes = static_cast<std::uint16_t>(contact.id.size()),
                                    .consent_bytes = static_cast<std::uint16_t>(record_.size()),
                                    .is_row = is_row});
  said_.append(part, contact.id);
  said_.append(part, record_);
  if (!is_row) ++untaken_kept_;
}

Result<ConsentJoin::Counts> ConsentJoin::join(WallTime now, ChangedConsents& changed) {
  Counts counts;
  for (std::size_t part = 0; part < parts; ++part) join_part(part, now, changed, counts);
  if (auto checked = said_.check(); !checked) return std::unexpected(checked.error());
  return counts;
}

void ConsentJoin::join_part(std::size_t part, WallTime now, ChangedConsents& changed, Counts& counts) {
  struct Known {
    PerChannel<Consent> consent;
    bool is_replaced = false;
  };
  boost::unordered_flat_map<std::string, Known> people;
  Said said;
  while (read_said(said_, part, said)) {
    if (!said.is_row) {
      people.insert_or_assign(said.id, Known{.consent = said.consent, .is_replaced = false});
      continue;
    }
    const auto [found, is_new] = people.try_emplace(said.id);
    if (!is_new) ++counts.replaced;
    MergedConsent merged = merge_consent(found->second.consent, said.consent, now);
    if (merged.is_opt_out_kept) ++counts.opt_outs_kept;
    if (merged.is_opt_in_kept) ++counts.opt_ins_kept;
    changed.add(said.id, found->second.consent, merged.consent);
    found->second = {.consent = std::move(merged.consent), .is_replaced = true};
  }

  said_.rewind(part);
  std::vector<std::uint64_t> kept;
  while (read_said(said_, part, said)) {
    const Known& known = people[said.id];
    if (!said.is_row) {
      kept.push_back(mark_kept(hash64(said.id), known.is_replaced));
      continue;
    }
    record_.clear();
    if (known.consent != said.consent) append_consents(record_, known.consent);
    left_.append_value(part, static_cast<std::uint16_t>(record_.size()));
    left_.append(part, record_);
  }
  for (const std::uint64_t mark : kept) left_.append_value(part, mark);
}

std::optional<PerChannel<Consent>> ConsentJoin::take_row(std::string_view id) {
  const std::size_t part = part_of(hash64(id));
  std::uint16_t consent_bytes = 0;
  if (!left_.read_value(part, consent_bytes) || consent_bytes == 0) return std::nullopt;
  return take_consents(left_.read(part, consent_bytes));
}

bool ConsentJoin::take_kept(std::string_view id) {
  const std::uint64_t hash = hash64(id);
  std::uint64_t mark = 0;
  if (!left_.read_value(part_of(hash), mark) || mark_kept(mark, false) != mark_kept(hash, false)) is_other_ = true;
  --untaken_kept_;
  return mark == mark_kept(hash, true);
}

Result<void> ConsentJoin::check_kept() const {
  if (auto checked = check(); !checked) return checked;
  if (!is_other_ && untaken_kept_ == 0) return {};
  return fail(ErrorKind::Conflict,
              "the contacts that are kept have changed while others were read; nothing was imported, try again");
}

}  // namespace clarion
