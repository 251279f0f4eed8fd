#include "engine/vetting.h"

#include <string>
#include <utility>

#include "decision/contact_history.h"
#include "decision/exclusion.h"

namespace clarion {
namespace {

bool has_opted_out(const ContactTable& contacts, Channel channel, const ClaimedDelivery& claimed) {
  const auto known = contacts.find(claimed.contact_id);
  const ConsentState consent = known ? contacts.consent(*known, channel) : ConsentState::Unknown;
  if (consent == ConsentState::OptedOut) return true;
  const Field address = channel == Channel::Email ? Field::Email : Field::Phone;
  const bool is_own = known && contacts.text(*known, address) == claimed.destination;
  if (is_own && consent == ConsentState::OptedIn) return false;
  return contacts.find_opted_out(channel, claimed.destination).has_value();
}

}  // namespace

Task<Result<std::vector<std::string_view>>> Vetting::find_objections(Channel channel,
                                                                     std::span<const ClaimedDelivery> claimed) const {
  const std::shared_ptr<const ContactTable> contacts = deps_.contacts();
  std::vector<std::string_view> objections(claimed.size());
  std::vector<std::string> addresses;
  addresses.reserve(claimed.size());
  for (std::size_t i = 0; i < claimed.size(); ++i) {
    if (has_opted_out(*contacts, channel, claimed[i])) {
      objections[i] = to_string(Rule::OptedOut);
    } else {
      addresses.push_back(claimed[i].destination);
    }
  }
  const auto found = co_await deps_.suppressions.find(channel, std::move(addresses));
  if (!found) co_return std::unexpected(found.error());
  if (found->empty()) co_return objections;
  SuppressionSet suppressed;
  for (const Suppression& one : *found) suppressed.add(one.channel, one.address, one.reason);
  for (std::size_t i = 0; i < claimed.size(); ++i) {
    if (objections[i].empty() && suppressed.find(channel, claimed[i].destination)) {
      objections[i] = to_string(Rule::Suppressed);
    }
  }
  co_return objections;
}

}  // namespace clarion
