#pragma once
// Vetting: whether what was planned may still be sent. Between a plan and somebody's turn lie minutes, or days; who has
// told us to stop meanwhile, by an event, an import or through the operator, is not written to.
//
// Rule     as in planning a list: an opt-out of the contact, or of anybody at the same address unless it is the
//          contact's own and they opted in; a suppression of the address.
// Threads  any.

#include <functional>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "audience/contact_table.h"
#include "ports/delivery_store.h"
#include "ports/suppression_store.h"

namespace clarion {

class Vetting {
 public:
  struct Deps {
    SuppressionStore& suppressions;
    std::function<std::shared_ptr<const ContactTable>()> contacts;  // as they are now
  };
  explicit Vetting(Deps deps) : deps_(std::move(deps)) {}

  // Why each must not be sent any more: the code of a Rule, or empty. Unavailable: nobody can say.
  Task<Result<std::vector<std::string_view>>> find_objections(Channel channel,
                                                              std::span<const ClaimedDelivery> claimed) const;

 private:
  Deps deps_;
};

}  // namespace clarion
