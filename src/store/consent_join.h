#pragma once
// ConsentJoin: who is there already when an import ends, and what consent each of them has then.
//
// Algorithm  a hash join in parts (Kitsuregawa, Tanaka, Moto-oka, "Application of hash to data base machine and its
//            architecture", 1983): what is said of people is set aside by the hash of their ids, then one part after
//            the other is joined in memory.
// Memory     some MB, and a 512th of all ids and consents. They lie in files without a name, which end with this
//            object and hold no address.
// Errors     those of TemporaryFile, told by join() and check(). After one nothing that was told may be kept.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/clock.h"
#include "base/result.h"
#include "domain/contact.h"
#include "store/changed_consents.h"
#include "store/split_file.h"

namespace clarion {

class ConsentJoin {
 public:
  static Result<ConsentJoin> create();

  // Somebody who was there before the import.
  void add_kept(const Contact& contact) { add(contact, false); }
  // A contact of the import. REQUIRES: no add_kept() follows.
  void add_row(const Contact& contact) { add(contact, true); }

  // What the rows do by audience/consent_merge.h, one after the other.
  struct Counts {
    std::int64_t replaced = 0;  // rows of whom there was somebody, before the import or in the rows so far
    // Rows that left a consent as it was, against what they say.
    std::int64_t opt_outs_kept = 0;
    std::int64_t opt_ins_kept = 0;
  };
  // Decides, and adds to `changed` what each row changes. Opt-outs without a date count from `now`. Call once, when
  // everybody was added.
  Result<Counts> join(WallTime now, ChangedConsents& changed);

  // The consent that is left in the end to whom the next row is about, in the order of add_row(); nullopt where the row
  // says just that. REQUIRES: join() went well.
  std::optional<PerChannel<Consent>> take_row(std::string_view id);
  // Whether a row replaces the next one who was there, in the order of add_kept(). REQUIRES: every row was taken.
  bool take_kept(std::string_view id);
  // After the last take_kept(): Conflict when those who were taken are not those who were added.
  [[nodiscard]] Result<void> check_kept() const;
  [[nodiscard]] Result<void> check() const { return left_.check(); }

 private:
  ConsentJoin(SplitFile said, SplitFile left) : said_(std::move(said)), left_(std::move(left)) {}
  void add(const Contact& contact, bool is_row);
  void join_part(std::size_t part, WallTime now, ChangedConsents& changed, Counts& counts);

  SplitFile said_;  // everybody who was added
  SplitFile left_;  // of each part what take_row() tells, then what take_kept() tells
  std::string record_;
  std::int64_t untaken_kept_ = 0;
  bool is_other_ = false;  // somebody was taken who was not next
};

}  // namespace clarion
