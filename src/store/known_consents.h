#pragma once
// KnownConsents: which contacts there are while an import goes on, and what consent they gave.
//
// Memory   24 bytes a contact. What they consented to lies in a file without a name, which ends with this object; it
//          holds no id and no address.
// Errors   those of TemporaryFile. After one nothing that merge() said may be kept.

#include <boost/unordered/unordered_flat_map.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "audience/consent_merge.h"
#include "base/result.h"
#include "store/temporary_file.h"

namespace clarion {

class KnownConsents {
 public:
  static Result<KnownConsents> create();

  // A contact that was there before the import.
  void add(const Contact& contact);
  struct Merged {
    bool is_new = false;  // there was no contact with this id, neither before nor in the rows so far
    PerChannel<Consent> before;
    PerChannel<Consent> consent;
  };
  // A contact of the import; its consent after merge_consent() with what is known, which is known from now on.
  Merged merge(const Contact& contact, WallTime now);
  // Whether merge() has seen its id.
  [[nodiscard]] bool is_merged(const Contact& contact) const;
  // How many merges so far left a consent as it was, against what the row says.
  struct Kept {
    std::int64_t opt_outs = 0;
    std::int64_t opt_ins = 0;
  };
  [[nodiscard]] const Kept& kept() const { return kept_; }
  [[nodiscard]] bool is_empty() const { return places_.empty(); }
  [[nodiscard]] Result<void> check() const { return file_.check(); }

 private:
  // 128 bits of an id: among ten million the chance that two collide is below 10^-24.
  using IdHash = std::pair<std::uint64_t, std::uint64_t>;
  struct KeepLow {
    std::size_t operator()(const IdHash& id) const { return id.first; }
  };
  // Where a consent lies in the file, and whether merge() put it there.
  struct Place {
    std::uint64_t offset : 63;
    std::uint64_t is_merged : 1;
  };

  explicit KnownConsents(TemporaryFile file) : file_(std::move(file)) {}
  [[nodiscard]] static IdHash hash_of(const Contact& contact);
  Place write(const PerChannel<Consent>& consent, bool is_merged);
  [[nodiscard]] PerChannel<Consent> read(Place place);

  TemporaryFile file_;
  std::string record_;
  Kept kept_;
  boost::unordered_flat_map<IdHash, Place, KeepLow> places_;
};

}  // namespace clarion
