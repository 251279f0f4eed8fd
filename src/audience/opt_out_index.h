#pragma once
// OptOutIndex: who opted out of a channel at an address, whatever id a list gives them.
//
// Memory     8 bytes for every contact and channel that is opted out and has an address; nothing for the others.
// Algorithm  sorted words of hash and row, found by halving; the address itself is compared in the columns.

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "audience/contact_columns.h"
#include "domain/channel.h"

namespace clarion {

class OptOutIndex {
 public:
  explicit OptOutIndex(const ContactColumns& columns);
  // `columns` are those it was made from; `address` in its normal form, in any case of letters.
  [[nodiscard]] std::optional<RowIndex> find(const ContactColumns& columns, Channel channel,
                                             std::string_view address) const;

 private:
  PerChannel<std::vector<std::uint64_t>> entries_;  // upper 32 bits of the address's hash, then the row
};

}  // namespace clarion
