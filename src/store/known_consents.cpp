#include "store/known_consents.h"

#include "base/hash.h"
#include "store/consent_bytes.h"

namespace clarion {
namespace {

// Of contacts without any consent on record, who are many, nothing is written.
constexpr std::uint64_t nowhere = (std::uint64_t{1} << 63U) - 1;
// The longest record: per channel a head and a source as long as the reader allows, with room to spare.
constexpr std::size_t most_record_bytes = 4096;

}  // namespace

Result<KnownConsents> KnownConsents::create() {
  auto file = TemporaryFile::create();
  if (!file) return std::unexpected(file.error());
  return KnownConsents(std::move(*file));
}

KnownConsents::IdHash KnownConsents::hash_of(const Contact& contact) {
  return {hash64(contact.id, 1), hash64(contact.id, 2)};
}

void KnownConsents::add(const Contact& contact) {
  places_.insert_or_assign(hash_of(contact), write(contact.consent, false));
}

KnownConsents::Merged KnownConsents::merge(const Contact& contact, WallTime now) {
  const auto [found, is_new] = places_.try_emplace(hash_of(contact), Place{nowhere, 1});
  PerChannel<Consent> before;
  if (!is_new) before = read(found->second);
  MergedConsent merged = merge_consent(before, contact.consent, now);
  found->second = write(merged.consent, true);
  if (merged.is_opt_out_kept) ++kept_.opt_outs;
  if (merged.is_opt_in_kept) ++kept_.opt_ins;
  return {.is_new = is_new, .before = std::move(before), .consent = std::move(merged.consent)};
}

bool KnownConsents::is_merged(const Contact& contact) const {
  const auto found = places_.find(hash_of(contact));
  return found != places_.end() && found->second.is_merged == 1;
}

KnownConsents::Place KnownConsents::write(const PerChannel<Consent>& consent, bool is_merged) {
  const std::uint64_t is_from_merge = is_merged ? 1 : 0;
  if (consent == PerChannel<Consent>{}) return {nowhere, is_from_merge};
  record_.clear();
  for (const Channel channel : all_channels) append_consent(record_, consent[channel]);
  return {file_.append(record_), is_from_merge};
}

PerChannel<Consent> KnownConsents::read(Place place) {
  PerChannel<Consent> consent;
  if (place.offset == nowhere) return consent;
  const std::string bytes = file_.read(place.offset, most_record_bytes);
  std::string_view rest(bytes);
  for (const Channel channel : all_channels) {
    if (!take_consent(rest, consent[channel])) break;
  }
  return consent;
}

}  // namespace clarion
