#include "audience/kept_contact.h"

#include <algorithm>

#include "audience/address_rules.h"

namespace clarion {

Result<const Contact*> KeptContactReader::read(std::string_view json, std::size_t padded_bytes) {
  draft_.clear();
  if (!parser_.read_kept(json, padded_bytes, draft_)) return fail(ErrorKind::Invalid, draft_.error().reason);
  if (draft_.contact().id.empty()) return fail(ErrorKind::Invalid, "id is missing");
  return &draft_.contact();
}

const Contact* KeptContactReader::read_opted_out(std::string_view json, std::size_t padded_bytes) {
  draft_.clear();
  if (!parser_.read_kept(json, padded_bytes, draft_, true)) return nullptr;
  Contact& contact = draft_.contact();
  const auto is_out = [&contact](Channel channel) { return contact.consent[channel].state == ConsentState::OptedOut; };
  if (contact.id.empty() || !std::ranges::any_of(all_channels, is_out)) return nullptr;
  for (const Channel channel : all_channels) {
    if (!is_out(channel)) contact.consent[channel] = {};
  }
  // Stored numbers are E.164, so that no country is needed to read them.
  const bool has_phone = is_out(Channel::Sms) || is_out(Channel::WhatsApp);
  contact.phone = has_phone ? read_phone(contact.phone, {}).value_or("") : "";
  contact.email = is_out(Channel::Email) ? read_email(contact.email).value_or("") : "";
  return &contact;
}

}  // namespace clarion
